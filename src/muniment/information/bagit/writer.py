"""Writes bags: streamed file by file, or from a folder at once (RFC 8493)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from muniment.information.bagit.algorithms import bag_name
from muniment.information.bagit.bag_info import Label, PayloadOxum, render_bag_info
from muniment.information.bagit.fetch import is_address
from muniment.information.bagit.names import encode_manifest_path, is_unsafe
from muniment.runtime.digest_algorithms import BLOCK_BYTES
from muniment.runtime.digests import Digester, Digests
from muniment.runtime.errors import InvalidArgument

DEFAULT_ALGORITHMS = ("sha256", "sha512")
SPOOL_BYTES = 1 << 20


class Sink(Protocol):
    """Takes the files of a bag: a folder, a ZIP, a tar, a connection."""

    def write(self, path: str, blocks: Iterable[bytes]) -> None:
        """Write one file at a relative path; called once for each path."""


def refuse_occupied(folder: Path) -> None:
    """Raise InvalidArgument when something is there already that is no empty folder."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InvalidArgument(f"{folder} is there already and not empty; name another place")


class FolderSink:
    """Writes below a folder, which must be empty or not there yet; replaces no file."""

    def __init__(self, folder: Path) -> None:
        """Raises InvalidArgument when something is there already."""
        refuse_occupied(folder)
        self._folder = folder
        # A bag without payload has the folder all the same (RFC 8493 §2.1.2).
        (folder / "data").mkdir(parents=True)

    def write(self, path: str, blocks: Iterable[bytes]) -> None:
        """Write one file and the folders above it."""
        target = self._folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("xb") as stream:
            for block in blocks:
                stream.write(block)


class _Spool:
    """The lines of one manifest until the end, when sinks take whole files."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def add(self, digest: str, path: str) -> None:
        self._stream.write(f"{digest}  {encode_manifest_path(path)}\n".encode())

    def blocks(self) -> Iterator[bytes]:
        self._stream.seek(0)
        while block := self._stream.read(BLOCK_BYTES):
            yield block


class BagWriter:
    """Writes one bag of version 1.0 into a sink; memory does not grow with the files.

    `with BagWriter(sink) as bag: bag.add("a.txt", blocks)`; leaving the block without an error
    writes manifests, bag-info.txt, bagit.txt and the tag manifests. Without that it is no bag.
    """

    def __init__(
        self,
        sink: Sink,
        *,
        algorithms: Sequence[str] = DEFAULT_ALGORITHMS,
        info: Iterable[Label] = (),
    ) -> None:
        """Raises KeyError for an unknown algorithm; Payload-Oxum is ours to write."""
        self.size_bytes = 0
        self.file_count = 0
        self._sink = sink
        self._algorithms = tuple(algorithms)
        self._info = [label for label in info if label.label.lower() != "payload-oxum"]
        self._fetch: list[bytes] = []
        self._stack = ExitStack()
        self._manifests = self._spools()
        self._tag_manifests = self._spools()

    def _spools(self) -> dict[str, _Spool]:
        def spool() -> BinaryIO:
            return self._stack.enter_context(tempfile.SpooledTemporaryFile(SPOOL_BYTES))  # type: ignore[return-value]  # quacks

        return {name: _Spool(spool()) for name in self._algorithms}

    def add(self, path: str, blocks: Iterable[bytes]) -> Digests:
        """Write one payload file to `data/PATH`; returns its digests. Raises InvalidArgument."""
        digests = self._write(f"data/{_checked(path)}", blocks)
        self.added(path, digests)
        return digests

    def added(self, path: str, digests: Digests) -> None:
        """Take note of a payload file that somebody else wrote to its place."""
        self.size_bytes += digests.size_bytes
        self.file_count += 1
        for name, spool in self._manifests.items():
            spool.add(digests.by_algorithm[name], f"data/{path}")

    def left_out(self, path: str, url: str, digests: Digests, *, is_size_told: bool = True) -> None:
        """Say where a payload file is that is not written: manifests and fetch.txt list it.

        Raises InvalidArgument for an address that fetch.txt cannot hold (RFC 8493 §2.2.3).
        """
        if not is_address(url):
            raise InvalidArgument(f"{url!r} is no address that fetch.txt can hold")
        self.added(_checked(path), digests)
        size = str(digests.size_bytes) if is_size_told else "-"
        self._fetch.append(f"{url} {size} {encode_manifest_path(f'data/{path}')}\n".encode())

    def add_tag(self, path: str, blocks: Iterable[bytes]) -> Digests:
        """Write one further tag file; the tag manifests list it. Raises InvalidArgument."""
        if path.split("/", maxsplit=1)[0] == "data":
            raise InvalidArgument(f"{path} is payload; tag files lie outside data/")
        digests = self._write(_checked(path), blocks)
        for name, spool in self._tag_manifests.items():
            spool.add(digests.by_algorithm[name], path)
        return digests

    def _write(self, path: str, blocks: Iterable[bytes]) -> Digests:
        digester = Digester(self._algorithms)

        def digested() -> Iterator[bytes]:
            for block in blocks:
                digester.update(block)
                yield block

        self._sink.write(path, digested())
        return digester.result()

    def finish(self) -> None:
        """Write the tag files; bagit.txt stands before the tag manifests that list it."""
        for name, spool in self._manifests.items():
            self.add_tag(f"manifest-{bag_name(name)}.txt", spool.blocks())
        if self._fetch:
            self.add_tag("fetch.txt", self._fetch)
        oxum = Label("Payload-Oxum", str(PayloadOxum(self.size_bytes, self.file_count)))
        self.add_tag("bag-info.txt", [render_bag_info([*self._info, oxum]).encode()])
        declaration = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
        self.add_tag("bagit.txt", [declaration])
        for name, spool in self._tag_manifests.items():
            self._sink.write(f"tagmanifest-{bag_name(name)}.txt", spool.blocks())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        with self._stack:
            if kind is None:
                self.finish()


def _checked(path: str) -> str:
    try:
        path.encode()
    except UnicodeEncodeError as exc:
        raise InvalidArgument(f"{path!r} is not UTF-8, which a bag cannot say") from exc
    if is_unsafe(f"data/{path}") or not path or path.startswith("/") or path.endswith("/"):
        raise InvalidArgument(f"{path!r} is no path that a bag can hold")
    return path
