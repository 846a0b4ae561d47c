"""Receives a folder or a single file: copied and digested in one read, on every core."""

# ruff: noqa: PTH115, PTH116  # names are bytes here, which pathlib does not take

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from enum import IntEnum

from muniment.information.listing import iso_utc
from muniment.information.paths import SafePath, encode_name, shown
from muniment.information.unpacking.intake import Intake
from muniment.runtime.digest_helper import path_of
from muniment.runtime.digest_pool import DigestJob, DigestResult, DigestStatus, digest_many
from muniment.runtime.digests import Digests
from muniment.runtime.errors import StorageUnavailable

_KINDS = {
    stat.S_IFIFO: "FIFO",
    stat.S_IFSOCK: "socket",
    stat.S_IFCHR: "character device",
    stat.S_IFBLK: "block device",
}
# What the producer's own rights or a change under our hands explain; all else is our disk.
_FAULTS_OF_THE_PACKAGE = {errno.EACCES, errno.EPERM, errno.ELOOP, errno.EINVAL, errno.ENXIO}

# A regular file when it was listed, a link, FIFO, device or socket when it was opened.
_REPLACED = {errno.ELOOP, errno.EINVAL, errno.ENXIO}
_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}


class _Kind(IntEnum):
    LINK = 0
    FOLDER = 1
    OTHER = 2


def receive_folder(source: bytes, intake: Intake) -> None:
    """Take every file below a folder, folder by folder, names in byte order.

    What is changed, removed or replaced between its listing and the end of its copy is a finding;
    a link that takes the place of a file or folder is never followed.
    """
    for result in digest_many(list_folder(source, intake)):
        take_result(result, intake)


def receive_file(source: bytes, name: bytes, intake: Intake) -> None:
    """Take one file under this name."""
    place = os.path.realpath(source)
    for result in digest_many(_job(place, name, os.stat(place), intake)):
        take_result(result, intake)


def list_folder(source: bytes, intake: Intake) -> Iterator[DigestJob]:
    """Yield a job for each file below a folder; what is no file is told to the intake at once."""
    top = os.path.realpath(source)
    prefix = len(top.rstrip(b"/")) + 1
    folders = [top]
    while folders:
        inner = []
        folder = folders.pop()
        for entry, kind in _entries(folder, prefix, intake):
            path = folder.rstrip(b"/") + b"/" + entry
            name = path[prefix:]
            if kind is _Kind.FOLDER:
                inner += [path] if intake.take_folder(name) else []
                continue
            try:
                seen = os.readlink(path) if kind is _Kind.LINK else os.lstat(path)
            except OSError as exc:
                _tell(exc, name, intake)
                continue
            if isinstance(seen, bytes):
                intake.take_link(name, seen)
            else:
                yield from _job(path, name, seen, intake)
        folders.extend(reversed(inner))


def _entries(folder: bytes, prefix: int, intake: Intake) -> list[tuple[bytes, _Kind]]:
    """Return the names in a folder with their kinds, in byte order."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            if path_of(descriptor) != folder:
                raise NotADirectoryError(errno.ELOOP, os.strerror(errno.ELOOP))
            with os.scandir(descriptor) as entries:
                return sorted((os.fsencode(entry.name), _kind_of(entry)) for entry in entries)
        finally:
            os.close(descriptor)
    except OSError as exc:
        _tell(exc, folder[prefix:] or os.path.basename(folder), intake)  # noqa: PTH119  # bytes
        return []


def _kind_of(entry: os.DirEntry[str]) -> _Kind:
    if entry.is_symlink():
        return _Kind.LINK
    return _Kind.FOLDER if entry.is_dir(follow_symlinks=False) else _Kind.OTHER


def _tell(exc: OSError, name: bytes, intake: Intake) -> None:
    """Tell what the producer's rights or doings explain; raise what is a fault of the disk."""
    path = shown(encode_name(name)) or None
    if exc.errno in _GONE:
        intake.fault("entry-changed", path)
    elif exc.errno in _FAULTS_OF_THE_PACKAGE:
        intake.fault("entry-unreadable", path, reason=exc.strerror or "")
    else:
        raise exc


def _job(source: bytes, name: bytes, status: os.stat_result, intake: Intake) -> Iterator[DigestJob]:
    if not stat.S_ISREG(status.st_mode):
        intake.take_special(name, _KINDS.get(stat.S_IFMT(status.st_mode), "special file"))
        return
    path = intake.path_of(name)
    if path is None:
        return
    intake.plan(path, status.st_size)
    yield DigestJob(
        source,
        intake.algorithms,
        path,
        intake.target(path),
        size_bytes=status.st_size,
        modified_ns=status.st_mtime_ns,
    )


def take_result(result: DigestResult, intake: Intake) -> None:
    """Write down what became of one copied file. Raises StorageUnavailable for a fault of ours."""
    path: SafePath = result.job.tag
    match result.status:
        case DigestStatus.OK:
            digests = Digests(result.size_bytes, result.digests)
            intake.listed(path, digests, iso_utc(result.modified_ns / 1e9))
        case DigestStatus.UNWRITABLE if result.errno == errno.EEXIST:
            intake.fault("path-twice", path.path)
        case DigestStatus.UNWRITABLE:
            raise StorageUnavailable(f"cannot write {path.path}: {result.reason}")
        case DigestStatus.UNREADABLE if result.errno not in _FAULTS_OF_THE_PACKAGE:
            raise StorageUnavailable(f"cannot read {path.path}: {result.reason}")
        case DigestStatus.MISSING | DigestStatus.CHANGED:
            intake.fault("entry-changed", path.path)
        case DigestStatus.UNREADABLE if result.errno in _REPLACED:
            intake.fault("entry-changed", path.path)
        case _:  # not to be read for a reason that lies with the producer
            intake.fault("entry-unreadable", path.path, reason=result.reason)
