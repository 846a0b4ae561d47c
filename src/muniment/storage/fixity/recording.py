"""Keeping what a check came to: first in the ledger, then as rows that the ledger can give back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from muniment.information.event_types import EventType
from muniment.information.identifiers import event_id
from muniment.runtime.actor import Actor
from muniment.storage.fixity.checking import ObjectFixity
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.ledger.records import LedgerRecord, NewRecord
from muniment.storage.models import Copy, CopyState, FixityCheck
from muniment.storage.types import FixityResult
from muniment.work import outbox

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
    payload = _payload(checked, run_id, at, actor)
    (record,) = ledger.append([NewRecord("event", checked.object_id, payload)])
    with transaction.atomic():
        apply_records([record])
        _tell(record)
    return FixityCheck.objects.get(seq=record.seq)


def _tell(record: LedgerRecord) -> None:
    """Let the catalogue know the event; the lines of files are for our own row only."""
    outbox.add(
        "ledger recorded",
        object_id=record.object_id,
        seq=record.seq,
        recorded_at=record.recorded_at.isoformat(),
        kind=record.kind,
        payload={name: value for name, value in record.payload.items() if name != "fixity"},
    )


def _payload(checked: ObjectFixity, run_id: UUID, at: datetime, actor: Actor) -> dict[str, object]:
    """Return the event as the catalogue reads it; `fixity` is what the row needs besides."""
    counts = checked.counts
    is_correct = checked.outcome is FixityResult.CORRECT
    return {
        "event_id": event_id(checked.object_id, "fixity check", str(run_id)),
        "event_type": EventType.FIXITY_CHECK.value,
        "date_time": at.isoformat(),
        "detail": f"every file of versions 1 to {checked.version} read in full",
        "outcome": "success" if is_correct else "failure",
        "outcome_detail": "; ".join(f"{count} {name.value}" for name, count in counts.items()),
        "agents": [
            {"name": "Muniment", "type": "software", "role": "executing program"},
            {"name": actor.name, "type": "person", "role": "implementer"},
        ],
        "fixity": {
            "run_id": str(run_id),
            "version": checked.version,
            "outcome": checked.outcome.value,
            "counts": {name.value: count for name, count in counts.items()},
            "size_bytes": checked.size_bytes,
            "lines": [line.as_json() for line in checked.lines],
            "actor": actor.name,
        },
    }


def apply_records(records: Iterable[LedgerRecord]) -> int:
    """Make the rows of the checks among these records; return how many. Idempotent."""
    done = 0
    for record in records:
        said = record.payload.get("fixity")
        if record.kind == "event" and isinstance(said, Mapping):
            _apply(record, said)
            done += 1
    return done


def _apply(record: LedgerRecord, said: Mapping[str, Any]) -> None:  # JSON that `_payload` wrote
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
