"""Cuts a Zstandard stream into frames and blocks (RFC 8878 §3.1).

`zstandard` gives either pieces of any size or no word about a stream that ends too early. Fed with
one block at a time it gives at most 128 KiB, and where a frame ends is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from muniment.information.unpacking.faults import BadArchive, TruncatedArchive

_MAGIC = b"\x28\xb5\x2f\xfd"
_SKIPPABLE = b"\x2a\x4d\x18"
_MOST_BLOCK_BYTES = 128 << 10
_SKIPPED_BYTES = 64 << 10


class Source(Protocol):
    """Gives bytes, fewer than asked for at times, none at the end."""

    def read(self, size: int, /) -> bytes: ...


def zstd_frames(stream: Source) -> Iterator[Iterator[bytes]]:
    """Iterate over the frames, each an iterator over its pieces, to be read to its end.

    Skippable frames are skipped. Raises BadArchive, TruncatedArchive.
    """
    while magic := _read(stream, 4, may_end=True):
        if magic == _MAGIC:
            yield _frame(stream)
        elif magic[1:] == _SKIPPABLE and magic[0] >> 4 == 5:
            _skip(stream, int.from_bytes(_read(stream, 4), "little"))
        else:
            raise BadArchive("no Zstandard frame where one should begin")


def _frame(stream: Source) -> Iterator[bytes]:
    descriptor = _read(stream, 1)
    flags = descriptor[0]
    is_single = flags >> 5 & 1
    size_bytes = (is_single, 2, 4, 8)[flags >> 6]
    dictionary_bytes = (0, 1, 2, 4)[flags & 3]
    window_bytes = 1 - is_single
    yield _MAGIC + descriptor + _read(stream, window_bytes + dictionary_bytes + size_bytes)
    is_last = False
    while not is_last:
        header = _read(stream, 3)
        value = int.from_bytes(header, "little")
        is_last, kind, size = bool(value & 1), value >> 1 & 3, value >> 3
        if size > _MOST_BLOCK_BYTES:
            raise BadArchive("a Zstandard block is too large")
        yield header + _read(stream, 1 if kind == 1 else size)
    if flags >> 2 & 1:
        yield _read(stream, 4)


def _skip(stream: Source, size: int) -> None:
    for at in range(0, size, _SKIPPED_BYTES):
        _read(stream, min(_SKIPPED_BYTES, size - at))


def _read(stream: Source, size: int, *, may_end: bool = False) -> bytes:
    content = b""
    while len(content) < size:
        block = stream.read(size - len(content))
        if not block:
            if may_end and not content:
                return b""
            raise TruncatedArchive
        content += block
    return content
