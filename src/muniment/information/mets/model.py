"""The parts of a METS document, in the order in which they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

METS_NAMESPACE = "http://www.loc.gov/METS/"
XLINK_NAMESPACE = "http://www.w3.org/1999/xlink"
CSIP_NAMESPACE = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
SIP_NAMESPACE = "https://DILCIS.eu/XML/METS/SIPExtensionMETS"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetsRoot:
    """The root element. CSIP1 to CSIP6."""

    object_id: str
    label: str = ""
    type: str = ""
    other_type: str = ""
    content_information_type: str = ""
    other_content_information_type: str = ""
    profile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetsAgent:
    """An agent of the header; `notes` are (text, csip:NOTETYPE). CSIP10 to CSIP16."""

    role: str
    type: str
    other_type: str = ""
    other_role: str = ""
    name: str = ""
    notes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AlternativeRecordId:
    """Another identifier of the package, such as a submission agreement. SIP5 to SIP8."""

    value: str
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetsHeader:
    """`metsHdr`. CSIP117, CSIP7 to CSIP9."""

    created_at: str
    modified_at: str = ""
    record_status: str = ""
    package_type: str = ""
    agents: tuple[MetsAgent, ...] = ()
    alternative_ids: tuple[AlternativeRecordId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetadataReference:
    """One metadata section; `section` is dmdSec, techMD, rightsMD, sourceMD or digiprovMD.

    `href` and what follows it are those of its mdRef, "" and None when the metadata is wrapped
    inside (`is_reference` false). CSIP17 to CSIP57.
    """

    section: str
    id: str
    created_at: str = ""
    status: str = ""
    is_reference: bool = True
    href: str = ""
    locator_type: str = ""
    link_type: str = ""
    metadata_type: str = ""
    other_metadata_type: str = ""
    metadata_version: str = ""
    mime_type: str = ""
    size_bytes: int | None = None
    referenced_at: str = ""
    checksum: str = ""
    checksum_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGroup:
    """The start of a `fileGrp`; `depth` is 0 for those in the file section. CSIP60 to CSIP65."""

    id: str
    use: str
    content_information_type: str = ""
    other_content_information_type: str = ""
    administrative_ids: tuple[str, ...] = ()
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MetsFile:
    """A `file` with its first FLocat. CSIP67 to CSIP79.

    `locator_count` is the number of its FLocat: CSIP wants one.
    """

    id: str
    href: str
    mime_type: str = ""
    size_bytes: int | None = None
    created_at: str = ""
    checksum: str = ""
    checksum_type: str = ""
    owner_id: str = ""
    administrative_ids: tuple[str, ...] = ()
    descriptive_ids: tuple[str, ...] = ()
    use: str = ""
    locator_type: str = ""
    link_type: str = ""
    locator_count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StructuralMap:
    """The start of a `structMap`. CSIP80 to CSIP83."""

    id: str
    type: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """The start of a `div`; `depth` is 0 for the main one. CSIP84 to CSIP107."""

    id: str
    label: str = ""
    type: str = ""
    descriptive_ids: tuple[str, ...] = ()
    administrative_ids: tuple[str, ...] = ()
    content_ids: tuple[str, ...] = ()
    depth: int = 0


@dataclass(frozen=True, slots=True)
class FilePointer:
    """An `fptr` of the division before it: the ID of a file or, in CSIP, of a file group."""

    file_id: str
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MetsPointer:
    """An `mptr` of the division before it: where another METS document is. CSIP109 to CSIP112."""

    href: str
    title: str = ""
    locator_type: str = ""
    link_type: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class SectionEnd:
    """The end of a `fileGrp`, `structMap` or `div`: its local name."""

    name: str


@dataclass(frozen=True, slots=True)
class SectionStart:
    """The start of the `amdSec` or `fileSec`, with its ID. CSIP59."""

    name: str
    id: str


MetsPart: TypeAlias = (
    MetsRoot
    | MetsHeader
    | MetadataReference
    | FileGroup
    | MetsFile
    | StructuralMap
    | Division
    | FilePointer
    | MetsPointer
    | SectionStart
    | SectionEnd
)
