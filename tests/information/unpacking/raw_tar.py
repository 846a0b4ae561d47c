"""Tar archives made block by block, so that each of them can be wrong in one place."""

from __future__ import annotations

from collections.abc import Mapping

BLOCK = 512
END = bytes(2 * BLOCK)
_PLACES = {
    "name": (0, 100),
    "size": (124, 12),
    "mtime": (136, 12),
    "kind": (156, 1),
    "link": (157, 100),
    "magic": (257, 8),
    "prefix": (345, 155),
    "sparse": (386, 96),
    "is_extended": (482, 1),
    "real_size": (483, 12),
}


def octal(value: int, width: int = 12) -> bytes:
    """Write a number as headers have it."""
    return b"%0*o" % (width - 1, value) + b"\0"


def a_header(name: bytes = b"a", size: int = 0, kind: bytes = b"0", **fields: bytes) -> bytes:
    """Return one header block with its checksum; `fields` are put in as they are."""
    block = bytearray(BLOCK)
    own = {"name": name, "size": octal(size), "kind": kind, "magic": b"ustar\00000"}
    for field, value in {"mtime": octal(0), **own, **fields}.items():
        at, width = _PLACES[field]
        block[at : at + width] = value[:width].ljust(width, b"\0")
    return with_checksum(bytes(block))


def with_checksum(block: bytes) -> bytes:
    """Set the checksum of a header right."""
    total = sum(block[:148]) + sum(block[156:]) + 8 * 0x20
    return block[:148] + b"%06o\0 " % total + block[156:]


def padded(content: bytes) -> bytes:
    """Fill up to whole blocks."""
    return content + bytes(-len(content) % BLOCK)


def a_file(name: bytes, content: bytes = b"", **fields: bytes) -> bytes:
    """Return the header and the content of one file."""
    return a_header(name, len(content), **fields) + padded(content)


def extended(content: bytes, kind: bytes = b"x") -> bytes:
    """Return an extended header with this content."""
    return a_file(b"extended", content, kind=kind)


def record(key: bytes, value: bytes) -> bytes:
    """Return one record of an extended header."""
    bare = len(key) + len(value) + 3
    length = bare + len(str(bare))
    length = bare + len(str(length))
    return b"%d %s=%s\n" % (length, key, value)


def pax(records: Mapping[bytes, bytes], kind: bytes = b"x") -> bytes:
    """Return an extended header with these records."""
    return extended(b"".join(record(key, value) for key, value in records.items()), kind)
