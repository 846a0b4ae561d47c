"""Taking jobs back from workers that are gone."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from muniment.runtime.failpoints import failpoint
from muniment.runtime.metrics import LEASE_EXPIRED
from muniment.work import wakeup
from muniment.work.changes import Note, note_change
from muniment.work.database_time import from_now
from muniment.work.leases import RELEASED
from muniment.work.models import Job
from muniment.work.owner import is_surely_dead
from muniment.work.retry import after_worker_loss_s
from muniment.work.types import HeldReason, JobState, Times

BY = "reaper"
_BATCH = 100


def reap(times: Times | None = None) -> int:
    """Take back every job whose lease is over, or whose worker on this machine is dead.

    The lost attempt stays counted: the job is queued with back-off, or held when its attempts are
    used up, or cancelled when that was asked for. Any process may call it, any number at once.
    """
    found = times or Times()
    dead = _owners_that_died_here()
    lost = Q(lease_until__lt=Now()) | Q(lease_owner__in=dead)
    count = 0
    while batch := _take_back(lost, dead, found):
        count += batch
    if count:
        LEASE_EXPIRED.add(count)
    return count


def _owners_that_died_here() -> list[str]:
    owners = Job.objects.filter(state=JobState.RUNNING.value).values_list("lease_owner").distinct()
    return [owner for (owner,) in owners if is_surely_dead(owner)]


def _lost_jobs(lost: Q) -> QuerySet[Job]:
    rows = Job.objects.filter(lost, state=JobState.RUNNING.value).order_by("pk")
    return rows.select_for_update(skip_locked=True)


def _take_back(lost: Q, dead: list[str], times: Times) -> int:
    if not Job.objects.filter(lost, state=JobState.RUNNING.value).exists():
        return 0  # SQLite: do not take the write lock to learn that there is nothing
    with transaction.atomic():
        jobs = list(_lost_jobs(lost)[:_BATCH])
        for job in jobs:
            _requeue(job, is_dead=job.lease_owner in dead, first_s=times.worker_loss_s)
        failpoint("work.reaping")
    return len(jobs)


def _requeue(job: Job, *, is_dead: bool, first_s: float) -> None:
    why = f"worker {job.lease_owner} {'is dead' if is_dead else 'did not renew its lease'}"
    columns: dict[str, object] = dict(RELEASED)
    if job.cancel_requested_at is not None:
        state = JobState.CANCELLED
        columns["ended_at"] = Now()
    elif job.attempts >= job.max_attempts:
        state = JobState.HELD
        columns |= {
            "held_reason": HeldReason.WORKER_LOST.value,
            "error_class": "worker-lost",
            "error_text": f"{why}; all {job.attempts} attempts are used up",
        }
    else:
        state = JobState.QUEUED
        # A worker that is known to be dead was most likely stopped: its job goes on at once. The
        # second time the job itself may be what kills workers.
        at_once = is_dead and job.attempts == 1
        delay_s = 0.0 if at_once else after_worker_loss_s(job.attempts, first_s)
        columns["run_after"] = from_now(delay_s)
    Job.objects.filter(pk=job.pk, lease_token=job.lease_token).update(state=state.value, **columns)
    note_change(job.pk, Note(state, BY, why), attempt=job.attempts)
    if state is JobState.QUEUED:
        wakeup.notify(job.queue)
