"""Receives a folder or a single file: copied and digested in one read, on every core."""

# ruff: noqa: PTH115, PTH116  # names are bytes here, which pathlib does not take

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator

from muniment.information.listing import iso_utc
from muniment.information.paths import SafePath
from muniment.information.unpacking.intake import Intake
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


def receive_folder(source: bytes, intake: Intake) -> None:
    """Take every file below a folder, folder by folder, names in byte order."""
    for result in digest_many(_jobs(source, intake)):
        take_result(result, intake)


def receive_file(source: bytes, name: bytes, intake: Intake) -> None:
    """Take one file under this name."""
    for result in digest_many(_job(source, name, os.stat(source), intake)):
        take_result(result, intake)


def _jobs(source: bytes, intake: Intake) -> Iterator[DigestJob]:
    prefix = len(source.rstrip(b"/")) + 1
    folders = [source.rstrip(b"/")]
    while folders:
        inner = []
        for entry in _entries(folders.pop(), prefix, intake):
            name = entry.path[prefix:]
            if entry.is_symlink():
                intake.take_link(name, os.readlink(entry.path))
            elif entry.is_dir(follow_symlinks=False):
                if intake.take_folder(name):
                    inner.append(entry.path)
            else:
                yield from _job(entry.path, name, entry.stat(follow_symlinks=False), intake)
        folders.extend(reversed(inner))


def _entries(folder: bytes, prefix: int, intake: Intake) -> list[os.DirEntry[bytes]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except PermissionError as exc:
        name = os.fsdecode(folder[prefix:])
        intake.fault("entry-unreadable", name, reason=exc.strerror or "")
        return []


def _job(source: bytes, name: bytes, status: os.stat_result, intake: Intake) -> Iterator[DigestJob]:
    if not stat.S_ISREG(status.st_mode):
        intake.take_special(name, _KINDS.get(stat.S_IFMT(status.st_mode), "special file"))
        return
    path = intake.path_of(name)
    if path is None:
        return
    intake.plan(path, status.st_size)
    yield DigestJob(source, intake.algorithms, path, intake.target(path), status.st_size)


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
        case _:  # missing, or not to be read for a reason that lies with the producer
            intake.fault("entry-unreadable", path.path, reason=result.reason)
