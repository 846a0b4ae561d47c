"""Removing what durable work left behind: jobs that ended long ago, events that all have heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from muniment.runtime.actor import Actor, require
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.failpoints import failpoint
from muniment.runtime.settings import Settings
from muniment.work.database_time import from_now
from muniment.work.models import Delivery, DomainEvent, Job, JobChange, Schedule
from muniment.work.types import JobState

_BATCH = 500
_DAY_S = 86_400.0
_ENDED = [state.value for state in JobState if state.is_ended]


@dataclass(frozen=True, slots=True)
class Keep:
    """For how many days ended jobs and delivered events stay."""

    jobs_days: int
    events_days: int

    @classmethod
    def by(cls, settings: Settings) -> Keep:
        """Return what the settings say."""
        return cls(settings.keep_jobs_days, settings.keep_events_days)


@dataclass(slots=True)
class Pruned:
    """How many rows were removed; a job counts once, its history is not counted."""

    jobs: int = 0
    events: int = 0


def prune(keep: Keep, *, actor: Actor, check: Callable[[], None] = lambda: None) -> Pruned:
    """Remove ended jobs with their history, and events without deliveries, that are old enough.

    What waits, runs or is held stays, however old; so do the last job of a schedule and a job
    with children that stay. In short transactions; `check` is called between them and may raise.
    Raises PermissionDenied, InvalidArgument for less than a day.
    """
    require(actor, "job.prune")
    if min(keep.jobs_days, keep.events_days) < 1:
        raise InvalidArgument("jobs and events are kept for one day at least")
    done = Pruned()
    while removed := _remove_jobs(keep):
        done.jobs += removed
        check()
    while removed := _remove_events(keep):
        done.events += removed
        check()
    return done


def _old_jobs(keep: Keep) -> QuerySet[Job]:
    return Job.objects.filter(
        ~Exists(Job.objects.filter(parent=OuterRef("pk"))),
        ~Exists(Schedule.objects.filter(last_job=OuterRef("pk"))),
        state__in=_ENDED,
        ended_at__lt=from_now(-keep.jobs_days * _DAY_S),
    )


def _remove_jobs(keep: Keep) -> int:
    """Remove one batch, children before their parents; return how many jobs."""
    if not _old_jobs(keep).exists():
        return 0  # SQLite: do not take the write lock to learn that there is nothing
    with transaction.atomic():
        rows = _old_jobs(keep).order_by("pk").select_for_update(skip_locked=True)
        numbers = list(rows.values_list("pk", flat=True)[:_BATCH])
        JobChange.objects.filter(job_id__in=numbers).delete()
        Job.objects.filter(pk__in=numbers).delete()
        failpoint("work.pruning-jobs")
    return len(numbers)


def _heard_events(keep: Keep) -> QuerySet[DomainEvent]:
    return DomainEvent.objects.filter(
        ~Exists(Delivery.objects.filter(event=OuterRef("pk"))),
        at__lt=from_now(-keep.events_days * _DAY_S),
    )


def _remove_events(keep: Keep) -> int:
    if not _heard_events(keep).exists():
        return 0
    with transaction.atomic():
        numbers = list(_heard_events(keep).order_by("pk").values_list("pk", flat=True)[:_BATCH])
        DomainEvent.objects.filter(pk__in=numbers).delete()
        failpoint("work.pruning-events")
    return len(numbers)
