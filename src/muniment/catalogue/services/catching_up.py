"""Bringing the catalogue up to storage, and the ledger up to the catalogue: part of `recover`.

A crash behind the sealing leaves a version that storage has and nobody else knows of. Its job
finishes it; where there is no such job any more, this does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC

from django.db import transaction
from django.db.models import QuerySet

from muniment.catalogue.models import IntellectualEntity
from muniment.catalogue.services.accession import first_day, hear_ledger, tell_ledger, untold
from muniment.catalogue.services.batches import in_batches
from muniment.catalogue.services.indexing import CHANGED, index_readable
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor, require
from muniment.runtime.errors import MunimentError, Unavailable
from muniment.runtime.failpoints import failpoint
from muniment.storage.archive import Archive
from muniment.storage.copies import copies_without_entity, count_copies, record_copies_of
from muniment.storage.types import Recovered, RecoveryAction
from muniment.work import outbox

_BATCH = 500

OnProgress = Callable[[int, int | None, str], None]
Compare = Callable[["Archive", ObjectId, int, "_Rows"], Iterator[Recovered]]


def _unwatched(done: int, total: int | None, object_id: str) -> None:
    """Nobody watches."""


def catch_up(
    archive: Archive, *, actor: Actor, on_progress: OnProgress = _unwatched
) -> list[Recovered]:
    """Index what storage has and the catalogue lacks; tell the ledger what it does not know.

    Compares numbers of versions: an object at rest costs no read of its own. What cannot be indexed
    is told and left as it is, and so are rows whose version storage does not have. Idempotent: a
    second call finds only what still cannot be done. Raises PermissionDenied, and what
    `Ledger.append` raises.
    """
    require(actor, "storage.recover")
    done = list(_index_all(archive, on_progress, _compare))
    done += _missing_in_storage(archive)
    failpoint("recover.indexed")
    told = _tell_all(archive)
    named = {each.object_id for each in done}
    reason = "the ledger did not tell of its sealing"
    done += [
        _did(RecoveryAction.RECORDED, archive, object_id, reason)
        for object_id in told
        if object_id not in named
    ]
    return done


def foresee(
    archive: Archive, *, actor: Actor, on_progress: OnProgress = _unwatched
) -> list[Recovered]:
    """Say what `catch_up` would do, as far as numbers of versions tell; changes nothing.

    Raises PermissionDenied.
    """
    require(actor, "storage.recover")
    found = list(_index_all(archive, on_progress, _foresee))
    found += _missing_in_storage(archive)
    named = {each.object_id for each in found}
    reason = "the catalogue does not know whether the ledger tells of its sealing"
    return found + [
        _did(RecoveryAction.RECORDED, archive, str(object_id), reason)
        for object_id in _untold_objects()
        if str(object_id) not in named
    ]


def _foresee(
    archive: Archive, object_id: ObjectId, newest: int, rows: _Rows
) -> Iterator[Recovered]:
    try:
        newest = archive.root.head(object_id)
    except MunimentError as exc:
        yield _did(RecoveryAction.LEFT_ALONE, archive, object_id, str(exc))
        return
    if rows.head < newest:
        reason = f"the catalogue lacks versions {rows.head + 1} to {newest}"
        yield _did(RecoveryAction.INDEXED, archive, object_id, reason)
    elif rows.copies < newest:
        reason = f"{newest - rows.copies} of its copies are in no row"
        yield _did(RecoveryAction.RECORDED, archive, object_id, reason)
    if (most := max(rows.head, rows.copies)) > newest:
        reason = f"storage has versions up to {newest}; rows are there up to version {most}"
        yield _did(RecoveryAction.LEFT_ALONE, archive, object_id, reason)


def _index_all(archive: Archive, on_progress: OnProgress, compare: Compare) -> Iterator[Recovered]:
    seen = 0
    try:
        for batch in in_batches(archive.root.heads(), _BATCH):
            ids = [object_id for object_id, _ in batch]
            known, copies = _heads(ids), count_copies(ids)
            for object_id, newest in batch:
                rows = _Rows(known.get(object_id, 0), copies.get(object_id, 0))
                if rows != _Rows(newest, newest):
                    yield from compare(archive, object_id, newest, rows)
                seen += 1
                on_progress(seen, None, object_id)
    except Unavailable as exc:
        yield Recovered(RecoveryAction.LEFT_ALONE, "the storage root", str(exc))


@dataclass(frozen=True, slots=True)
class _Rows:
    """Up to which version the catalogue knows an object, and how many of its copies are rows."""

    head: int
    copies: int


def _heads(object_ids: Sequence[str]) -> dict[str, int]:
    rows = IntellectualEntity.objects.filter(object_id__in=object_ids)
    return {str(object_id): head for object_id, head in rows.values_list("object_id", "head")}


def _compare(
    archive: Archive, object_id: ObjectId, newest: int, rows: _Rows
) -> Iterator[Recovered]:
    """Make the rows that an object lacks; what it says of itself counts now, not its folders."""
    try:
        newest = archive.root.head(object_id)
        with transaction.atomic():
            record_copies_of(object_id, archive.root)
            stopped = index_readable(object_id, newest, root=archive.root)
    except MunimentError as exc:
        stopped = exc
    reached = _heads([object_id]).get(object_id, 0)
    if rows.head < reached <= newest:
        reason = f"the catalogue lacked versions {rows.head + 1} to {reached}"
        yield _did(RecoveryAction.INDEXED, archive, object_id, reason)
    elif stopped is None and rows.copies < newest:
        reason = f"{newest - rows.copies} of its copies were in no row"
        yield _did(RecoveryAction.RECORDED, archive, object_id, reason)
    if stopped is not None:
        yield _did(RecoveryAction.LEFT_ALONE, archive, object_id, str(stopped))
    elif (most := max(reached, rows.copies)) > newest:
        reason = f"storage has versions up to {newest}; rows are there up to version {most}"
        yield _did(RecoveryAction.LEFT_ALONE, archive, object_id, reason)


def _missing_in_storage(archive: Archive) -> Iterator[Recovered]:
    """Tell of rows whose object is gone. They stay: who deletes them decides that it is lost."""
    entities = IntellectualEntity.objects.order_by("pk").values_list("object_id", "head")
    for object_id, head in entities.iterator():
        if not archive.root.holds(ObjectId(str(object_id))):
            reason = f"the catalogue knows versions 1 to {head}; storage does not have the object"
            yield _did(RecoveryAction.LEFT_ALONE, archive, str(object_id), reason)
    known = IntellectualEntity.objects.values("object_id")
    for copied in copies_without_entity(known):
        if not archive.root.holds(copied):
            reason = "a copy was recorded; storage does not have the object"
            yield _did(RecoveryAction.LEFT_ALONE, archive, copied, reason)


def _tell_all(archive: Archive) -> list[str]:
    """Bring every version that the ledger does not know of into it; return whose they were."""
    since = first_day(untold(), clock=archive.clock)
    if since is None:
        return []
    changed = _announce()
    today = archive.clock.now().astimezone(UTC).date()
    # All of it once: what was told before, and what happened to objects that nobody had indexed.
    hear_ledger(archive.ledger.read(since=since))
    while ids := _untold_objects()[:_BATCH]:
        # Whatever others appended meanwhile is of today.
        tell_ledger([str(each) for each in ids], archive, since=today)
    return changed


def _untold_objects() -> QuerySet[IntellectualEntity, object]:
    rows = IntellectualEntity.objects.filter(pk__in=untold().values("entity"))
    return rows.order_by("pk").values_list("object_id", flat=True)


def _announce() -> list[str]:
    """Let search look again at every object whose rows are about to change; return them."""
    ids = [str(each) for each in _untold_objects()]
    for start in range(0, len(ids), _BATCH):
        with transaction.atomic():
            for object_id in ids[start : start + _BATCH]:
                outbox.add(CHANGED, object_id=object_id)
    return ids


def _did(action: RecoveryAction, archive: Archive, object_id: str, reason: str) -> Recovered:
    path = archive.root.path_of(ObjectId(object_id))
    return Recovered(action, str(path), reason, object_id)
