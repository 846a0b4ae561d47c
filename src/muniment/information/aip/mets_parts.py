"""The parts of METS that root and representations share. CSIP 2.2, E-ARK AIP 2.2."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.information.aip.model import AipDescription, WrittenFile
from muniment.information.mets import (
    Division,
    FileGroup,
    FilePointer,
    MetadataReference,
    MetsAgent,
    MetsFile,
    MetsHeader,
    MetsPart,
    MetsRoot,
    SectionEnd,
    href_of,
)

PROFILE = "https://earkdip.dilcis.eu/profile/E-ARK-AIP-v2-2-0.xml"
"""AIPM2 fixes this very text."""

UNSPECIFIED = "unspecified"
OCTETS = "application/octet-stream"
XML = "application/xml"


def time_of(description: AipDescription) -> str:
    """Return the time of the version as xs:dateTime."""
    return description.created_at.isoformat(timespec="seconds").replace("+00:00", "Z")


def root_of(description: AipDescription, object_id: str, label: str) -> MetsRoot:
    """Return the root element of a METS document of this version."""
    return MetsRoot(
        object_id=object_id,
        label=label,
        type=description.content_category,
        other_type=description.other_content_category,
        content_information_type="OTHER",
        other_content_information_type=UNSPECIFIED,
        profile=PROFILE,
    )


def header_of(description: AipDescription) -> MetsHeader:
    """Return the header: which software made the package, and when."""
    at = time_of(description)
    agent = MetsAgent(
        role="CREATOR",
        type="OTHER",
        other_type="SOFTWARE",
        name="Muniment",
        notes=((description.software_version, "SOFTWARE VERSION"),),
    )
    return MetsHeader(created_at=at, modified_at=at, package_type="AIP", agents=(agent,))


def metadata_of(
    section: str, section_id: str, file: WrittenFile, href: str, at: str
) -> MetadataReference:
    """Return the section that points to a metadata file; Dublin Core or PREMIS by its section."""
    is_premis = section == "digiprovMD"
    return MetadataReference(
        section=section,
        id=section_id,
        created_at=at,
        status="CURRENT",
        href=href_of(href),
        metadata_type="PREMIS" if is_premis else "DC",
        metadata_version="3.0" if is_premis else "",
        mime_type=XML,
        size_bytes=file.size_bytes,
        referenced_at=at,
        checksum=file.digests["sha512"],
        checksum_type="SHA-512",
    )


def group(group_id: str, use: str) -> FileGroup:
    """Return the start of a file group.

    CSIP says that CONTENTINFORMATIONTYPE may stand here; eark-validator 1.1.3 demands it.
    """
    return FileGroup(
        id=group_id,
        use=use,
        content_information_type="OTHER",
        other_content_information_type=UNSPECIFIED,
    )


def file_of(file: WrittenFile, file_id: str, mime_type: str, at: str) -> MetsFile:
    """Return the entry of a file that we wrote, by its path from the package's root."""
    return MetsFile(
        id=file_id,
        href=href_of(file.logical_path),
        mime_type=mime_type,
        size_bytes=file.size_bytes,
        created_at=at,
        checksum=file.digests["sha512"],
        checksum_type="SHA-512",
    )


def division(label: str, division_id: str, *group_ids: str) -> Iterator[MetsPart]:
    """Yield a division that points to file groups."""
    yield Division(id=division_id, label=label, depth=1)
    for group_id in group_ids:
        yield FilePointer(group_id, 1)
    yield SectionEnd("div")
