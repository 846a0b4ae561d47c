"""Checking many objects: all, the due ones, or those named; it can stop and go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor, require
from muniment.runtime.errors import InvalidArgument, ObjectMissing
from muniment.runtime.failpoints import failpoint
from muniment.storage.archive import Archive
from muniment.storage.copies import copied_objects, is_damage_told, newest_copy
from muniment.storage.fixity.checking import check_object
from muniment.storage.fixity.recording import record_check
from muniment.storage.fixity.spreading import share_of
from muniment.storage.models import Copy, FixityCheck
from muniment.storage.ports import StorageRoot
from muniment.storage.types import FixityLine, FixityResult

PERIOD = timedelta(days=90)
"""How long a check is good for, unless told otherwise (archive spec §4)."""


class Scope(StrEnum):
    """Which objects a run takes; `SPREAD` is a day's even share of them (see `spreading`)."""

    NAMED = "named"
    DUE = "due"
    SPREAD = "spread"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class FixityRun:
    """What is to be checked. A run that is started again goes on where it stopped: by `run_id`.

    `most` bounds the number of objects of a `DUE` run, so that the load is spread over the days.
    """

    run_id: UUID
    scope: Scope
    object_ids: Sequence[ObjectId] = ()
    period: timedelta = PERIOD
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Watcher:
    """Takes progress (objects, files, bytes so far) and may raise to stop between two files.

    `before_object` may raise to stop before an object is begun; `on_block` may wait between two
    blocks of a file, see `check_object`.
    """

    on_file: Callable[[int, int, str], None]
    on_object: Callable[[FixityCheck], None]
    before_object: Callable[[], None] = lambda: None
    on_block: Callable[[int], None] | None = None


def _unwatched_file(files: int, size_bytes: int, path: str) -> None:
    """Nobody watches."""


def _unwatched_object(check: FixityCheck) -> None:
    """Nobody watches."""


UNWATCHED = Watcher(_unwatched_file, _unwatched_object)


def check_fixity(
    run: FixityRun, archive: Archive, *, actor: Actor, watcher: Watcher = UNWATCHED
) -> list[FixityCheck]:
    """Re-read the objects of a run in full and keep what came of each; return all of the run.

    Goes on behind damage. An object counts as checked when its record is in the ledger; one that
    was interrupted is read again. Raises PermissionDenied, InvalidArgument (nothing named),
    ObjectMissing (nobody knows a named object), and what `Ledger.append` raises.
    """
    require(actor, "fixity.run")
    done = set(FixityCheck.objects.filter(run_id=run.run_id).values_list("object_id", flat=True))
    totals = [0, 0]

    def count(line: FixityLine, size_bytes: int) -> None:
        totals[0] += 1
        totals[1] += size_bytes
        watcher.on_file(totals[0], totals[1], line.path)

    for object_id in _objects(run, archive, watcher):
        if UUID(object_id) in done:
            continue
        watcher.before_object()
        checked = check_object(object_id, archive.root, count, watcher.on_block)
        failpoint("fixity.read")
        check = record_check(
            checked,
            run_id=run.run_id,
            at=archive.clock.now(),
            actor=actor,
            ledger=archive.ledger,
        )
        failpoint("fixity.recorded")
        watcher.on_object(check)
    return list(FixityCheck.objects.filter(run_id=run.run_id).order_by("object_id"))


def _objects(run: FixityRun, archive: Archive, watcher: Watcher) -> Iterator[ObjectId]:
    match run.scope:
        case Scope.ALL:
            yield from archive.root.object_ids()
            # What storage lost altogether is missing, not unknown.
            yield from (each for each in copied_objects() if not archive.root.holds(each))
        case Scope.DUE:
            due = Copy.objects.due_for_fixity(archive.clock.now(), run.period)
            # All at once: each check moves its object out of the query.
            for object_id, _ in list(due[: run.most]):
                yield ObjectId(str(object_id))
        case Scope.SPREAD:
            yield from share_of(archive.clock.now(), run.period)
            yield from _with_damaged_inventories(archive.root, watcher)
        case Scope.NAMED:
            yield from _named(run, archive)


def _with_damaged_inventories(root: StorageRoot, watcher: Watcher) -> Iterator[ObjectId]:
    """Give the objects whose inventories or sidecars are not as they were, whosever turn it is.

    They are looked at every day (archive spec §4). Damage that was told waits for its repair.
    """
    for object_id in root.object_ids():
        watcher.before_object()
        if root.check_structure(object_id) and not is_damage_told(object_id):
            yield object_id


def _named(run: FixityRun, archive: Archive) -> Iterator[ObjectId]:
    if not run.object_ids:
        raise InvalidArgument("say which objects to check: their ids, --all or --due")
    for object_id in run.object_ids:
        if not archive.root.holds(object_id) and not newest_copy(object_id):
            raise ObjectMissing(f"there is no object {object_id}")
    yield from run.object_ids


def worst(checks: Sequence[FixityCheck]) -> FixityResult:
    """Return the result that decides the exit code: damage before what could not be read."""
    found = {check.outcome for check in checks}
    order = (FixityResult.MISMATCH, FixityResult.MISSING, FixityResult.COULD_NOT_READ)
    return next((each for each in order if each.value in found), FixityResult.CORRECT)
