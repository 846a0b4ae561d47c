"""Receives tar archives, compressed or not, as a stream: memory does not grow with the entries.

`tarfile` reads the headers, nothing of it writes: its extraction filters are missing in
Python 3.11.2, and it would follow what the names say.
"""

# ruff: noqa: PTH113, PTH116  # names are bytes here, which pathlib does not take

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, cast

from muniment.information.listing import iso_utc
from muniment.information.paths import PathFault, encode_name, safe_path, shown
from muniment.information.unpacking.folder import take_result
from muniment.information.unpacking.intake import CannotCreate, Intake, StopUnpacking
from muniment.information.unpacking.streams import (
    CHUNK_BYTES,
    BadArchive,
    ForwardStream,
    TruncatedArchive,
)
from muniment.runtime.digest_algorithms import BLOCK_BYTES
from muniment.runtime.digest_pool import DigestJob, digest_many

_KINDS = {
    tarfile.CHRTYPE: "character device",
    tarfile.BLKTYPE: "block device",
    tarfile.FIFOTYPE: "FIFO",
}
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE, tarfile.GNUTYPE_SPARSE)
# What `tarfile` lets through for forged headers; none of these can come from a disk.
_FAULTS = (tarfile.TarError, ValueError, KeyError, IndexError, OverflowError, EOFError)


def receive_tar(stream: BinaryIO, compression: str, intake: Intake) -> None:
    """Take every entry of a tar archive; `compression` is "", "gz", "bz2", "xz" or "zst"."""
    forward = ForwardStream(stream, compression)
    try:
        _take_entries(forward, intake)
    except TruncatedArchive:
        intake.fault("archive-truncated")
    except BadArchive as exc:
        intake.fault("archive-malformed", reason=str(exc))
    except _FAULTS as exc:
        intake.fault("archive-malformed", reason=str(exc) or type(exc).__name__)


def _take_entries(forward: ForwardStream, intake: Intake) -> None:
    # `tarfile` wants a whole IO object but only reads, tells and seeks.
    file = cast(Any, forward)
    tar = tarfile.TarFile(fileobj=file, encoding="utf-8", errors="surrogateescape")
    while (entry := tar.next()) is not None:
        tar.members.clear()  # type: ignore[attr-defined]  # else every header stays in memory
        _take_entry(tar, entry, forward, intake)
    if len(forward.last_read) < tarfile.BLOCKSIZE:
        raise TruncatedArchive
    if forward.last_read.strip(b"\0"):
        raise BadArchive(f"no header at byte {forward.tell() - tarfile.BLOCKSIZE}")


def _take_entry(
    tar: tarfile.TarFile, entry: tarfile.TarInfo, forward: ForwardStream, intake: Intake
) -> None:
    name = _bytes(entry.name)
    if entry.isdir():
        intake.take_folder(name)
    elif entry.issym():
        intake.take_link(name, _bytes(entry.linkname))
    elif entry.islnk():
        _take_hard_link(name, entry, intake)
    elif entry.type in _PLAIN:
        _take_file(tar, entry, forward, intake)
    else:
        intake.take_special(name, _KINDS.get(entry.type, "entry of an unknown type"))


def _take_file(
    tar: tarfile.TarFile, entry: tarfile.TarInfo, forward: ForwardStream, intake: Intake
) -> None:
    path = intake.path_of(_bytes(entry.name))
    if path is None:
        return
    if entry.size < 0:
        raise BadArchive("an entry has a negative size")
    intake.plan(path, entry.size)
    blocks = _sparse_blocks(tar, entry) if entry.issparse() else _blocks(forward, entry.size)
    checked = _within_ratio(blocks, path.path, forward, intake)
    intake.take_file(path, checked, iso_utc(entry.mtime))


def _blocks(forward: ForwardStream, size: int) -> Iterator[bytes]:
    """Read the content that follows a header, in whole blocks so that holes are seen."""
    left = size
    while left:
        parts, wanted = [], min(left, BLOCK_BYTES)
        while wanted:
            part = forward.read_block(wanted)
            parts.append(part)
            wanted -= len(part)
        block = parts[0] if len(parts) == 1 else b"".join(parts)
        left -= len(block)
        yield block


def _sparse_blocks(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> Iterator[bytes]:
    content = tar.extractfile(entry)
    assert content is not None  # an entry of _PLAIN type has content
    with content:
        while block := content.read(BLOCK_BYTES):
            yield block


def _within_ratio(
    blocks: Iterator[bytes], path: str, forward: ForwardStream, intake: Intake
) -> Iterator[bytes]:
    """Pass the blocks of an entry on until it grows beyond the ratio (archive spec §1)."""
    limits = intake.limits
    begun, given = forward.consumed_bytes, 0
    for block in blocks:
        given += len(block)
        if given > limits.ratio_from_bytes:
            # A chunk may have been read before the entry began.
            taken = forward.consumed_bytes - begun + CHUNK_BYTES
            if given > limits.max_ratio * taken:
                intake.fault("limit-ratio", path, limit=str(limits.max_ratio))
                raise StopUnpacking
        yield block


def _take_hard_link(name: bytes, entry: tarfile.TarInfo, intake: Intake) -> None:
    """Make a file of a hard link to an entry that came before."""
    path = intake.path_of(name)
    if path is None:
        return
    linked = safe_path(_bytes(entry.linkname))
    target = shown(encode_name(_bytes(entry.linkname)))
    if isinstance(linked, PathFault):
        intake.fault("link-leaves", path.path, target=target)
        return
    source = intake.folder + b"/" + linked.path.encode()
    if not os.path.isfile(source):
        intake.fault("link-dangling", path.path, target=target)
        return
    intake.plan(path, os.stat(source).st_size)
    with suppress(CannotCreate):
        job = DigestJob(source, intake.algorithms, path, intake.target(path))
        for result in digest_many([job], workers=0):
            take_result(result, intake)
        return
    intake.fault("path-twice", path.path)


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
