"""Keeping what a check came to: first in the ledger, then as rows that the ledger can give back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from muniment.information.event_types import EventType
from muniment.information.identifiers import event_id
from muniment.runtime.actor import Actor
from muniment.runtime.metrics import FIXITY_FAILURES
from muniment.storage.copies import newest_copy
from muniment.storage.fixity.checking import ObjectFixity
from muniment.storage.ledger.events import LedgerEvent
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.ledger.records import LedgerRecord, NewRecord, readable
from muniment.storage.models import Copy, CopyState, FixityCheck
from muniment.storage.telling import tell_catalogue
from muniment.storage.types import FixityResult

_STATES = {
    FixityResult.CORRECT: CopyState.VERIFIED,
    FixityResult.MISMATCH: CopyState.DAMAGED,
    FixityResult.MISSING: CopyState.MISSING,
}


def record_check(
    checked: ObjectFixity, *, run_id: UUID, at: datetime, actor: Actor, ledger: Ledger
) -> FixityCheck:
    """Append a PREMIS `fixity check` event to the ledger and keep its row.

    Raises what `Ledger.append` raises; a crash in between is made good by the next rebuild.
    """
    if checked.outcome is not FixityResult.CORRECT:
        FIXITY_FAILURES.add()
    (record,) = ledger.append([_record(checked, run_id, at, actor)])
    with transaction.atomic():
        apply_check(record)
        tell_catalogue(record, without="fixity")
    return FixityCheck.objects.get(seq=record.seq)


def _record(checked: ObjectFixity, run_id: UUID, at: datetime, actor: Actor) -> NewRecord:
    """Return the event as the catalogue reads it; `fixity` is what the row needs besides."""
    counts = checked.counts
    is_correct = checked.outcome is FixityResult.CORRECT
    # What cannot say its newest version has damaged copies of all that we know of.
    version = checked.version or newest_copy(checked.object_id)
    event = LedgerEvent(
        event_id=event_id(checked.object_id, "fixity check", str(run_id)),
        event_type=EventType.FIXITY_CHECK,
        at=at,
        detail=_detail(checked),
        outcome="success" if is_correct else "failure",
        outcome_detail="; ".join(f"{count} {name.value}" for name, count in counts.items()),
        implementer=actor.name,
    )
    said = {
        "run_id": str(run_id),
        "version": version,
        "outcome": checked.outcome.value,
        "counts": {name.value: count for name, count in counts.items()},
        "size_bytes": checked.size_bytes,
        "lines": [line.as_json() for line in checked.lines],
        "actor": actor.name,
    }
    return event.record(checked.object_id, fixity=said)


def _detail(checked: ObjectFixity) -> str:
    if checked.version:
        return f"every file of versions 1 to {checked.version} read in full"
    return "no file could be read: the inventory does not say which there are"


def apply_check(record: LedgerRecord) -> bool:
    """Make the row of the check that a record says; False for any other record. Idempotent.

    Raises CorruptObject for a check that nobody can read.
    """
    said = record.payload.get("fixity")
    if record.kind != "event" or not isinstance(said, Mapping):
        return False
    with readable(record):
        _apply(record, said)
    return True


def _apply(record: LedgerRecord, said: Mapping[str, Any]) -> None:  # JSON that `_record` wrote
    outcome = FixityResult(said["outcome"])
    checked_at = datetime.fromisoformat(str(record.payload["date_time"]))
    counts = said["counts"]
    with transaction.atomic():
        FixityCheck.objects.update_or_create(
            seq=record.seq,
            defaults={
                "event_id": str(record.payload["event_id"]),
                "run_id": said["run_id"],
                "object_id": record.object_id,
                "version": said["version"],
                "checked_at": checked_at,
                "actor": said["actor"],
                "outcome": outcome.value,
                "correct_count": counts[FixityResult.CORRECT.value],
                "mismatch_count": counts[FixityResult.MISMATCH.value],
                "missing_count": counts[FixityResult.MISSING.value],
                "unread_count": counts[FixityResult.COULD_NOT_READ.value],
                "size_bytes": said["size_bytes"],
                "lines": said["lines"],
            },
        )
        copies = Copy.objects.filter(object_id=record.object_id, number__lte=said["version"])
        if outcome in _STATES:
            copies.update(state=_STATES[outcome], verified_at=checked_at)
