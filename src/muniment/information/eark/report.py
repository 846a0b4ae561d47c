"""What a check of an E-ARK package says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from muniment.information.dublin_core import DublinCore
from muniment.information.premis import Identifier
from muniment.runtime.findings import Finding, has_errors


class PackageKind(StrEnum):
    """What a package claims to be; GENERIC is a CSIP package of another kind."""

    SIP = "sip"
    AIP = "aip"
    GENERIC = "csip"


@dataclass(frozen=True, slots=True)
class DeclaredFile:
    """What a METS document says of a file; `algorithm` is the name that METS gives."""

    document: str
    size_bytes: int | None
    algorithm: str
    digest: str
    mime_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EarkReport:
    """Every finding, and what ingest takes from the package.

    `folder` is the package's folder below the root that was checked, "" or `<name>/`; paths of
    `declared` and of findings begin with it. `identifiers` are outside identifiers of the object.
    `representations` are folder names in order; `descriptions` are the paths, from that root, of
    what the root METS names as descriptive metadata besides Dublin Core.
    """

    kind: PackageKind
    folder: str
    findings: tuple[Finding, ...]
    identifiers: tuple[Identifier, ...] = ()
    title: str = ""
    dublin_core: DublinCore = DublinCore()  # noqa: RUF009  # frozen and empty
    descriptions: tuple[str, ...] = ()
    declared: Mapping[str, DeclaredFile]
    representations: tuple[str, ...] = ()

    @property
    def is_valid(self) -> bool:
        """Say whether nothing refuses the package."""
        return not has_errors(self.findings)
