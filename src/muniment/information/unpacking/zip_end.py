"""The end of a ZIP archive: where its directory lies (APPNOTE 6.3.10 §4.3.14 to §4.3.16).

Readers differ where an archive says two things, and one thing can be shown to us and another to
the next reader. Such an archive is refused.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from muniment.information.unpacking.faults import BadArchive, TruncatedArchive

_SIGNATURE = b"PK\5\6"
_END = struct.Struct("<4s4H2LH")
_LOCATOR = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_END64_HEAD_BYTES = 12
_MOST_COMMENT_BYTES = 65535
_TOO_SMALL = (0xFFFF, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class ZipDirectory:
    """Where the directory lies and how many entries it has."""

    start: int
    size_bytes: int
    entry_count: int


_Numbers = tuple[int, int, int, int, int]
"""This disk, the disk where the directory begins, entries, size and offset of the directory."""


def find_directory(descriptor: int) -> ZipDirectory:
    """Find the directory by the end record. Raises TruncatedArchive when there is none."""
    end, numbers = _end_record(descriptor)
    found = _zip64_record(descriptor, end)
    if found is not None:
        end, large = found
        numbers = _merged(numbers, large)
    disk, start_disk, count, size, offset = numbers
    if disk or start_disk:
        raise BadArchive("it is one part of several")
    if offset + size != end:
        raise BadArchive("its directory is not where its end says")
    return ZipDirectory(offset, size, count)


def _end_record(descriptor: int) -> tuple[int, _Numbers]:
    """Return where the end record stands and what it says."""
    file_size = os.fstat(descriptor).st_size
    tail_at = max(file_size - _END.size - _MOST_COMMENT_BYTES, 0)
    tail = os.pread(descriptor, file_size - tail_at, tail_at)
    places = list(_places(tail))
    last = [at for at in places if at + _END.size + _comment_bytes(tail, at) == len(tail)]
    if len(last) > 1:
        raise BadArchive("it has two ends")
    if not places:
        raise TruncatedArchive
    at = last[0] if last else places[-1]
    after = at + _END.size + _comment_bytes(tail, at)
    if after > len(tail):
        raise TruncatedArchive
    if tail[after:].strip(b"\0"):
        raise BadArchive("something follows its end")
    _, disk, start_disk, _, count, size, offset, _ = _END.unpack_from(tail, at)
    return tail_at + at, (disk, start_disk, count, size, offset)


def _places(tail: bytes) -> Iterator[int]:
    at = tail.find(_SIGNATURE)
    while 0 <= at <= len(tail) - _END.size:
        yield at
        at = tail.find(_SIGNATURE, at + 1)


def _comment_bytes(tail: bytes, at: int) -> int:
    return int.from_bytes(tail[at + 20 : at + 22], "little")


def _zip64_record(descriptor: int, end: int) -> tuple[int, _Numbers] | None:
    """Return where the Zip64 record stands and what it says; None when nothing points to one."""
    at = end - _LOCATOR.size
    locator = os.pread(descriptor, _LOCATOR.size, at) if at >= 0 else b""
    if not locator.startswith(b"PK\6\7"):
        return None
    _, _, place, _ = _LOCATOR.unpack(locator)
    record = os.pread(descriptor, _END64.size, place) if place + _END64.size <= at else b""
    if not record.startswith(b"PK\6\6"):
        raise BadArchive("its Zip64 record is not where it should be")
    _, size_of_record, _, _, disk, start_disk, _, count, size, offset = _END64.unpack(record)
    if place + _END64_HEAD_BYTES + size_of_record != at:
        raise BadArchive("its Zip64 record is not where it should be")
    return place, (disk, start_disk, count, size, offset)


def _merged(small: _Numbers, large: _Numbers) -> _Numbers:
    """Take the large numbers; the small ones are too small, or the same."""
    if any(
        one not in {other, most} for one, other, most in zip(small, large, _TOO_SMALL, strict=True)
    ):
        raise BadArchive("its two ends disagree")
    return large
