"""Files of a package, digested while they are written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from muniment.information.aip.model import WrittenFile
from muniment.runtime.digests import Digester
from muniment.runtime.durable import storage_errors

DIGESTS = ("sha512", "sha256")
BLOCK_BYTES = 256 * 1024


class DigestingSink:
    """Gathers small writes into blocks, digests each block once, writes it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._block = bytearray()
        self._digester = Digester(DIGESTS)

    def write(self, data: bytes, /) -> None:
        """Take the next bytes."""
        self._block += data
        if len(self._block) >= BLOCK_BYTES:
            self.flush()

    def flush(self) -> None:
        """Write what was gathered."""
        self._digester.update(bytes(self._block))
        self._stream.write(self._block)
        self._block.clear()

    def result(self, logical_path: str) -> WrittenFile:
        """Return size and digests of all that was written."""
        digests = self._digester.result()
        return WrittenFile(logical_path, digests.size_bytes, dict(digests.by_algorithm))


class Target:
    """The folder that a package is written to, and the list of what was written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.written: list[WrittenFile] = []

    @contextmanager
    def open(self, logical_path: str) -> Iterator[DigestingSink]:
        """Open a file of the package for writing; it joins `written` when the block ends well.

        Raises NoSpace or StorageUnavailable.
        """
        path = self.folder / logical_path
        with storage_errors(str(path)):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb", buffering=0) as stream:
                sink = DigestingSink(stream)
                yield sink
                sink.flush()
        self.written.append(sink.result(logical_path))

    def write(self, logical_path: str, content: bytes) -> WrittenFile:
        """Write a small file whole."""
        with self.open(logical_path) as sink:
            sink.write(content)
        return self.written[-1]
