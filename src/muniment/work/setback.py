"""Waits that a clock which was set back has made longer: they begin anew, at their own length.

A wait that began in the future is the trace of such a clock, whenever that was. So nothing need
remember the time, and what was mended does not look so again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from muniment.work import wakeup
from muniment.work.changes import Note, note_change
from muniment.work.database_time import from_now
from muniment.work.models import Delivery, Job, JobChange, Schedule
from muniment.work.outbox import LONGEST_WAIT_S
from muniment.work.schedules import next_time
from muniment.work.types import JobState

BY = "clock"
_SLACK_S = 1.0
"""Transactions that overlap may see each other's times a little early."""
_BATCH = 100


def mend() -> int:
    """Let every wait that began in the future begin now; return how many did.

    Any process may call it, any number at once. An instant that somebody gave for a job moves by
    the same span: it was reckoned from a wrong time.
    """
    return _mend_waiting_jobs() + _mend_leases() + _mend_deliveries() + _mend_schedules()


def _mend_waiting_jobs() -> int:
    last_change = JobChange.objects.filter(job=OuterRef("pk")).order_by("-pk").values("at")[:1]
    waiting = Job.objects.filter(state=JobState.QUEUED.value, run_after__gt=Now())
    return _mend_jobs(waiting, Subquery(last_change), _wait_anew)


def _wait_anew(job: Job, gap: timedelta) -> None:
    Job.objects.filter(pk=job.pk).update(run_after=job.run_after - gap)
    span = timedelta(seconds=round(gap.total_seconds()))
    note = Note(JobState.QUEUED, BY, f"the clock was set back by {span}; the wait begins anew")
    note_change(job.pk, note, attempt=job.attempts)
    wakeup.notify(job.queue)


def _mend_leases() -> int:
    running = Job.objects.filter(state=JobState.RUNNING.value)
    return _mend_jobs(running, F("heartbeat_at"), _lease_anew)


def _lease_anew(job: Job, gap: timedelta) -> None:
    until = job.lease_until
    assert until is not None  # a running job has a lease
    Job.objects.filter(pk=job.pk).update(lease_until=until - gap, heartbeat_at=Now())


def _mend_jobs(
    rows: QuerySet[Job], since: Subquery | F, begin_anew: Callable[[Job, timedelta], None]
) -> int:
    begun_later = rows.annotate(since=since).filter(since__gt=from_now(_SLACK_S)).order_by("pk")
    count = 0
    while begun_later.exists():  # SQLite: no write lock to learn that there is nothing
        with transaction.atomic():
            locked = begun_later.select_for_update(skip_locked=True, of=("self",))
            jobs = list(locked.annotate(gap=F("since") - Now())[:_BATCH])
            for job in jobs:
                begin_anew(job, job.gap)
        if not jobs:
            break  # another process has them
        count += len(jobs)
    return count


def _mend_deliveries() -> int:
    """Deliver at once what was never tried, or waits longer than any back-off."""
    first_tries = Q(attempts=0, due_at__gt=Now())
    rows = Delivery.objects.filter(first_tries | Q(due_at__gt=from_now(LONGEST_WAIT_S)))
    return rows.update(due_at=Now()) if rows.exists() else 0


def _mend_schedules() -> int:
    """Bring back each next run that is not the first behind now."""
    mended = 0
    waiting = Schedule.objects.filter(is_enabled=True, next_run_at__gt=Now())
    for schedule in waiting.annotate(database_now=Now()):
        first = next_time(schedule.cron, schedule.time_zone, schedule.database_now)
        if first < schedule.next_run_at:
            unchanged = Schedule.objects.filter(pk=schedule.pk, next_run_at=schedule.next_run_at)
            mended += unchanged.update(next_run_at=first)
    return mended
