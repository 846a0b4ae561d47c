"""Real files of every family, as bytes, with what they are and what is known of them."""

from __future__ import annotations

import bz2
import gzip
import io
import struct
import tarfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from muniment.formats.types import ExaminationRequest
from muniment.samples import documents, pictures, recordings, records


@dataclass(frozen=True)
class Kind:
    """A kind of file: how it is made, what its format is, what its examination must tell."""

    name: str
    make: Callable[[], bytes]
    puid: str
    mime_type: str
    family: str
    properties: dict[str, str] = field(default_factory=dict)

    def request(self, path: Path) -> ExaminationRequest:
        size = path.stat().st_size if path.exists() else 0
        return ExaminationRequest(
            path=path, size_bytes=size, puid=self.puid, mime_type=self.mime_type
        )

    def write(self, folder: Path, content: bytes | None = None) -> ExaminationRequest:
        path = folder / self.name
        path.write_bytes(self.make() if content is None else content)
        return self.request(path)


def tar() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for number in range(3):
            member = tarfile.TarInfo(f"file {number}")
            member.size = 1000
            archive.addfile(member, io.BytesIO(bytes(1000)))
    return buffer.getvalue()


def warc_gz() -> bytes:
    """Compress each record by itself (WARC 1.1, annex D)."""
    first, *others = records.warc().split(b"\r\n\r\nWARC/1.1\r\n")
    ends = [b"\r\n\r\n"] * len(others) + [b""]
    bodies = [first, *(b"WARC/1.1\r\n" + other for other in others)]
    return b"".join(gzip.compress(a + b) for a, b in zip(bodies, ends, strict=True))


def ole() -> bytes:
    """Make the smallest compound file: a FAT, a directory, one stream of 4096 bytes (MS-CFB)."""
    sector, end, free, fat = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, end, 0, end, 0, 0,
    )  # fmt: skip
    head = head.ljust(sector, b"\xff")
    chain = [fat, end, *range(3, 10), end] + [free] * 118
    table = struct.pack("<128I", *chain)

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        text = (name + "\0").encode("utf-16-le")
        return struct.pack(
            "<64sHBBIII16xIQQIQ",
            text, len(text), kind, 1, free, free, child, 0, 0, 0, start, size,
        )  # fmt: skip

    directory = entry("Root Entry", 5, 1, end, 0) + entry("WordDocument", 2, free, 2, 4096)
    directory += (
        struct.pack("<64sHBBIII16xIQQIQ", b"", 0, 0, 0, free, free, free, 0, 0, 0, 0, 0) * 2
    )
    return head + table + directory + bytes(4096)


KINDS = (
    Kind("a.jpg", pictures.jpeg, "fmt/43", "image/jpeg", "images", {"image.format": "JPEG"}),
    Kind(
        "a.png",
        pictures.png,
        "fmt/11",
        "image/png",
        "images",
        {"image.format": "PNG", "image.width": "640", "image.height": "480"},
    ),
    Kind("a.tif", pictures.tiff, "fmt/353", "image/tiff", "images", {"image.width": "480"}),
    Kind("a.gif", pictures.gif, "fmt/4", "image/gif", "images", {"image.frames": "8"}),
    Kind("a.jp2", pictures.jp2, "x-fmt/392", "image/jp2", "jpeg2000", {"image.width": "320"}),
    Kind(
        "a.pdf",
        documents.pdf,
        "fmt/276",
        "application/pdf",
        "pdf",
        {"pdf.pages": "1", "pdf.encrypted": "no"},
    ),
    Kind(
        "claims.pdf",
        lambda: documents.pdf(claims_pdfa=True),
        "fmt/477",
        "application/pdf",
        "pdf",
        {"pdf.pdfa_claim": "PDF/A-2B"},
    ),
    Kind(
        "a.docx",
        documents.docx,
        "fmt/412",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "ooxml_document",
        {"document.main_part": "word/document.xml"},
    ),
    Kind(
        "a.xlsx",
        documents.xlsx,
        "fmt/214",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ooxml_document",
        {"document.main_part": "xl/workbook.xml"},
    ),
    Kind(
        "a.odt",
        documents.odt,
        "fmt/291",
        "application/vnd.oasis.opendocument.text",
        "odf_document",
        {"document.media_type": "application/vnd.oasis.opendocument.text"},
    ),
    Kind("a.doc", ole, "fmt/40", "application/msword", "ole_document", {"document.streams": "1"}),
    Kind("a.csv", records.csv, "x-fmt/18", "text/csv", "delimited_text", {"table.columns": "3"}),
    Kind(
        "latin1.txt",
        records.latin1_text,
        "x-fmt/111",
        "text/plain",
        "plain_text",
        {"text.encoding": "cp1252", "text.encoding_is_a_guess": "yes"},
    ),
    Kind(
        "utf16.txt",
        records.utf16_text,
        "x-fmt/111",
        "text/plain",
        "plain_text",
        {"text.encoding": "utf-16"},
    ),
    Kind("a.py", records.python_source, "", "", "plain_text", {"text.encoding": "us-ascii"}),
    Kind(
        "a.xml",
        records.xml,
        "fmt/101",
        "application/xml",
        "xml_document",
        {"xml.root": "findingaid"},
    ),
    Kind(
        "a.eml",
        records.eml,
        "fmt/950",
        "message/rfc822",
        "email_message",
        {"email.attachments": "1"},
    ),
    Kind(
        "a.mbox",
        records.mbox,
        "fmt/720",
        "application/mbox",
        "mailbox_file",
        {"email.messages": "3"},
    ),
    Kind(
        "a.warc", records.warc, "fmt/1281", "application/warc", "web_archive", {"web.records": "3"}
    ),
    Kind(
        "a.warc.gz", warc_gz, "x-fmt/266", "application/gzip", "web_archive", {"web.records": "3"}
    ),
    Kind(
        "a.zip",
        records.drawings_zip,
        "x-fmt/263",
        "application/zip",
        "zip_archive",
        {"archive.members": "2"},
    ),
    Kind("a.tar", tar, "x-fmt/265", "application/x-tar", "tar_archive", {"archive.members": "3"}),
    Kind(
        "a.gz",
        lambda: gzip.compress(bz2.compress(bytes(9999))),
        "x-fmt/266",
        "application/gzip",
        "gzip_archive",
        {},
    ),
    Kind("a.wav", recordings.wav, "fmt/141", "audio/x-wav", "media", {"audio.channels": "1"}),
    Kind("a.flac", recordings.flac, "fmt/279", "audio/flac", "media", {"audio.codec": "FLAC"}),
    Kind("a.avi", recordings.avi, "fmt/5", "video/x-msvideo", "media", {"video.frames": "24"}),
)
"""One of each; their names are their identifiers in tests."""


def kind(name: str) -> Kind:
    """Return the kind whose file has this name."""
    return next(one for one in KINDS if one.name == name)
