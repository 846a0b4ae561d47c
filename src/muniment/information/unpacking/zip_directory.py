"""The directory of a ZIP archive, read as a stream (APPNOTE 6.3.10 §4.3.12).

`zipfile` keeps every entry in memory and decodes names; here memory is flat and names are bytes.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from muniment.information.unpacking.faults import BadArchive
from muniment.information.unpacking.zip_end import ZipDirectory

_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_LOCAL = struct.Struct("<4s2B4H3L2H")
_READ_BYTES = 1 << 20
_ENCRYPTED = 1
_SIZES_FOLLOW = 8
LOCAL_HEADER_BYTES = _LOCAL.size


@dataclass(frozen=True, slots=True)
class ZipEntry:
    """One entry of the directory; `offset` is where its local header begins in the file."""

    name: bytes
    flags: int
    method: int
    crc: int
    compressed_bytes: int
    size_bytes: int
    offset: int
    unix_mode: int
    modified_at: str | None

    @property
    def is_folder(self) -> bool:
        """Say whether the name marks a folder, as APPNOTE §4.4.17.1 has it."""
        return self.name.endswith(b"/")

    @property
    def is_encrypted(self) -> bool:
        """Say whether its bytes cannot be read without a password."""
        return bool(self.flags & _ENCRYPTED)


def read_directory(descriptor: int, directory: ZipDirectory) -> Iterator[ZipEntry]:
    """Yield the entries in the order of the directory; memory is flat. Raises BadArchive."""
    buffer, begun, at, left = b"", 0, directory.start, directory.size_bytes
    for _ in range(directory.entry_count):
        while (size := _entry_bytes(buffer, begun)) > len(buffer) - begun:
            block = os.pread(descriptor, min(_READ_BYTES, left), at)
            if not block:
                raise BadArchive("its directory has less than it counts")
            buffer, begun = buffer[begun:] + block, 0
            at, left = at + len(block), left - len(block)
        yield _entry(buffer[begun : begun + size])
        begun += size
    if left or begun < len(buffer):
        raise BadArchive("its directory has more than it counts")


def _entry_bytes(buffer: bytes, at: int) -> int:
    """Return how long the entry at a place is, or how much of it must be there to say so."""
    if len(buffer) - at < _CENTRAL.size:
        return _CENTRAL.size
    if not buffer.startswith(b"PK\1\2", at):
        raise BadArchive("its directory is damaged")
    name, extra, comment = struct.unpack_from("<3H", buffer, at + 28)
    return int(_CENTRAL.size + name + extra + comment)


def _entry(record: bytes) -> ZipEntry:
    fields = _CENTRAL.unpack_from(record)
    system, flags, method, time, date, crc = fields[2], *fields[5:10]
    packed, size, name_size, extra_size = fields[10:14]
    name = record[_CENTRAL.size : _CENTRAL.size + name_size]
    extra = record[_CENTRAL.size + name_size : _CENTRAL.size + name_size + extra_size]
    size, packed, offset = _zip64_sizes(extra, size, packed, fields[18])
    mode = fields[17] >> 16 if system == 3 else 0
    modified_at = _time(extra, date, time)
    return ZipEntry(name, flags, method, crc, packed, size, offset, mode, modified_at)


def _zip64_sizes(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Replace the values that did not fit by those of the Zip64 field (APPNOTE §4.5.3)."""
    field = _extra_field(extra, 1)
    values = [size, packed, offset]
    for position, value in enumerate(values):
        if value == 0xFFFFFFFF and len(field) >= 8:
            values[position] = int.from_bytes(field[:8], "little")
            field = field[8:]
    return values[0], values[1], values[2]


def _extra_field(extra: bytes, wanted: int) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind == wanted:
            return extra[at + 4 : at + 4 + size]
        at += 4 + size
    return b""


def _time(extra: bytes, date: int, time: int) -> str | None:
    """Return the Unix time where it is given; DOS time has no zone and is taken for UTC."""
    unix = _extra_field(extra, 0x5455)
    if len(unix) >= 5 and unix[0] & 1:
        seconds = int.from_bytes(unix[1:5], "little", signed=True)
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    try:
        return datetime(
            1980 + (date >> 9),
            date >> 5 & 15,
            date & 31,
            time >> 11,
            time >> 5 & 63,
            (time & 31) * 2,
            tzinfo=UTC,
        ).isoformat(timespec="seconds")
    except ValueError:
        return None


def data_offset(descriptor: int, entry: ZipEntry) -> int:
    """Return where the bytes of an entry begin. Raises BadArchive when its two headers differ.

    The entry lies before the directory; see `zip_overlaps`.
    """
    header = os.pread(descriptor, _LOCAL.size, entry.offset)
    if not header.startswith(b"PK\3\4"):
        raise BadArchive("no header where the directory points to")
    fields = _LOCAL.unpack(header)
    name_at = entry.offset + _LOCAL.size
    name = os.pread(descriptor, fields[10], name_at)
    if name != entry.name:
        raise BadArchive("its name in the directory differs from that beside its bytes")
    extra = os.pread(descriptor, fields[11], name_at + len(name))
    _compare(fields, extra, entry)
    return int(name_at + fields[10] + fields[11])


def _compare(local: tuple[int, ...], extra: bytes, entry: ZipEntry) -> None:
    flags, method, crc, packed, size = local[3], local[4], *local[7:10]
    if method != entry.method or (flags ^ entry.flags) & _ENCRYPTED:
        raise BadArchive(
            "the directory says otherwise how it was packed than what stands beside it"
        )
    if (flags | entry.flags) & _SIZES_FOLLOW:
        return  # they stand behind the bytes: what stands before them counts for nothing
    size, packed, _ = _zip64_sizes(extra, size, packed, 0)
    if (crc, packed, size) != (entry.crc, entry.compressed_bytes, entry.size_bytes):
        raise BadArchive("its size or CRC-32 in the directory differs from that beside its bytes")
