"""Metadata sections, file groups and files. CSIP17 to CSIP79, CSIP113, CSIP114."""

from __future__ import annotations

from typing import NamedTuple

from muniment.information.eark.notes import Notes
from muniment.information.eark.vocabularies import (
    CHECKSUM_TYPES,
    CONTENT_INFORMATION_TYPES,
    METADATA_TYPES,
    STATUSES,
    is_media_type,
)
from muniment.information.mets import FileGroup, MetadataReference, MetsFile


class _Codes(NamedTuple):
    """The requirements of one kind of section; `first` is that of its mdRef/@LOCTYPE."""

    id: str
    created: str
    status: str
    reference: str
    first: int


_SECTIONS = {
    "dmdSec": _Codes("CSIP18", "CSIP19", "CSIP20", "CSIP21", 22),
    "digiprovMD": _Codes("CSIP33", "", "CSIP34", "CSIP35", 36),
    "rightsMD": _Codes("CSIP46", "", "CSIP47", "CSIP48", 49),
}


def check_metadata(reference: MetadataReference, notes: Notes) -> None:
    """Check one metadata section and its mdRef; CSIP asks nothing of techMD and sourceMD."""
    codes = _SECTIONS.get(reference.section)
    if codes is None:
        return
    at = f"{reference.section} {reference.id}".strip()
    notes.require(reference.id, codes.id, at)
    if codes.created:
        notes.require(reference.created_at, codes.created, at)
    notes.require(reference.status in STATUSES, codes.status, at, found=reference.status)
    notes.require(reference.is_reference, codes.reference, at)
    if reference.is_reference:
        _check_reference(reference, codes.first, at, notes)


def _check_reference(reference: MetadataReference, first: int, at: str, notes: Notes) -> None:
    conditions = (
        reference.locator_type == "URL",
        reference.link_type == "simple",
        reference.href,
        reference.metadata_type in METADATA_TYPES,
        is_media_type(reference.mime_type),
        reference.size_bytes is not None,
        reference.referenced_at,
        reference.checksum,
        reference.checksum_type in CHECKSUM_TYPES,
    )
    for number, condition in enumerate(conditions, start=first):
        if not condition:
            notes.add(f"CSIP{number}", at)


def check_file_group(group: FileGroup, notes: Notes) -> None:
    """Check the attributes of a file group."""
    at = f"fileGrp {group.id or group.use}".strip()
    information_type = group.content_information_type
    if group.use.startswith("Representations"):
        notes.require(information_type in CONTENT_INFORMATION_TYPES, "CSIP62", at)
    notes.require(information_type != "OTHER" or group.other_content_information_type, "CSIP63", at)
    notes.require(group.use, "CSIP64", at)
    notes.require(group.id, "CSIP65", at)


def check_file(file: MetsFile, notes: Notes) -> None:
    """Check one file entry and its locator; builds nothing when all is well."""
    if (
        file.id
        and is_media_type(file.mime_type)
        and file.size_bytes is not None
        and file.created_at
        and file.checksum
        and file.checksum_type in CHECKSUM_TYPES
        and file.locator_count == 1
        and file.locator_type == "URL"
        and file.link_type == "simple"
        and file.href
    ):
        return
    _explain(file, notes)


def _explain(file: MetsFile, notes: Notes) -> None:
    at = f"file {file.id or file.href}".strip()
    notes.require(file.id, "CSIP67", at)
    notes.require(is_media_type(file.mime_type), "CSIP68", at, found=file.mime_type)
    notes.require(file.size_bytes is not None, "CSIP69", at)
    notes.require(file.created_at, "CSIP70", at)
    notes.require(file.checksum, "CSIP71", at)
    notes.require(file.checksum_type in CHECKSUM_TYPES, "CSIP72", at, found=file.checksum_type)
    notes.require(file.locator_count == 1, "CSIP76", at, found=str(file.locator_count))
    if file.locator_count:
        notes.require(file.locator_type == "URL", "CSIP77", at, found=file.locator_type)
        notes.require(file.link_type == "simple", "CSIP78", at, found=file.link_type)
        notes.require(file.href, "CSIP79", at)
