"""Families of formats: one module each, which opens a file once and tells all that it sees.

Each has `examine(request) -> Examination`. It may raise anything: the examiner tells of that file
that its check broke down, and goes on with the next.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module

from muniment.formats.types import Examination, ExaminationRequest

Family = Callable[[ExaminationRequest], Examination]

_BY_MIME = {
    "image/jpeg": "images",
    "image/png": "images",
    "image/gif": "images",
    "image/tiff": "images",
    "image/bmp": "images",
    "image/webp": "images",
    "image/jp2": "jpeg2000",
    "image/jpx": "jpeg2000",
    "image/jph": "jpeg2000",
    "application/pdf": "pdf",
    "application/zip": "zip_archive",
    "application/x-tar": "tar_archive",
    "application/gzip": "gzip_archive",
    "message/rfc822": "email_message",
    "application/mbox": "mailbox_file",
    "application/warc": "web_archive",
    "application/msword": "ole_document",
    "application/vnd.ms-excel": "ole_document",
    "application/vnd.ms-powerpoint": "ole_document",
    "application/vnd.ms-outlook": "ole_document",
    "text/csv": "delimited_text",
    "text/tab-separated-values": "delimited_text",
    "application/json": "plain_text",
    "application/xml": "xml_document",
    "text/xml": "xml_document",
    "image/svg+xml": "xml_document",
    "application/xhtml+xml": "xml_document",
}
_BY_PREFIX = (
    ("application/vnd.openxmlformats-officedocument", "ooxml_document"),
    ("application/vnd.oasis.opendocument", "odf_document"),
    ("audio/", "media"),
    ("video/", "media"),
    ("text/", "plain_text"),
)
_GZIP = "x-fmt/266"
# Where PRONOM gives no media type, or one that says too little.
_BY_PUID = {
    "fmt/111": "ole_document",
    "fmt/289": "web_archive",
    "fmt/1281": "web_archive",
    "fmt/1355": "web_archive",
    "fmt/720": "mailbox_file",
    "fmt/278": "email_message",
    "fmt/950": "email_message",
    "x-fmt/18": "delimited_text",
    "x-fmt/111": "plain_text",
    "x-fmt/263": "zip_archive",
    "x-fmt/265": "tar_archive",
    "x-fmt/266": "gzip_archive",
    "fmt/101": "xml_document",
}
_BY_SUFFIX = {
    "csv": "delimited_text",
    "tsv": "delimited_text",
    "eml": "email_message",
    "mbox": "mailbox_file",
    "mkv": "media",
    "py": "plain_text",
    "txt": "plain_text",
    "md": "plain_text",
    "json": "plain_text",
    "xml": "xml_document",
    "warc": "web_archive",
}
NAMES = frozenset(
    {
        *_BY_MIME.values(),
        *_BY_PUID.values(),
        *_BY_SUFFIX.values(),
        *(name for _, name in _BY_PREFIX),
    }
)


def family_name(request: ExaminationRequest) -> str:
    """Return the family that examines a file, "" where none does.

    What the signature said decides; the name only where the signature names no media type.
    """
    original_name = (request.original_name or request.path.name).lower()
    if request.puid == _GZIP and original_name.endswith(".warc.gz"):
        return "web_archive"
    if name := _BY_PUID.get(request.puid):
        return name
    mime_type = request.mime_type.partition(";")[0].strip().lower()
    if name := _BY_MIME.get(mime_type):
        return name
    for prefix, name in _BY_PREFIX:
        if mime_type.startswith(prefix):
            return name
    if mime_type.endswith(("+xml", "+json")):
        return "xml_document" if mime_type.endswith("+xml") else "plain_text"
    suffix = original_name.rpartition(".")[2]
    return "" if mime_type else _BY_SUFFIX.get(suffix, "")


@cache
def family(name: str) -> Family:
    """Return the function of a family; its library is imported now."""
    found: Family = import_module(f"muniment.formats.families.{name}").examine
    return found
