"""Lines of the ledger's files, forwards and from the end; nothing in a file makes memory grow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from muniment.storage.ledger.records import LedgerRecord, parse_intact

MOST_LINE_BYTES = 4 * 1024 * 1024
"""No record is longer: `Ledger.append` refuses it."""

_BLOCK_BYTES = 64 * 1024


def lines_of(stream: BinaryIO) -> Iterator[bytes]:
    """Give each line with its newline, the last perhaps without one; too long ones without text."""
    while line := stream.readline(MOST_LINE_BYTES + 1):
        if len(line) > MOST_LINE_BYTES and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(MOST_LINE_BYTES)
            line = line[-1:] or b" "
        yield line


def whole_lines_end(stream: BinaryIO, end: int) -> int:
    """Return the offset behind the last newline before `end`, 0 without one."""
    while end:
        start = max(0, end - _BLOCK_BYTES)
        stream.seek(start)
        at = stream.read(end - start).rfind(b"\n")
        if at >= 0:
            return start + at + 1
        end = start
    return 0


def last_record(stream: BinaryIO) -> tuple[LedgerRecord | None, int]:
    """Return the last sound record, and how many whole lines behind it are none.

    Each of those may have been a record, with a number of its own.
    """
    behind = 0
    for line in _whole_lines_from_end(stream):
        try:
            return parse_intact(line), behind
        except ValueError:
            behind += 1
    return None, behind


def _whole_lines_from_end(stream: BinaryIO) -> Iterator[bytes]:
    """Give the whole lines without their newlines; of one that is too long only the beginning."""
    end = whole_lines_end(stream, stream.seek(0, os.SEEK_END)) - 1
    if end < 0:
        return
    pieces: list[bytes] = []  # of a line whose beginning was not met yet, the last first
    while end:
        start = max(0, end - _BLOCK_BYTES)
        stream.seek(start)
        for number, piece in enumerate(reversed(stream.read(end - start).split(b"\n"))):
            if number:
                yield b"".join(reversed(pieces))
                pieces.clear()
            pieces.append(piece)
        if len(pieces) * _BLOCK_BYTES > MOST_LINE_BYTES:
            pieces.clear()
        end = start
    yield b"".join(reversed(pieces))
