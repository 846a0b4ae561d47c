"""The directory of a ZIP archive, read as a stream (APPNOTE 6.3.10).

`zipfile` keeps every entry in memory and decodes names; here memory is flat and names are bytes.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from muniment.information.unpacking.streams import BadArchive, TruncatedArchive

_END = struct.Struct("<4s4H2LH")
_END64_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_CENTRAL = struct.Struct("<4s4B4H3L5H2L")
_LOCAL = struct.Struct("<4s2B4H3L2H")
_MAX_COMMENT_BYTES = 65535
_READ_BYTES = 1 << 20
ENCRYPTED = 1


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


@dataclass(frozen=True, slots=True)
class ZipDirectory:
    """Where the directory lies; `shift` is what was put in front of the archive."""

    start: int
    size_bytes: int
    entry_count: int
    shift: int


def find_directory(descriptor: int) -> ZipDirectory:
    """Find the directory by its end record. Raises TruncatedArchive when there is none."""
    file_size = os.fstat(descriptor).st_size
    tail_at = max(file_size - _END.size - _MAX_COMMENT_BYTES, 0)
    tail = os.pread(descriptor, file_size - tail_at, tail_at)
    at = tail.rfind(b"PK\5\6")
    if at < 0 or len(tail) - at < _END.size:
        raise TruncatedArchive
    _, disk, start_disk, _, count, size, offset, _ = _END.unpack_from(tail, at)
    end = tail_at + at
    if 0xFFFF in {disk, start_disk, count} or 0xFFFFFFFF in {size, offset}:
        found = _find_zip64(descriptor, end)
        if found is not None:
            end, disk, start_disk, count, size, offset = found
    if disk or start_disk:
        raise BadArchive("it is one part of several")
    shift = end - size - offset
    if shift < 0:
        raise BadArchive("its directory lies outside")
    return ZipDirectory(offset + shift, size, count, shift)


def _find_zip64(descriptor: int, end: int) -> tuple[int, int, int, int, int, int] | None:
    locator = os.pread(descriptor, _END64_LOCATOR.size, max(end - _END64_LOCATOR.size, 0))
    if len(locator) < _END64_LOCATOR.size or not locator.startswith(b"PK\6\7"):
        return None
    # The record stands right before its locator unless somebody extended it, which nobody does.
    at = end - _END64_LOCATOR.size - _END64.size
    record = os.pread(descriptor, _END64.size, max(at, 0))
    if len(record) < _END64.size or not record.startswith(b"PK\6\6"):
        raise BadArchive("its Zip64 record is not where it should be")
    fields = _END64.unpack(record)
    return (at, fields[4], fields[5], fields[7], fields[8], fields[9])


def read_directory(descriptor: int, directory: ZipDirectory) -> Iterator[ZipEntry]:
    """Yield the entries in the order of the directory; memory is flat. Raises BadArchive."""
    buffer, at, left = b"", directory.start, directory.size_bytes
    for _ in range(directory.entry_count):
        while len(buffer) < _CENTRAL.size or len(buffer) < _entry_size(buffer):
            block = os.pread(descriptor, min(_READ_BYTES, left), at)
            if not block:
                raise TruncatedArchive
            buffer, at, left = buffer + block, at + len(block), left - len(block)
        size = _entry_size(buffer)
        yield _entry(buffer[:size], directory.shift)
        buffer = buffer[size:]
    if left or buffer:
        raise BadArchive("its directory has more than it counts")


def _entry_size(buffer: bytes) -> int:
    if not buffer.startswith(b"PK\1\2"):
        raise BadArchive("its directory is damaged")
    name, extra, comment = struct.unpack_from("<3H", buffer, 28)
    return int(_CENTRAL.size + name + extra + comment)


def _entry(record: bytes, shift: int) -> ZipEntry:
    fields = _CENTRAL.unpack_from(record)
    system, flags, method, time, date, crc = fields[2], *fields[5:10]
    packed, size, name_size, extra_size = fields[10:14]
    name = record[_CENTRAL.size : _CENTRAL.size + name_size]
    extra = record[_CENTRAL.size + name_size : _CENTRAL.size + name_size + extra_size]
    size, packed, offset = _zip64_sizes(extra, size, packed, fields[18])
    mode = fields[17] >> 16 if system == 3 else 0
    return ZipEntry(
        name, flags, method, crc, packed, size, offset + shift, mode, _time(extra, date, time)
    )


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
    """Return where the bytes of an entry begin. Raises BadArchive when its two headers differ."""
    header = os.pread(descriptor, _LOCAL.size, entry.offset)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\3\4"):
        raise BadArchive("no header where the directory points to")
    fields = _LOCAL.unpack(header)
    name = os.pread(descriptor, fields[10], entry.offset + _LOCAL.size)
    if name != entry.name:
        raise BadArchive("its name in the directory differs from that beside its bytes")
    return int(entry.offset + _LOCAL.size + fields[10] + fields[11])
