"""The records of an extended header (POSIX.1-2017 pax, "pax Extended Header")."""

from __future__ import annotations

import re
from collections.abc import Iterator

from muniment.information.unpacking.faults import BadArchive

MAX_DIGITS = 20
_LENGTH = re.compile(rb"([1-9][0-9]{0,9}) ")


def pax_records(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Iterate over (keyword, value). Raises BadArchive for what is not `LENGTH KEY=VALUE`."""
    at = 0
    while at < len(content):
        match = _LENGTH.match(content, at, at + 12)
        length = int(match[1]) if match else 0
        start = match.end() if match else at
        end = at + length
        if not start < end <= len(content) or content[end - 1] != 0x0A:
            raise BadArchive("an extended header has a malformed record")
        key, equals, value = content[start : end - 1].partition(b"=")
        if not equals:
            raise BadArchive("an extended header has a record without a value")
        yield key, value
        at = end


def decimal(text: bytes) -> int:
    """Read a decimal number. Raises BadArchive for anything else."""
    if not text.isdigit() or len(text) > MAX_DIGITS:
        raise BadArchive(f"{text[:20]!r} is not a number")
    return int(text)
