"""Makes a bag of a folder: in another place, or around the files where they are."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from muniment.information.bagit.bag_info import (
    Label,
    PayloadOxum,
    payload_oxum,
    read_bag_info,
)
from muniment.information.bagit.declaration import read_declaration
from muniment.information.bagit.writer import (
    DEFAULT_ALGORITHMS,
    BagWriter,
    FolderSink,
    refuse_occupied,
)
from muniment.information.paths import shown
from muniment.runtime.digest_pool import DigestJob, DigestResult, DigestStatus, digest_many
from muniment.runtime.digests import Digests
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import InvalidArgument, StorageUnavailable
from muniment.runtime.failpoints import failpoint
from muniment.runtime.findings import Finding

Progress = Callable[[int, int | None, str], None]

ASIDE = ".muniment-bag"
"""Where the tag files and the payload folder grow until all is ready."""

PROGRESS_FILES = 256


@dataclass(frozen=True, slots=True)
class BagRecipe:
    """How a bag is made; `workers` as in `digest_many`."""

    algorithms: tuple[str, ...] = DEFAULT_ALGORITHMS
    info: tuple[Label, ...] = ()
    workers: int | None = None


def create_bag(
    source: Path,
    target: Path | None = None,
    *,
    recipe: BagRecipe = BagRecipe(),  # frozen
    progress: Progress | None = None,
) -> PayloadOxum:
    """Make a bag of a folder: at `target`, or where it is, its content moved into data/.

    Each file is read once. Made in place, a folder that is left half way by `kill -9` is set
    right by the next call. Empty folders are not listed: a bag cannot say them. Raises
    InvalidArgument for links, devices, names that are not UTF-8 and a `target` that is not empty.
    """
    with storage_errors(f"the folder {source}"):
        if not source.is_dir():
            raise InvalidArgument(f"{source} is no folder; a bag is made of a folder")
        if target is not None:
            return _create_at(source, target, recipe, progress)
        return _create_in_place(source, recipe, progress)


def plan_bag(source: Path, target: Path | None = None) -> PayloadOxum:
    """Return what the payload of `create_bag` would be; reads names and sizes, writes nothing.

    Raises InvalidArgument where `create_bag` would.
    """
    with storage_errors(f"the folder {source}"):
        if not source.is_dir():
            raise InvalidArgument(f"{source} is no folder; a bag is made of a folder")
        if target is not None:
            _refuse_inside(source, target)
            refuse_occupied(target)
        sizes = [
            Path(os.fsdecode(job.path)).stat().st_size for job in _jobs(source, BagRecipe(), None)
        ]
    return PayloadOxum(sum(sizes), len(sizes))


def _refuse_inside(source: Path, target: Path) -> None:
    if target.resolve().is_relative_to(source.resolve()):
        raise InvalidArgument(f"{target} lies inside {source}; name another place")


def _create_at(
    source: Path, target: Path, recipe: BagRecipe, progress: Progress | None
) -> PayloadOxum:
    _refuse_inside(source, target)
    with BagWriter(FolderSink(target), algorithms=recipe.algorithms, info=recipe.info) as bag:
        _add_all(bag, _jobs(source, recipe, target / "data"), recipe.workers, progress)
    return PayloadOxum(bag.size_bytes, bag.file_count)


def _create_in_place(source: Path, recipe: BagRecipe, progress: Progress | None) -> PayloadOxum:
    """Digest first, then move: until the last rename nothing of the folder looks like a bag.

    `.muniment-bag/payload` is there from the first instant until all files are in data/: while it
    is, a next call moves back what lies in it; when it is not, that call finishes.
    """
    aside = source / ASIDE
    if aside.exists() and not (aside / "payload").exists():
        _move_tags(source)
        return _oxum_of(source)
    _begin(source)
    try:
        sink = FolderSink(aside / "tags")
        with BagWriter(sink, algorithms=recipe.algorithms, info=recipe.info) as bag:
            _add_all(bag, _jobs(source, recipe, None), recipe.workers, progress)
        (aside / "tags" / "data").rmdir()  # the sink's; ours becomes what `payload` is now
    except BaseException:
        shutil.rmtree(aside)  # nothing was moved yet
        raise
    failpoint("bag.digested")
    _move(source)
    return PayloadOxum(bag.size_bytes, bag.file_count)


def _oxum_of(bag: Path) -> PayloadOxum:
    findings: list[Finding] = []
    labels = read_bag_info(bag, read_declaration(bag, findings), findings)
    return payload_oxum(labels, findings) or PayloadOxum(0, 0)


def _begin(source: Path) -> None:
    aside, fresh = source / ASIDE, source / f"{ASIDE}.new"
    if aside.exists():
        for entry in list((aside / "payload").iterdir()):
            entry.rename(source / entry.name)
        shutil.rmtree(aside)
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "payload").mkdir(parents=True)
    fresh.rename(aside)


def _move(source: Path) -> None:
    payload = source / ASIDE / "payload"
    for entry in list(source.iterdir()):
        if entry.name != ASIDE:
            entry.rename(payload / entry.name)
            failpoint("bag.entry-moved")
    payload.rename(source / "data")
    failpoint("bag.payload-named")
    _move_tags(source)


def _move_tags(source: Path) -> None:
    tags = source / ASIDE / "tags"
    if tags.exists():
        # bagit.txt last: before it is there, nobody takes the folder for a bag.
        for entry in sorted(tags.iterdir(), key=lambda tag: tag.name == "bagit.txt"):
            entry.rename(source / entry.name)
            failpoint("bag.tag-moved")
        tags.rmdir()
    (source / ASIDE).rmdir()


def _jobs(source: Path, recipe: BagRecipe, target: Path | None) -> Iterator[DigestJob]:
    """Yield a job for each file, names in order; with `target` it copies."""
    waiting = [os.fspath(source)]
    prefix = len(waiting[0]) + 1
    while waiting:
        folder = waiting.pop()
        if target is not None:
            (target / folder[prefix:]).mkdir(parents=True, exist_ok=True)
        inner = []
        with os.scandir(folder) as entries:
            for entry in sorted(entries, key=lambda each: each.name):
                path = entry.path[prefix:]
                if path == ASIDE:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    inner.append(entry.path)
                    continue
                _refuse_unfit(entry, path)
                copy_to = None if target is None else f"{target}/{path}"
                yield DigestJob(entry.path, recipe.algorithms, path, copy_to)
        waiting.extend(reversed(inner))


def _refuse_unfit(entry: os.DirEntry[str], path: str) -> None:
    if not entry.is_file(follow_symlinks=False):
        raise InvalidArgument(f"{shown(path)} is a link or no file; a bag holds files only")
    if not path.isascii():
        try:
            path.encode()
        except UnicodeEncodeError as exc:
            raise InvalidArgument(f"{path!r} is not UTF-8, which a bag cannot say") from exc


def _add_all(
    bag: BagWriter, jobs: Iterable[DigestJob], workers: int | None, progress: Progress | None
) -> None:
    for done, result in enumerate(digest_many(jobs, workers=workers), 1):
        _add(bag, result)
        if progress and done % PROGRESS_FILES == 0:
            progress(done, None, result.job.tag)


def _add(bag: BagWriter, result: DigestResult) -> None:
    path: str = result.job.tag
    if result.status is not DigestStatus.OK:
        raise StorageUnavailable(f"cannot take {shown(path)}: {result.reason}")
    bag.added(path, Digests(result.size_bytes, result.digests))
