"""Forward-only reading of plain and compressed archives, in bounded pieces.

What a decompressor gives is bounded, not only what it takes: 64 KiB of zstd or bzip2 may hold
gigabytes.
"""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import BinaryIO, Protocol

import zstandard

CHUNK_BYTES = 64 * 1024
MAX_HEADER_BYTES = 8 << 20
"""No header of an archive needs more; a larger read comes from a forged length."""

MEMORY_LIMIT_BYTES = 256 << 20


class BadArchive(Exception):  # turned into a finding where the archive is known
    """The archive breaks the rules of its format; the argument says how."""


class TruncatedArchive(BadArchive):
    """The archive ends before it says so."""


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def pull(self, data: bytes) -> bytes: ...

    @property
    def wants_input(self) -> bool: ...


class _Deflate:
    def __init__(self) -> None:
        self._inner = zlib.decompressobj(31)

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
    "gz": _Deflate,
    "bz2": lambda: _Standard(bz2.BZ2Decompressor()),
    "xz": lambda: _Standard(lzma.LZMADecompressor(memlimit=MEMORY_LIMIT_BYTES)),
}
_FAULTS = (zlib.error, lzma.LZMAError, zstandard.ZstdError, OSError, ValueError, EOFError)


class _Expanded:
    """Reads gzip, bzip2 or xz, streams one after another too."""

    def __init__(self, stream: BinaryIO, compression: str) -> None:
        self._stream = stream
        self._make = _MAKERS[compression]
        self._inner = self._make()
        self._rest = b""
        self._is_over = False

    def read(self, size: int) -> bytes:
        """Return some bytes, at most CHUNK_BYTES whatever `size` is; none at the end."""
        del size
        while not self._is_over:
            if self._inner.eof and not self._next_stream():
                break
            data = b""
            if self._inner.wants_input:
                data = self._rest or self._stream.read(CHUNK_BYTES)
                self._rest = b""
                if not data:
                    raise TruncatedArchive
            if block := _guarded(self._inner.pull, data):
                return block
        return b""

    def _next_stream(self) -> bool:
        """Begin the next stream; zero bytes after the end are padding."""
        self._rest = self._inner.unused_data or self._stream.read(CHUNK_BYTES)
        if not self._rest.strip(b"\0"):
            self._is_over = True
            return False
        self._inner = self._make()
        return True


def _guarded(pull: Callable[[bytes], bytes], data: bytes) -> bytes:
    # bz2 reports damaged data as OSError: none of these reaches a disk.
    try:
        return pull(data)
    except _FAULTS as exc:
        raise BadArchive(str(exc)) from exc


class ForwardStream:
    """A file-like object for `tarfile`: forward only, counts what it gave and what that cost."""

    def __init__(self, stream: BinaryIO, compression: str) -> None:
        self._raw = stream
        self._inner = self._reader(stream, compression)
        self._buffer = b""
        self._position = 0
        self.last_read = b""

    @staticmethod
    def _reader(stream: BinaryIO, compression: str) -> Callable[[int], bytes]:
        if compression in _MAKERS:
            return _Expanded(stream, compression).read
        if compression == "zst":
            # Without a limit a frame may ask for 2 GiB of window.
            maker = zstandard.ZstdDecompressor(max_window_size=MEMORY_LIMIT_BYTES // 2)
            read = maker.stream_reader(stream, CHUNK_BYTES, read_across_frames=True).read
            return lambda _: _guarded(lambda _: read(CHUNK_BYTES), b"")
        return stream.read

    @property
    def consumed_bytes(self) -> int:
        """Bytes of the archive file that were read so far."""
        return self._raw.tell()

    def tell(self) -> int:
        """Return how many bytes were given."""
        return self._position

    def read_block(self, limit: int) -> bytes:
        """Return between one and `limit` bytes; raises TruncatedArchive at the end."""
        block = self._buffer or self._inner(limit)
        if not block:
            raise TruncatedArchive
        block, self._buffer = block[:limit], block[limit:]
        self._position += len(block)
        return block

    def read(self, size: int = 0) -> bytes:
        """Return `size` bytes, fewer only at the end: the header reads of `tarfile`."""
        if not 0 <= size <= MAX_HEADER_BYTES:
            raise BadArchive(f"a header claims {size} bytes")
        parts = []
        left = size
        while left:
            try:
                block = self.read_block(left)
            except TruncatedArchive:
                break
            parts.append(block)
            left -= len(block)
        self.last_read = b"".join(parts)
        return self.last_read

    def seek(self, position: int) -> None:
        """Read on to `position`; backwards is refused."""
        if position < self._position:
            raise BadArchive("an entry points backwards")
        while position > self._position:
            self.read_block(min(position - self._position, 4 * CHUNK_BYTES))
