"""Receives ZIP archives: stored, deflated, bzip2 and zstd entries, Zip64 too."""

from __future__ import annotations

import bz2
import os
import stat
import zlib
from collections.abc import Callable, Iterator

import zstandard

from muniment.information.paths import SafePath, encode_name, shown
from muniment.information.unpacking.intake import Intake
from muniment.information.unpacking.streams import BadArchive, TruncatedArchive
from muniment.information.unpacking.zip_directory import (
    ENCRYPTED,
    ZipEntry,
    data_offset,
    find_directory,
    read_directory,
)
from muniment.runtime.digest_algorithms import BLOCK_BYTES

MAX_LINK_BYTES = 4096
Reader = Callable[[Iterator[bytes]], Iterator[bytes]]


def receive_zip(descriptor: int, intake: Intake) -> None:
    """Take every entry of a ZIP archive, in the order of its directory."""
    try:
        directory = find_directory(descriptor)
        _refuse_overlaps(descriptor, intake)
        for entry in read_directory(descriptor, directory):
            _take_entry(descriptor, entry, intake)
    except TruncatedArchive:
        intake.fault("archive-truncated")
    except BadArchive as exc:
        intake.fault("archive-malformed", reason=str(exc))


def _refuse_overlaps(descriptor: int, intake: Intake) -> None:
    """Refuse a directory whose entries share bytes: the bomb that no ratio of one entry shows."""
    total = 0
    for number, entry in enumerate(read_directory(descriptor, find_directory(descriptor))):
        total += entry.compressed_bytes
        if number >= intake.limits.max_entries:
            break
    if total > os.fstat(descriptor).st_size:
        raise BadArchive("its entries overlap")


def _take_entry(descriptor: int, entry: ZipEntry, intake: Intake) -> None:
    kind = stat.S_IFMT(entry.unix_mode)
    if entry.is_folder or kind == stat.S_IFDIR:
        intake.take_folder(entry.name)
    elif kind == stat.S_IFLNK:
        _take_link(descriptor, entry, intake)
    elif kind not in {0, stat.S_IFREG}:
        intake.take_special(entry.name, "special file")
    elif path := intake.path_of(entry.name):
        _take_file(descriptor, entry, path, intake)


def _take_link(descriptor: int, entry: ZipEntry, intake: Intake) -> None:
    if entry.size_bytes > MAX_LINK_BYTES or entry.method not in _READERS:
        intake.take_special(entry.name, "link that cannot be read")
        return
    try:
        target = b"".join(_content(descriptor, entry))
    except BadArchive as exc:
        intake.fault("entry-corrupt", shown(encode_name(entry.name)), reason=str(exc))
        return
    intake.take_link(entry.name, target)


def _take_file(descriptor: int, entry: ZipEntry, path: SafePath, intake: Intake) -> None:
    if entry.flags & ENCRYPTED:
        intake.fault("entry-encrypted", path.path)
        return
    if entry.method not in _READERS:
        intake.fault("entry-method", path.path, method=str(entry.method))
        return
    limits = intake.limits
    if (
        entry.size_bytes > limits.ratio_from_bytes
        and entry.size_bytes > limits.max_ratio * entry.compressed_bytes
    ):
        intake.fault("limit-ratio", path.path, limit=str(limits.max_ratio))
        return
    intake.plan(path, entry.size_bytes)
    try:
        intake.take_file(path, _content(descriptor, entry), entry.modified_at)
    except BadArchive as exc:
        intake.fault("entry-corrupt", path.path, reason=str(exc) or "it ends too early")


def _content(descriptor: int, entry: ZipEntry) -> Iterator[bytes]:
    """Yield the bytes of an entry. Raises BadArchive where size or CRC are not as declared."""
    crc, size = 0, 0
    raw = _raw(descriptor, data_offset(descriptor, entry), entry.compressed_bytes)
    for block in _READERS[entry.method](raw):
        crc = zlib.crc32(block, crc)
        size += len(block)
        if size > entry.size_bytes:
            raise BadArchive(f"it is larger than the {entry.size_bytes} bytes it declares")
        yield block
    if size != entry.size_bytes:
        raise BadArchive(f"it has {size} bytes of the {entry.size_bytes} it declares")
    if crc != entry.crc:
        raise BadArchive(f"its CRC-32 is {crc:08x}, declared {entry.crc:08x}")


def _raw(descriptor: int, at: int, size: int) -> Iterator[bytes]:
    left = size
    while left:
        block = os.pread(descriptor, min(left, BLOCK_BYTES), at)
        if not block:
            raise BadArchive("it ends too early")
        at, left = at + len(block), left - len(block)
        yield block


def _inflated(raw: Iterator[bytes]) -> Iterator[bytes]:
    inner = zlib.decompressobj(-15)
    try:
        for data in raw:
            rest = data
            while rest and not inner.eof:
                if block := inner.decompress(rest, BLOCK_BYTES):
                    yield block
                rest = inner.unconsumed_tail
        if block := inner.flush():
            yield block
    except zlib.error as exc:
        raise BadArchive(str(exc)) from exc


def _bunzipped(raw: Iterator[bytes]) -> Iterator[bytes]:
    inner = bz2.BZ2Decompressor()
    try:
        for data in raw:
            yield from filter(None, [inner.decompress(data, BLOCK_BYTES)])
            while not inner.eof and not inner.needs_input:
                yield from filter(None, [inner.decompress(b"", BLOCK_BYTES)])
    except (OSError, ValueError) as exc:  # damaged data; no disk is read here but by `raw`
        raise BadArchive(str(exc)) from exc


class _Readable:
    """Gives the blocks of an iterator to a reader that wants a file."""

    def __init__(self, raw: Iterator[bytes]) -> None:
        self._raw = raw

    def read(self, size: int = -1) -> bytes:
        del size  # blocks are never larger than what is asked for
        return next(self._raw, b"")


def _unzstd(raw: Iterator[bytes]) -> Iterator[bytes]:
    maker = zstandard.ZstdDecompressor(max_window_size=128 << 20)
    try:
        # The stub wants a whole IO object; `read` is all that is used.
        with maker.stream_reader(_Readable(raw), BLOCK_BYTES) as reader:  # type: ignore[arg-type]  # it only reads
            while block := reader.read(BLOCK_BYTES):
                yield block
    except zstandard.ZstdError as exc:
        raise BadArchive(str(exc)) from exc


_READERS: dict[int, Reader] = {0: iter, 8: _inflated, 12: _bunzipped, 93: _unzstd}
