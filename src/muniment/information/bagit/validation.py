"""Validates bags: every fault of a bag on disk, or of one that was received and digested."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from muniment.information.bagit.check import BagCheck, open_check
from muniment.information.bagit.declaration import CODES
from muniment.information.bagit.report import BagReport
from muniment.information.listing import ListedFile
from muniment.information.paths import encode_name
from muniment.runtime.digest_pool import DigestJob, DigestResult, DigestStatus, digest_many
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.findings import has_errors

PROGRESS_FILES = 256
Progress = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class _Present:
    """A file that is there: its key, its place, its size, the digests that are known already."""

    key: str
    place: bytes
    size_bytes: int
    digests: Mapping[str, str]


def validate_bag(
    path: Path,
    workers: int | None = None,
    *,
    quick: bool = False,
    progress: Progress | None = None,
) -> BagReport:
    """Validate a bag on disk; each file is read once for all of its digests.

    With `quick` no payload is read when Payload-Oxum or the list of files is wrong already.
    Memory grows by the lines of the manifests only. Raises InvalidArgument when there is no folder,
    StorageUnavailable when it cannot be read. Source: RFC 8493 §3.
    """
    _require_folder(path)
    with storage_errors(f"the bag at {path}"):
        check = open_check(path)
        present = list(_walk(os.fsencode(path), check))
        return _verify(check, present, workers, quick=quick, progress=progress)


def _require_folder(path: Path) -> None:
    with storage_errors(f"the bag at {path}"):
        try:
            mode = path.stat().st_mode
        except (FileNotFoundError, NotADirectoryError) as exc:
            raise InvalidArgument(f"there is nothing at {path}") from exc
    if not stat.S_ISDIR(mode):
        kind = "a file" if stat.S_ISREG(mode) else "a device, FIFO or socket"
        raise InvalidArgument(f"{path} is {kind}, and a bag is a folder: unpack a packed bag first")


def check_listed(root: Path, files: Iterable[ListedFile], *, base: str = "") -> BagReport:
    """Validate a bag that was received, by the digests of its listing.

    `files` are all files of the package at `root`; the bag is its folder `base` ("" = the root).
    Only a file whose listing lacks an algorithm is read again.
    """
    prefix = f"{base}/" if base else ""
    bag = root / base
    with storage_errors(f"the bag at {bag}"):
        check = open_check(bag)
        return _verify(check, _listed(root, files, prefix), None)


def _listed(root: Path, files: Iterable[ListedFile], prefix: str) -> Iterator[_Present]:
    folder = os.fsencode(root) + b"/"
    above = prefix.count("/")
    for file in files:
        if file.path.startswith(prefix):
            # Not by length: the name of the top folder may be another in our path than it was.
            key = file.original_name.split("/", above)[above]
            yield _Present(key, folder + file.path.encode(), file.size_bytes, file.digests)


def _walk(bag: bytes, check: BagCheck) -> Iterator[_Present]:
    waiting = [bag]
    prefix = len(bag) + 1
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                    continue
                status = entry.stat(follow_symlinks=False)
                key = encode_name(entry.path[prefix:])
                if stat.S_ISREG(status.st_mode):
                    yield _Present(key, entry.path, status.st_size, {})
                else:
                    kind = "a symbolic link" if entry.is_symlink() else "a device, FIFO or socket"
                    check.findings.append(CODES.finding("file-special", path=key, kind=kind))


def _verify(
    check: BagCheck,
    present: Iterable[_Present],
    workers: int | None,
    *,
    quick: bool = False,
    progress: Progress | None = None,
) -> BagReport:
    jobs: Iterable[DigestJob] = _jobs(check, present)
    if quick:
        jobs = list(jobs)
        if has_errors(check.findings):
            jobs = []
    for done, result in enumerate(digest_many(jobs, workers=workers), 1):
        _compare(check, result)
        if progress and done % PROGRESS_FILES == 0:
            progress(done, None, result.job.tag[0].key)
    return check.report()


def _jobs(check: BagCheck, present: Iterable[_Present]) -> Iterator[DigestJob]:
    """Compare what is known, yield what must be read; at its end all files are accounted for."""
    extra: dict[str, _Present] = {}
    for file in present:
        check.count(file.key, file.size_bytes)
        if expected := check.take(file.key):
            yield from _job(check, file, expected)
        else:
            extra[file.key] = file
    aliases = check.aliases(list(extra))
    for key, file in extra.items():
        if key in aliases and (expected := check.take(aliases[key])):
            yield from _job(check, file, expected)
        else:
            check.unlisted(key)
    check.check_oxum()


def _job(check: BagCheck, file: _Present, expected: Mapping[str, bytes]) -> Iterator[DigestJob]:
    if expected.keys() <= file.digests.keys():
        check.compare(file.key, expected, file.digests)
        return
    lacking = tuple(name for name in expected if name not in file.digests)
    yield DigestJob(file.place, lacking, (file, expected), size_bytes=file.size_bytes)


def _compare(check: BagCheck, result: DigestResult) -> None:
    file, expected = result.job.tag
    if result.status is DigestStatus.OK:
        check.compare(file.key, expected, {**file.digests, **result.digests})
    else:
        code = CODES.finding("file-unreadable", path=file.key, reason=result.reason)
        check.findings.append(code)
