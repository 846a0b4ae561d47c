"""Re-reading one object in full (archive spec §4; OCFL 1.1 §3.5.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from muniment.information.identifiers import ObjectId
from muniment.runtime.digest_pool import (
    DigestJob,
    DigestResult,
    DigestStatus,
    digest_many,
    digest_paced,
)
from muniment.runtime.digests import ALGORITHMS
from muniment.runtime.errors import Damaged, Missing, Unavailable
from muniment.storage.ports import StorageRoot
from muniment.storage.types import ContentFile, FixityLine, FixityResult

MOST_LINES = 1000
"""So many files that are not correct are named; all are counted."""

OnFile = Callable[[FixityLine, int], None]
"""Takes the result of one file and its size in bytes."""


@dataclass(slots=True)
class ObjectFixity:
    """What re-reading one object came to. `lines` are files that were not correct."""

    object_id: ObjectId
    version: int
    size_bytes: int = 0
    counts: dict[FixityResult, int] = field(default_factory=lambda: dict.fromkeys(FixityResult, 0))
    lines: list[FixityLine] = field(default_factory=list)

    def add(self, line: FixityLine) -> None:
        """Count a file, and name it when something is wrong with it."""
        self.counts[line.result] += 1
        if line.result is not FixityResult.CORRECT and len(self.lines) < MOST_LINES:
            self.lines.append(line)

    @property
    def outcome(self) -> FixityResult:
        """The worst of the results; damage outranks what merely could not be read."""
        return next((each for each in _WORST_FIRST if self.counts[each]), FixityResult.CORRECT)


_WORST_FIRST = (FixityResult.MISMATCH, FixityResult.MISSING, FixityResult.COULD_NOT_READ)


def check_object(
    object_id: ObjectId,
    root: StorageRoot,
    on_file: OnFile | None = None,
    on_block: Callable[[int], None] | None = None,
) -> ObjectFixity:
    """Re-read an object once, in full: inventories and sidecars first, then every content file.

    Goes on behind every fault; raises nothing about the object's bytes. All digests that are
    recorded for a file (SHA-512 and the fixity block) come from one read of it. With `on_block`,
    which may wait, files are read one after the other, and not on every core.
    """
    checked = ObjectFixity(object_id, _head(object_id, root))
    for line in root.check_structure(object_id):
        checked.add(line)
    try:
        jobs = _jobs(object_id, root)
        for result in digest_paced(jobs, on_block) if on_block else digest_many(jobs):
            line = _line(result)
            checked.add(line)
            checked.size_bytes += result.size_bytes
            if on_file is not None:
                on_file(line, result.size_bytes)
    except (Damaged, Missing, Unavailable) as exc:
        # The inventory itself: `check_structure` has told of it, unless it changed meanwhile.
        if checked.outcome is FixityResult.CORRECT:
            checked.add(FixityLine("inventory.json", _result_of(exc), reason=str(exc)))
    return checked


def _head(object_id: ObjectId, root: StorageRoot) -> int:
    try:
        return root.head(object_id)
    except (Damaged, Unavailable):
        return 0  # unknown; `check_structure` tells why


def _result_of(exc: Damaged | Missing | Unavailable) -> FixityResult:
    match exc:
        case Damaged():
            return FixityResult.MISMATCH
        case Missing():
            return FixityResult.MISSING
        case _:
            return FixityResult.COULD_NOT_READ


def _jobs(object_id: ObjectId, root: StorageRoot) -> Iterator[DigestJob]:
    folder = root.path_of(object_id)
    for file in root.content_files(object_id):
        # Digests of algorithms that we do not know are kept, but cannot be compared.
        algorithms = tuple(name for name in file.digests if name in ALGORITHMS)
        yield DigestJob(f"{folder}/{file.content_path}", algorithms, file)


def _line(result: DigestResult) -> FixityLine:
    file: ContentFile = result.job.tag
    match result.status:
        case DigestStatus.OK:
            return _compared(file, result.digests)
        case DigestStatus.MISSING:
            return FixityLine(file.content_path, FixityResult.MISSING)
        case _:
            return FixityLine(file.content_path, FixityResult.COULD_NOT_READ, reason=result.reason)


def _compared(file: ContentFile, found: dict[str, str]) -> FixityLine:
    for algorithm, digest in found.items():
        expected = file.digests[algorithm]
        if digest != expected:
            return FixityLine(
                file.content_path,
                FixityResult.MISMATCH,
                algorithm=algorithm,
                expected=expected,
                found=digest,
            )
    return FixityLine(file.content_path, FixityResult.CORRECT)
