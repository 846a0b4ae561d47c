"""Receives tar archives, compressed or not, as a stream: memory does not grow with the entries."""

# ruff: noqa: PTH113, PTH116  # names are bytes here, which pathlib does not take

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import BinaryIO

from muniment.information.listing import iso_utc
from muniment.information.paths import PathFault, encode_name, safe_path, shown
from muniment.information.unpacking.faults import BadArchive, TruncatedArchive
from muniment.information.unpacking.folder import take_result
from muniment.information.unpacking.intake import CannotCreate, Intake, StopUnpacking
from muniment.information.unpacking.streams import CHUNK_BYTES, ForwardStream
from muniment.information.unpacking.tar_entries import TarEntry, read_entries
from muniment.information.unpacking.tar_header import (
    FOLDER,
    HARD_LINK,
    REGULAR,
    SPARSE,
    SYMBOLIC_LINK,
)
from muniment.information.unpacking.tar_sparse import gaps
from muniment.runtime.digest_algorithms import BLOCK_BYTES
from muniment.runtime.digest_pool import DigestJob, digest_many

_KINDS = {b"3": "character device", b"4": "block device", b"6": "FIFO"}
_ZEROS = bytes(BLOCK_BYTES)


def receive_tar(stream: BinaryIO, compression: str, intake: Intake) -> None:
    """Take every entry of a tar archive; `compression` is "", "gz", "bz2", "xz" or "zst"."""
    forward = ForwardStream(stream, compression)
    try:
        for entry in read_entries(forward):
            _take_entry(entry, forward, intake)
        _refuse_more(forward, intake)
    except TruncatedArchive:
        intake.fault("archive-truncated")
    except BadArchive as exc:
        intake.fault("archive-malformed", reason=str(exc))


def _refuse_more(forward: ForwardStream, intake: Intake) -> None:
    """Read what follows the end mark: checksums of the compression, and nothing else but zeros."""
    for block in _within_ratio(forward.rest(), None, forward, intake):
        if block.strip(b"\0"):
            raise BadArchive("it goes on after its end; send each archive by itself")


def _take_entry(entry: TarEntry, forward: ForwardStream, intake: Intake) -> None:
    if entry.kind == FOLDER:
        intake.take_folder(entry.name)
    elif entry.kind == SYMBOLIC_LINK:
        intake.take_link(entry.name, entry.link)
    elif entry.kind == HARD_LINK:
        _take_hard_link(entry, intake)
    elif entry.kind in REGULAR or entry.kind == SPARSE:
        _take_file(entry, forward, intake)
    else:
        intake.take_special(entry.name, _KINDS.get(entry.kind, "entry of an unknown type"))


def _take_file(entry: TarEntry, forward: ForwardStream, intake: Intake) -> None:
    path = intake.path_of(entry.name)
    if path is None:
        return
    _refuse_lies(entry, path.path, forward, intake)
    intake.plan(path, entry.size_bytes)
    checked = _within_ratio(_content(entry, forward), path.path, forward, intake)
    intake.take_file(path, checked, iso_utc(entry.modified))


def _refuse_lies(entry: TarEntry, path: str, forward: ForwardStream, intake: Intake) -> None:
    """Refuse a size that no honest archive of this length can have, before room is asked for."""
    left = forward.left_bytes
    if left is not None and entry.stored_bytes > left:
        raise TruncatedArchive
    limits = intake.limits
    most = max(limits.ratio_from_bytes, limits.max_ratio * forward.archive_bytes)
    if entry.size_bytes > most:
        intake.fault("limit-ratio", path, limit=str(limits.max_ratio))
        raise StopUnpacking


def _content(entry: TarEntry, forward: ForwardStream) -> Iterator[bytes]:
    if entry.segments is None:
        yield from _blocks(forward, entry.stored_bytes)
        return
    for hole, data in gaps(entry.segments, entry.size_bytes):
        for at in range(0, hole, BLOCK_BYTES):
            yield _ZEROS[: hole - at]
        yield from _blocks(forward, data)


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


def _within_ratio(
    blocks: Iterator[bytes], path: str | None, forward: ForwardStream, intake: Intake
) -> Iterator[bytes]:
    """Pass blocks on until they are too many for what they were made from (archive spec §1)."""
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


def _take_hard_link(entry: TarEntry, intake: Intake) -> None:
    """Make a file of a hard link to an entry that came before."""
    path = intake.path_of(entry.name)
    if path is None:
        return
    linked = safe_path(entry.link)
    target = shown(encode_name(entry.link))
    if isinstance(linked, PathFault):
        intake.fault("link-leaves", path.path, target=target)
        return
    source = intake.folder + b"/" + linked.path.encode()
    if not os.path.isfile(source):
        intake.fault("link-dangling", path.path, target=target)
        return
    intake.plan(path, os.stat(source).st_size)
    try:
        job = DigestJob(source, intake.algorithms, path, intake.target(path))
    except CannotCreate:
        intake.fault("path-twice", path.path)
        return
    for result in digest_many([job], workers=0):
        take_result(result, intake)
