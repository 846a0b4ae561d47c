"""One header block of a tar archive (POSIX.1-2017 pax §ustar, GNU tar, Unix V7).

`tarfile` is not used: it decodes names, calls itself for each extended header (a thousand of them
exhaust the stack) and searches forged ones for hours (CVE-2024-6232). Here names stay bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from muniment.information.unpacking.faults import BadArchive

BLOCK_BYTES = 512
MAGIC_AT = 257

REGULAR = (b"0", b"\0", b"7")
HARD_LINK, SYMBOLIC_LINK, FOLDER = b"1", b"2", b"5"
SPARSE = b"S"
LONG_NAME, LONG_LINK = b"L", b"K"
PAX, PAX_OF_SOLARIS, PAX_GLOBAL = b"x", b"X", b"g"
WITHOUT_CONTENT = (b"1", b"2", b"3", b"4", b"5", b"6")
"""Links, devices, folders and FIFOs: whatever their size says, no content follows."""

_FIELDS = struct.Struct("100s8s8s8s12s12s8sc100s8s32s32s8s8s155s12x")
_POSIX_MAGIC = b"ustar\0"


@dataclass(slots=True)
class TarHeader:
    """What one header says; `block` are its bytes."""

    name: bytes
    link: bytes
    kind: bytes
    size_bytes: int
    modified: float
    block: bytes


def parse_header(block: bytes) -> TarHeader:
    """Read a header block. Raises BadArchive when it is none, or its checksum is wrong."""
    fields = _FIELDS.unpack(block)
    name, _, _, _, size, modified, checksum, kind, link, magic, *_, prefix = fields
    if not _is_sum(number(checksum), block):
        raise BadArchive("its checksum is wrong")
    name = until_nul(name)
    # Others keep times where POSIX has the prefix.
    if magic.startswith(_POSIX_MAGIC) and prefix[0]:
        name = until_nul(prefix) + b"/" + name
    if kind == b"\0" and name.endswith(b"/"):
        kind = FOLDER  # V7 had no type for folders
    return TarHeader(name, until_nul(link), kind, number(size), float(number(modified)), block)


def _is_sum(expected: int, block: bytes) -> bool:
    """Compare with the sum of the bytes, the field itself taken as spaces."""
    rest = block[:148] + block[156:]
    total = sum(rest) + 8 * 0x20
    # Some programs summed signed bytes.
    return expected == total or expected == total - 256 * sum(byte > 0x7F for byte in rest)


def until_nul(field: bytes) -> bytes:
    """Return a field up to its first NUL."""
    return field.partition(b"\0")[0]


def number(field: bytes) -> int:
    """Read a number: octal text, or binary when the first byte says so. Raises BadArchive."""
    if field[0] in {0x80, 0xFF}:
        value = int.from_bytes(field[1:])
        return value - (256 ** (len(field) - 1)) if field[0] == 0xFF else value
    text = until_nul(field).strip(b" ")
    if text.strip(b"01234567"):
        raise BadArchive("a number in it is not octal")
    return int(text, 8) if text else 0
