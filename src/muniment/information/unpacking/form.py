"""Tells by its content what came: a folder, an archive of packages, or a single file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

from muniment.information.unpacking.faults import BadArchive
from muniment.information.unpacking.report import SourceForm
from muniment.information.unpacking.streams import ForwardStream
from muniment.information.unpacking.tar_header import BLOCK_BYTES, MAGIC_AT, parse_header
from muniment.information.unpacking.zip_directory import read_directory
from muniment.information.unpacking.zip_end import find_directory

_COMPRESSIONS = (
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
_TAR_FORMS = {
    "": SourceForm.TAR,
    "gz": SourceForm.TAR_GZ,
    "bz2": SourceForm.TAR_BZ2,
    "xz": SourceForm.TAR_XZ,
    "zst": SourceForm.TAR_ZST,
}
COMPRESSION_OF = {form: compression for compression, form in _TAR_FORMS.items()}

# A document that happens to be a ZIP is content: OOXML, ODF and EPUB, Java, Android, KMZ.
_DOCUMENT_MEMBERS = {
    b"[Content_Types].xml",
    b"mimetype",
    b"META-INF/MANIFEST.MF",
    b"META-INF/container.xml",
    b"AndroidManifest.xml",
    b"doc.kml",
}
MAX_MEMBERS_LOOKED_AT = 2_000
_TAR_NAME = re.compile(r"\.(tar(\.\w+)?|t(gz|bz2?|xz|zst))$", re.IGNORECASE)


def form_of(source: Path) -> SourceForm:
    """Say what `source` is. Reads its first bytes, or the directory of a ZIP. Raises OSError."""
    if source.is_dir():
        return SourceForm.FOLDER
    if not source.is_file():
        return SourceForm.FILE
    with source.open("rb") as stream:
        head = stream.read(8)
        if head.startswith((b"PK\3\4", b"PK\5\6")):
            is_document = _is_zipped_document(stream.fileno())
            return SourceForm.FILE if is_document else SourceForm.ZIP
        compression = next((c for magic, c in _COMPRESSIONS if head.startswith(magic)), "")
        stream.seek(0)
        is_tar = _is_tar(stream, compression)
        if is_tar is None:
            # Too broken to tell: then the name says whether the producer meant a package.
            is_tar = bool(head) and _TAR_NAME.search(source.name) is not None
        return _TAR_FORMS[compression] if is_tar else SourceForm.FILE


def _is_zipped_document(descriptor: int) -> bool:
    try:
        entries = read_directory(descriptor, find_directory(descriptor))
        for _, entry in zip(range(MAX_MEMBERS_LOOKED_AT), entries, strict=False):
            if entry.name in _DOCUMENT_MEMBERS:
                return True
    except BadArchive:
        return False  # a broken archive is reported as an archive
    return False


def _is_tar(stream: BinaryIO, compression: str) -> bool | None:
    """Say whether it begins as a tar does; None when so little of it cannot be read."""
    try:
        header = ForwardStream(stream, compression).read_header(BLOCK_BYTES)
    except BadArchive:
        return None
    if compression and not header.strip(b"\0"):
        return True  # an empty archive
    try:
        parse_header(header)
    except BadArchive:
        return header.startswith(b"ustar", MAGIC_AT)  # a tar that is damaged right here
    return True
