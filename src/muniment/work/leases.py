"""What a worker may write while it holds a lease: every statement carries the fencing token."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from muniment.runtime.failpoints import failpoint
from muniment.work.changes import note_change
from muniment.work.database_time import from_now
from muniment.work.interruptions import LeaseLost
from muniment.work.models import Job
from muniment.work.types import JobState, Lease, Progress, Settlement


@dataclass(frozen=True, slots=True)
class Beat:
    """What the worker learns from a heartbeat."""

    is_cancelled: bool


def lease_of(job: Job) -> Lease:
    """Return the lease of a job that was just claimed."""
    if job.lease_token is None:
        raise LeaseLost(f"job {job.pk} is not leased")
    return Lease(int(job.pk), job.lease_token, job.lease_owner, job.attempts)


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


def look(lease: Lease) -> Beat | None:
    """Read whether the job is cancelled; None when another worker has it."""
    row = _held(lease).values_list("cancel_requested_at").first()
    return None if row is None else Beat(row[0] is not None)


def settle(lease: Lease, settlement: Settlement, progress: Progress | None = None) -> bool:
    """Leave the job in its new state and give up the lease, or write nothing and return False.

    A job that goes back to the queue although somebody cancelled it is cancelled.
    """
    with transaction.atomic():
        found = settlement
        if settlement.state is JobState.QUEUED:
            beat = look(lease)
            if beat is not None and beat.is_cancelled:
                found = Settlement(JobState.CANCELLED, note="cancelled")
        if not _held(lease).update(**_columns(found), **_progress_columns(progress)):
            return False
        failpoint("work.settling")
        note_change(
            lease.job_id, found.state, attempt=lease.attempt, by=lease.owner, note=found.note
        )
    failpoint("work.settled")
    return True


def _columns(settlement: Settlement) -> dict[str, object]:
    columns: dict[str, object] = {
        "state": settlement.state.value,
        "held_reason": settlement.held_reason,
        "choices": list(settlement.choices),
        "result": settlement.result,
        "error_class": settlement.error_class,
        "error_text": settlement.error_text,
        "error_story": settlement.error_story,
        "ended_at": Now() if settlement.state.is_ended else None,
        "run_after": settlement.run_after or from_now(settlement.delay_s),
    } | RELEASED
    if not settlement.counts_as_attempt:
        columns["attempts"] = F("attempts") - 1
    return columns


RELEASED: dict[str, object] = {"lease_owner": "", "lease_token": None, "lease_until": None}


def _progress_columns(progress: Progress | None) -> dict[str, object]:
    if progress is None:
        return {}
    return {
        "progress_done": progress.done,
        "progress_total": progress.total,
        "progress_unit": progress.unit,
        "progress_message": progress.message,
    }
