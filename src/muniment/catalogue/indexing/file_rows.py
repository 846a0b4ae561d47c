"""Rows of files, from what PREMIS says of them."""

from __future__ import annotations

from typing import Any

from muniment.catalogue.indexing.names import as_uuid
from muniment.information.aip import DescribedFile
from muniment.runtime.errors import CorruptObject

DESCRIBED = (
    "file_id", "path", "original_name", "size_bytes", "sha512", "sha256", "digests", "puid",
    "format_name", "format_version", "mime_type", "basis", "warnings", "validity", "properties",
    "modified_at",
)  # fmt: skip
"""Columns that PREMIS fills; when one of them changes, a new interval begins."""

COLUMNS = ("entity_id", "representation_id", "first_version", "folder", *DESCRIBED)

FileRow = tuple[Any, ...]  # Any: the values of DESCRIBED, of several types

_OWN_COLUMNS = frozenset({"sha512", "sha256"})


def file_row(file: DescribedFile) -> FileRow:
    """Return the values of DESCRIBED. Raises CorruptObject for what we never wrote: no SHA-512."""
    digests = file.digests
    try:
        sha512 = bytes.fromhex(digests["sha512"])
        sha256 = bytes.fromhex(digests["sha256"]) if "sha256" in digests else None
    except (KeyError, ValueError) as exc:
        raise CorruptObject(
            f"premis.xml gives no usable SHA-512 for {file.path!r}; restore it from another copy"
        ) from exc
    others = {name: value for name, value in digests.items() if name not in _OWN_COLUMNS}
    return (
        as_uuid("", file.file_id),
        file.path,
        file.original_name,
        file.size_bytes,
        sha512,
        sha256,
        others,
        file.puid,
        file.format_name,
        file.format_version,
        file.mime_type,
        file.basis,
        list(file.warnings),
        file.validity,
        dict(file.properties),
        file.modified_at,
    )
