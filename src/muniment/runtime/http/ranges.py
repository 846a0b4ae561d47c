"""The header `Range` of a download (RFC 9110 §14): one range of bytes, or the whole.

Several ranges at once are answered with the whole, which the RFC allows: no viewer or program that
we serve asks for them, and overlapping ones let a short request make a very long answer.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ONE_RANGE = re.compile(r"bytes[ \t]*=[ \t]*([0-9]*)-([0-9]*)[ \t]*", re.IGNORECASE)
_BEYOND = 10**18
"""Larger than any file; longer numbers are not computed."""


class OutsideFile(ValueError):
    """No byte of the file is in the range (416)."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """Bytes `first` to `last` of a file, both included."""

    first: int
    last: int

    @property
    def size_bytes(self) -> int:
        """How many bytes that are."""
        return self.last - self.first + 1


def range_asked(header: str, size_bytes: int) -> ByteRange | None:
    """Return the range that is meant; None for the whole: several, another unit, or nonsense.

    Raises OutsideFile.
    """
    match = _ONE_RANGE.fullmatch(header)
    if match is None or match[1] == match[2] == "":
        return None
    if match[1] == "":
        return _last_bytes(_number(match[2]), size_bytes)
    first = _number(match[1])
    last = _number(match[2]) if match[2] else _BEYOND
    if last < first:
        return None
    if first >= size_bytes:
        raise OutsideFile
    return ByteRange(first, min(last, size_bytes - 1))


def _last_bytes(count: int, size_bytes: int) -> ByteRange:
    if count == 0 or size_bytes == 0:
        raise OutsideFile
    return ByteRange(max(size_bytes - count, 0), size_bytes - 1)


def _number(digits: str) -> int:
    meaning = digits.lstrip("0")
    return int(meaning or "0") if len(meaning) < 19 else _BEYOND
