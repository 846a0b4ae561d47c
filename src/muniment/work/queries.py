"""Reads of jobs, already filtered by what the actor may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now

from muniment.runtime.actor import Actor, current_policy, may, require
from muniment.runtime.errors import ObjectMissing
from muniment.work import backpressure
from muniment.work.kinds import known_kinds
from muniment.work.models import DomainEvent, Job, JobChange, Limit
from muniment.work.settled_events import settled_number
from muniment.work.types import Dimension, JobState


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs a list shows; empty members choose all."""

    states: Sequence[JobState] = ()
    kind: str = ""
    queue: str = ""


def visible_jobs(actor: Actor) -> QuerySet[Job]:
    """Return what the actor may see, newest first."""
    rows = Job.objects.order_by("-pk")
    if current_policy().sees_all(actor, "job.read"):
        return rows
    return rows.filter(asked_by=actor.name) if may(actor, "job.read") else rows.none()


def page_of_jobs(
    actor: Actor, chosen: JobFilter | None = None, *, after: int | None = None, limit: int = 50
) -> list[Job]:
    """Return one page, newest first; `after` is the number of the last job of the page before.

    One query, whatever the number of jobs.
    """
    found = chosen or JobFilter()
    rows = visible_jobs(actor)
    if found.states:
        rows = rows.filter(state__in=[state.value for state in found.states])
    if found.kind:
        rows = rows.filter(kind=found.kind)
    if found.queue:
        rows = rows.filter(queue=found.queue)
    if after is not None:
        rows = rows.filter(pk__lt=after)
    return list(rows[:limit])


def job_of(job_id: int, *, actor: Actor) -> Job:
    """Return one job; ObjectMissing when there is none, or not for this actor."""
    job = visible_jobs(actor).filter(pk=job_id).first()
    if job is None:
        raise ObjectMissing(f"there is no job {job_id}")
    return job


def history_of(job: Job) -> list[JobChange]:
    """Return the changes of a job that the caller may see, oldest first."""
    return list(job.changes.order_by("pk"))


def counts_by_state(actor: Actor) -> dict[str, int]:
    """Return how many jobs are in each state; states without jobs are left out."""
    rows = visible_jobs(actor).order_by().values_list("state").annotate(count=Count("pk"))
    return dict(rows)


def why_it_waits(job: Job) -> str:
    """Say why a queued job is not running yet; "" when it is not queued or is simply next."""
    if job.state != JobState.QUEUED:
        return ""
    if Job.objects.filter(pk=job.pk, run_after__gt=Now()).exists():
        return f"waits until {job.run_after:%Y-%m-%d %H:%M:%S}Z"
    for limit in _limits_of(job):
        what = f"{limit.dimension} {limit.name}"
        if limit.is_paused:
            return f"{what} is paused by {limit.changed_by}"
        running = _running_under(limit)
        if limit.max_running is not None and running >= limit.max_running:
            return f"waiting for a slot: {running}/{limit.max_running} of {what} run"
    return _back_pressure_on(job)


def _limits_of(job: Job) -> QuerySet[Limit]:
    names = {Dimension.QUEUE: job.queue, Dimension.GROUP: job.group, Dimension.KIND: job.kind}
    chosen = Q()
    for dimension, name in names.items():
        chosen |= Q(dimension=dimension.value, name=name)
    return Limit.objects.filter(chosen).order_by("pk")


def _running_under(limit: Limit) -> int:
    column = Dimension(limit.dimension).value  # the three are columns of the job
    return Job.objects.filter(state=JobState.RUNNING.value, **{column: limit.name}).count()


def _back_pressure_on(job: Job) -> str:
    kind = known_kinds().get(job.kind)
    if kind is None:
        return f"no worker here knows the kind {job.kind!r}"
    return (backpressure.closed_because() or "") if kind.takes_space else ""


def remaining_s(job: Job, now: datetime) -> float | None:
    """Estimate the seconds that a running job still needs; None when nothing can be said."""
    if job.state != JobState.RUNNING or job.started_at is None or not job.progress_total:
        return None
    if not job.progress_done:
        return None
    spent_s = (now - job.started_at).total_seconds()
    left = max(job.progress_total - job.progress_done, 0)
    return max(spent_s, 0.0) * left / job.progress_done


def events_after(actor: Actor, number: int, *, name: str = "", limit: int) -> list[DomainEvent]:
    """Return domain events behind a number, oldest first; none that an earlier one could follow.

    One query; three on PostgreSQL, where those behind an open transaction's wait for its end.
    """
    rows = settled_events(actor).filter(pk__gt=number).order_by("pk")
    if name:
        rows = rows.filter(name=name)
    return list(rows[:limit])


def settled_events(actor: Actor) -> QuerySet[DomainEvent]:
    """Return the events that no earlier one could follow.

    Only who may see all of the archive is let in: an event names things that are others'.
    """
    require(actor, "event.read")
    return _settled_events()


def last_event_number() -> int:
    """Return the number of the newest event behind which all others will come."""
    return _settled_events().order_by("-pk").values_list("pk", flat=True).first() or 0


def _settled_events() -> QuerySet[DomainEvent]:
    settled = settled_number()  # before the rows are read
    rows = DomainEvent.objects.all()
    return rows if settled is None else rows.filter(pk__lte=settled)
