"""What a worker may write while it holds a lease: every statement carries the fencing token."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from muniment.runtime.failpoints import failpoint
from muniment.work.changes import Note, SqlValue, change_and_note
from muniment.work.claiming import token_value
from muniment.work.database_time import from_now, from_now_sql, now_sql
from muniment.work.interruptions import LeaseLost
from muniment.work.models import Job
from muniment.work.types import JobState, Lease, Progress, Settlement


@dataclass(frozen=True, slots=True)
class Beat:
    """What the worker learns from a heartbeat."""

    is_cancelled: bool


def _held(lease: Lease) -> QuerySet[Job]:
    return Job.objects.filter(
        pk=lease.job_id, state=JobState.RUNNING.value, lease_token=lease.token
    )


def hold(lease: Lease) -> None:
    """Lock the job for the rest of the transaction; LeaseLost when it is not ours any more."""
    if not _held(lease).select_for_update().values_list("pk").first():
        raise LeaseLost(f"job {lease.job_id} was taken from {lease.owner}")


def extend(lease: Lease, progress: Progress, *, lease_s: float) -> Beat | None:
    """Renew the lease and write the progress; None when another worker has the job."""
    renewed = _held(lease).update(
        lease_until=from_now(lease_s),
        heartbeat_at=Now(),
        progress_done=progress.done,
        progress_total=progress.total,
        progress_unit=progress.unit,
        progress_message=progress.message,
    )
    return look(lease) if renewed else None


@contextmanager
def long_transaction() -> Iterator[None]:
    """Open a transaction that may take longer than a lease.

    On SQLite it holds back every heartbeat, and the reaper too. The time in which nobody could
    renew a lease does not count: the last statement lengthens all of them by it, so there is no
    instant in which a reaper finds them over. Workers that die meanwhile are known by their owner.
    """
    began_s = time.monotonic()
    with transaction.atomic():
        yield
        if connection.vendor == "sqlite":
            span = timedelta(seconds=time.monotonic() - began_s)
            running = Job.objects.filter(state=JobState.RUNNING.value)
            running.update(lease_until=F("lease_until") + span)


def look(lease: Lease) -> Beat | None:
    """Read whether the job is cancelled; None when another worker has it."""
    row = _held(lease).values_list("cancel_requested_at").first()
    return None if row is None else Beat(row[0] is not None)


def settle(lease: Lease, settlement: Settlement, progress: Progress | None = None) -> bool:
    """Leave the job in its new state and give up the lease, or write nothing and return False.

    A job that goes back to the queue although somebody cancelled it is cancelled.
    """
    found = settlement
    if settlement.state is JobState.QUEUED:
        beat = look(lease)
        if beat is not None and beat.is_cancelled:
            found = Settlement(JobState.CANCELLED, note="cancelled")
    is_ours = _settle(lease, found, progress or Progress())
    failpoint("work.settled")
    return is_ours


_SETTLE = """
UPDATE work_job SET state = %s, held_reason = %s, choices = {json}, result = {json},
    error_class = %s, error_text = %s, error_story = %s, ended_at = {ended}, run_after = {later},
    attempts = attempts - %s, lease_owner = '', lease_token = NULL, lease_until = NULL,
    progress_done = %s, progress_total = %s, progress_unit = %s, progress_message = %s
WHERE id = %s AND state = 'running' AND lease_token = %s
RETURNING id, {attempt} AS attempt
"""  # in SQL for its speed, like the claim


def _settle(lease: Lease, settlement: Settlement, progress: Progress) -> bool:
    is_at = settlement.run_after is not None
    statement = _SETTLE.format(
        json="%s::jsonb" if connection.vendor == "postgresql" else "%s",
        ended=now_sql() if settlement.state.is_ended else "NULL",
        later="%s" if is_at else from_now_sql(),
        attempt=int(lease.attempt),
    )
    result = settlement.result
    values: list[SqlValue] = [
        settlement.state.value,
        settlement.held_reason,
        json.dumps(settlement.choices),
        None if result is None else json.dumps(result),
        settlement.error_class,
        settlement.error_text,
        settlement.error_story,
        connection.ops.adapt_datetimefield_value(settlement.run_after)
        if is_at
        else settlement.delay_s,
        0 if settlement.counts_as_attempt else 1,
        progress.done,
        progress.total,
        progress.unit,
        progress.message,
        lease.job_id,
        token_value(lease.token),
    ]
    note = Note(settlement.state, lease.owner, settlement.note)
    row = change_and_note(statement, values, note, failpoint_name="work.settling")
    return row is not None


RELEASED: dict[str, object] = {"lease_owner": "", "lease_token": None, "lease_until": None}
"""The columns of a job that nobody has."""
