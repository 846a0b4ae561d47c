"""Forward-only reading of plain and compressed archives, in bounded pieces.

What a decompressor gives is bounded, not only what it takes: 64 KiB of zstd or bzip2 may hold
gigabytes.
"""

from __future__ import annotations

import bz2
import lzma
import os
import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

import zstandard

from muniment.information.unpacking.faults import BadArchive, TruncatedArchive
from muniment.information.unpacking.zstd_frames import Source, zstd_frames

CHUNK_BYTES = 64 * 1024
MAX_HEADER_BYTES = 8 << 20
"""No header of an archive needs more; a larger read comes from a forged length."""

MEMORY_LIMIT_BYTES = 256 << 20


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def pull(self, data: bytes) -> bytes: ...

    @property
    def wants_input(self) -> bool: ...


class _Deflate:
    def __init__(self, window_bits: int) -> None:
        self._inner = zlib.decompressobj(window_bits)

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def wants_input(self) -> bool:
        return not self._inner.unconsumed_tail

    def pull(self, data: bytes) -> bytes:
        return self._inner.decompress(self._inner.unconsumed_tail + data, CHUNK_BYTES)


class _Standard:
    """bzip2 and xz: the two have one interface."""

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor) -> None:
        self._inner = inner

    @property
    def eof(self) -> bool:
        return self._inner.eof

    @property
    def unused_data(self) -> bytes:
        return self._inner.unused_data

    @property
    def wants_input(self) -> bool:
        return self._inner.needs_input

    def pull(self, data: bytes) -> bytes:
        return self._inner.decompress(data, CHUNK_BYTES)


_MAKERS: dict[str, Callable[[], _Decompressor]] = {
    "deflate": lambda: _Deflate(-15),
    "gz": lambda: _Deflate(31),
    "bz2": lambda: _Standard(bz2.BZ2Decompressor()),
    "xz": lambda: _Standard(lzma.LZMADecompressor(memlimit=MEMORY_LIMIT_BYTES)),
}
# bz2 reports damaged data as OSError: none of these reaches a disk.
_FAULTS = (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, ValueError, EOFError)


def expanded(stream: Source, compression: str, *, is_alone: bool = False) -> Iterator[bytes]:
    """Yield what a compressed stream holds, in pieces of 128 KiB at most.

    `compression` is "deflate", "gz", "bz2", "xz" or "zst". Several streams may follow one another,
    with zeros as padding; `is_alone` refuses anything after the first. Raises BadArchive.
    """
    if compression == "zst":
        return _unzstd(stream, is_alone=is_alone)
    return _expanded(stream, _MAKERS[compression], is_alone=is_alone)


def _expanded(
    stream: Source, make: Callable[[], _Decompressor], *, is_alone: bool
) -> Iterator[bytes]:
    rest = b""
    while True:
        inner = make()
        while not inner.eof:
            data = (rest or stream.read(CHUNK_BYTES)) if inner.wants_input else b""
            rest = b""
            block = _guarded(inner.pull, data)
            if block:
                yield block
            elif not data and not inner.eof:
                raise TruncatedArchive
        rest = _next_stream(inner.unused_data, stream)
        if not rest:
            return
        if is_alone:
            raise BadArchive("something follows its end")


def _next_stream(rest: bytes, stream: Source) -> bytes:
    """Return the beginning of the next stream, after the zeros between them; empty at the end."""
    data = rest or stream.read(CHUNK_BYTES)
    while data and not (found := data.lstrip(b"\0")):
        data = stream.read(CHUNK_BYTES)
    return found if data else b""


def _unzstd(stream: Source, *, is_alone: bool) -> Iterator[bytes]:
    # Without a limit a frame may ask for 2 GiB of window.
    maker = zstandard.ZstdDecompressor(max_window_size=MEMORY_LIMIT_BYTES // 2)
    for number, frame in enumerate(zstd_frames(stream)):
        if is_alone and number:
            raise BadArchive("something follows its end")
        inner = maker.decompressobj()
        for piece in frame:
            if block := _guarded(inner.decompress, piece):
                yield block


def _guarded(pull: Callable[[bytes], bytes], data: bytes) -> bytes:
    try:
        return pull(data)
    except _FAULTS as exc:
        raise BadArchive(str(exc)) from exc


class ForwardStream:
    """Reads an archive once from its beginning to its end, and counts what that cost."""

    def __init__(self, stream: BinaryIO, compression: str) -> None:
        self.archive_bytes = os.fstat(stream.fileno()).st_size
        self._raw = stream
        self._expanded = expanded(stream, compression) if compression else None
        self._buffer = b""
        self._position = 0

    @property
    def consumed_bytes(self) -> int:
        """Bytes of the archive file that were read so far."""
        return self._raw.tell()

    @property
    def left_bytes(self) -> int | None:
        """How much there is still to come; None when compression hides it."""
        return None if self._expanded else self.archive_bytes - self._position

    def tell(self) -> int:
        """Return how many bytes were given."""
        return self._position

    def read_block(self, limit: int) -> bytes:
        """Return between one and `limit` bytes; raises TruncatedArchive at the end."""
        block = self._buffer or self._more(limit)
        if not block:
            raise TruncatedArchive
        block, self._buffer = block[:limit], block[limit:]
        self._position += len(block)
        return block

    def _more(self, limit: int) -> bytes:
        return self._raw.read(limit) if self._expanded is None else next(self._expanded, b"")

    def read_header(self, size: int) -> bytes:
        """Return `size` bytes. Raises BadArchive when no header is as long as that."""
        if not 0 <= size <= MAX_HEADER_BYTES:
            raise BadArchive(f"a header claims {size} bytes")
        parts = []
        left = size
        while left:
            block = self.read_block(left)
            parts.append(block)
            left -= len(block)
        return b"".join(parts)

    def seek(self, position: int) -> None:
        """Read on to `position`, which is not behind us."""
        while position > self._position:
            self.read_block(min(position - self._position, 4 * CHUNK_BYTES))

    def rest(self) -> Iterator[bytes]:
        """Yield all that is left."""
        while block := self._buffer or self._more(4 * CHUNK_BYTES):
            self._buffer = b""
            self._position += len(block)
            yield block
