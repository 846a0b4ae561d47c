"""Jobs as JSON documents, for the API and the command line alike."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from muniment.work.models import DomainEvent, Job

Document = dict[str, Any]  # Any: JSON of any shape


def job(row: Job) -> Document:
    """Return a job without its history."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "state": row.state,
        "held_reason": row.held_reason or None,
        "queue": row.queue,
        "group": row.group or None,
        "priority": row.priority,
        "attempts": row.attempts,
        "max_attempts": row.max_attempts,
        "asked_by": row.asked_by,
        "parent": row.parent_id,
        "progress": {
            "done": row.progress_done,
            "total": row.progress_total,
            "unit": row.progress_unit or None,
            "message": row.progress_message or None,
        },
        "cancel_requested_at": _iso(row.cancel_requested_at),
        "created_at": _iso(row.created_at),
        "run_after": _iso(row.run_after),
        "started_at": _iso(row.started_at),
        "ended_at": _iso(row.ended_at),
        "error": {"class": row.error_class, "text": row.error_text} if row.error_class else None,
    }


def whole_job(row: Job, now: datetime) -> Document:
    """Return everything about one job; five queries."""
    from muniment.work.queries import history_of, remaining_s, why_it_waits

    return job(row) | {
        "arguments": row.arguments,
        "result": row.result,
        "choices": row.choices,
        "decision": row.decision,
        "waits": why_it_waits(row) or None,
        "remaining_s": remaining_s(row, now),
        "lease": {"owner": row.lease_owner, "until": _iso(row.lease_until)}
        if row.lease_owner
        else None,
        "error_story": row.error_story or None,
        "history": [
            {"at": _iso(each.at), "state": each.state, "attempt": each.attempt, "by": each.by}
            | ({"note": each.note} if each.note else {})
            for each in history_of(row)
        ],
    }


def event(row: DomainEvent) -> Document:
    """Return something that happened."""
    return {
        "number": row.pk,
        "name": row.name,
        "entity": row.entity,
        "at": row.at.isoformat(),
        "payload": row.payload,
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
