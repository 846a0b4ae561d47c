"""Receives ZIP archives: stored, deflated, bzip2 and zstd entries, Zip64 too."""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterator
from itertools import islice

from muniment.information.paths import SafePath, encode_name, shown
from muniment.information.unpacking.faults import BadArchive, TruncatedArchive
from muniment.information.unpacking.intake import Intake
from muniment.information.unpacking.streams import expanded
from muniment.information.unpacking.zip_directory import ZipEntry, data_offset, read_directory
from muniment.information.unpacking.zip_end import find_directory
from muniment.information.unpacking.zip_overlaps import refuse_overlaps
from muniment.runtime.digest_algorithms import BLOCK_BYTES

MAX_LINK_BYTES = 4096
_STORED = 0
_METHODS = {_STORED: "", 8: "deflate", 12: "bz2", 93: "zst"}


def receive_zip(descriptor: int, intake: Intake) -> None:
    """Take every entry of a ZIP archive, in the order of its directory."""

    def entries() -> Iterator[ZipEntry]:
        # One more than allowed: it is refused when it is taken.
        return islice(read_directory(descriptor, directory), intake.limits.max_entries + 1)

    try:
        directory = find_directory(descriptor)
        refuse_overlaps(entries, directory.start)
        for entry in entries():
            _take_entry(descriptor, entry, intake)
    except TruncatedArchive:
        intake.fault("archive-truncated")
    except BadArchive as exc:
        intake.fault("archive-malformed", reason=str(exc))


def _take_entry(descriptor: int, entry: ZipEntry, intake: Intake) -> None:
    kind = stat.S_IFMT(entry.unix_mode)
    if entry.is_folder or kind == stat.S_IFDIR:
        _take_folder(entry, intake)
    elif kind == stat.S_IFLNK:
        _take_link(descriptor, entry, intake)
    elif kind not in {0, stat.S_IFREG}:
        intake.take_special(entry.name, "special file")
    elif path := intake.path_of(entry.name):
        _take_file(descriptor, entry, path, intake)


def _take_folder(entry: ZipEntry, intake: Intake) -> None:
    if entry.size_bytes:
        _tell_damage(entry, "a folder that has content", intake)
    else:
        intake.take_folder(entry.name)


def _take_link(descriptor: int, entry: ZipEntry, intake: Intake) -> None:
    if entry.size_bytes > MAX_LINK_BYTES or entry.method not in _METHODS or entry.is_encrypted:
        intake.take_special(entry.name, "link that cannot be read")
        return
    try:
        target = b"".join(_content(descriptor, entry))
    except BadArchive as exc:
        _tell_damage(entry, str(exc), intake)
        return
    intake.take_link(entry.name, target)


def _tell_damage(entry: ZipEntry, reason: str, intake: Intake) -> None:
    intake.fault("entry-corrupt", shown(encode_name(entry.name)), reason=reason)


def _take_file(descriptor: int, entry: ZipEntry, path: SafePath, intake: Intake) -> None:
    if entry.is_encrypted:
        intake.fault("entry-encrypted", path.path)
        return
    if entry.method not in _METHODS:
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
        intake.fault("entry-corrupt", path.path, reason=str(exc))


def _content(descriptor: int, entry: ZipEntry) -> Iterator[bytes]:
    """Yield the bytes of an entry. Raises BadArchive where size or CRC are not as declared."""
    crc, size = 0, 0
    for block in _blocks(descriptor, entry):
        crc = zlib.crc32(block, crc)
        size += len(block)
        if size > entry.size_bytes:
            raise BadArchive(f"it is larger than the {entry.size_bytes} bytes it declares")
        yield block
    if size != entry.size_bytes:
        raise BadArchive(f"it has {size} bytes of the {entry.size_bytes} it declares")
    if crc != entry.crc:
        raise BadArchive(f"its CRC-32 is {crc:08x}, declared {entry.crc:08x}")


def _blocks(descriptor: int, entry: ZipEntry) -> Iterator[bytes]:
    raw = _Raw(descriptor, data_offset(descriptor, entry), entry.compressed_bytes)
    if entry.method == _STORED:
        return iter(lambda: raw.read(BLOCK_BYTES), b"")
    if entry.compressed_bytes == 0:
        return iter(())  # some writers pack nothing to nothing
    return expanded(raw, _METHODS[entry.method], is_alone=True)


class _Raw:
    """The packed bytes of one entry."""

    def __init__(self, descriptor: int, at: int, size: int) -> None:
        self._descriptor = descriptor
        self._at = at
        self._end = at + size

    def read(self, size: int, /) -> bytes:
        block = os.pread(self._descriptor, min(size, self._end - self._at), self._at)
        self._at += len(block)
        return block
