"""Schedules: jobs queued at the times of a cron expression, in a time zone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from croniter import CroniterError, croniter
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from muniment.runtime.actor import Actor, Role, actor_with, current_policy, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Conflict, InvalidArgument, ObjectMissing
from muniment.runtime.failpoints import failpoint
from muniment.work.kinds import kind_named, known_kinds
from muniment.work.models import Schedule
from muniment.work.services import enqueue
from muniment.work.types import JobState

_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_RESERVED = frozenset({"new", "preview"})
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """When to queue what: `cron` has five fields (minute, hour, day, month, weekday)."""

    name: str
    cron: str
    kind: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    time_zone: str = "UTC"
    queue: str = "default"


def next_time(cron: str, time_zone: str, after: datetime) -> datetime:
    """Return the first time of `cron` after `after`, in UTC; InvalidArgument says what is wrong.

    A fixed hour follows the wall clock: it comes once in the night that has it twice, and an hour
    later in the night that does not have it. In expressions for each hour the time that passes
    counts.
    """
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise InvalidArgument(f"{time_zone!r} is no time zone; try Europe/Paris") from exc
    if len(cron.split()) != 5:
        raise InvalidArgument(f"{cron!r} is no cron expression of five fields")
    try:
        return _first_after(cron, zone, after)
    except CroniterError as exc:
        raise InvalidArgument(f"{cron!r} is no cron expression: {exc}") from exc


def _first_after(cron: str, zone: ZoneInfo, after: datetime) -> datetime:
    local = after.astimezone(zone)
    is_hourly = "*" in cron.split()[1]
    times = croniter(cron, local if is_hourly else local.replace(tzinfo=None))
    while True:
        found: datetime = times.get_next(datetime)
        at = (found if is_hourly else found.replace(tzinfo=zone)).astimezone(UTC)
        if at > after:  # in the night with an hour twice, the wall clock may say an earlier time
            return at


def check_plan(plan: Plan, clock: Clock) -> datetime:
    """Return when the plan is due first; InvalidArgument says what is wrong with it."""
    if not _NAME.fullmatch(plan.name) or plan.name in _RESERVED:
        raise InvalidArgument(
            f"{plan.name[:100]!r} is no name for a schedule: 1 to 100 of a-z, A-Z, 0-9, - and _, "
            f"and none of {', '.join(sorted(_RESERVED))}"
        )
    if len(plan.cron) > _LONGEST or len(plan.time_zone) > _LONGEST:
        raise InvalidArgument(f"expression and time zone have at most {_LONGEST} characters")
    kind_named(plan.kind)
    return next_time(plan.cron, plan.time_zone, clock.now())


def add(plan: Plan, *, actor: Actor, clock: Clock) -> Schedule:
    """Make a schedule; it runs from now on.

    Raises PermissionDenied, InvalidArgument, Conflict when the name is taken.
    """
    require(actor, "schedule.change")
    first = check_plan(plan, clock)
    try:
        with transaction.atomic():
            return Schedule.objects.create(
                name=plan.name,
                cron=plan.cron,
                time_zone=plan.time_zone,
                kind=plan.kind,
                arguments=dict(plan.arguments),
                queue=plan.queue,
                next_run_at=first,
                made_by=actor.name,
            )
    except IntegrityError as exc:
        raise Conflict(f"there is already a schedule {plan.name!r}; remove it first") from exc


def remove(name: str, *, actor: Actor) -> None:
    """Remove a schedule; its jobs stay. Raises PermissionDenied, ObjectMissing."""
    require(actor, "schedule.change")
    deleted, _ = Schedule.objects.filter(name=name).delete()
    if not deleted:
        raise ObjectMissing(f"there is no schedule {name!r}")


def visible_schedules(actor: Actor) -> QuerySet[Schedule]:
    """Return all schedules, by name, to those who may read jobs; who sees only own jobs: own."""
    require(actor, "job.read")
    rows = Schedule.objects.order_by("name").select_related("last_job")
    is_all = current_policy().sees_all(actor, "job.read")
    return rows if is_all else rows.filter(made_by=actor.name)


def fire_due() -> int:
    """Queue a job for every schedule whose time has come; return how many were queued.

    Missed times coalesce into one run, also while the job of the last time is not done. Only one
    of the processes that call it fires.
    """
    fired = 0
    due = Schedule.objects.filter(
        is_enabled=True, next_run_at__lte=Now(), kind__in=list(known_kinds())
    )
    for pk in list(due.values_list("pk", flat=True)):
        fired += _fire(due, pk)
    return fired


def _fire(due: QuerySet[Schedule], pk: int) -> int:
    with transaction.atomic():
        rows = due.filter(pk=pk).select_for_update(skip_locked=True)
        row = rows.annotate(database_now=Now()).first()
        if row is None:
            return 0  # another process was quicker
        now: datetime = row.database_now
        schedule = row
        is_open = _is_open(schedule)
        if not is_open:
            schedule.last_job = enqueue(
                schedule.kind,
                schedule.arguments,
                actor=actor_with(schedule.made_by, Role.ADMINISTRATOR),
                queue=schedule.queue,
                idempotency_key=_key_of(schedule),
            )
            schedule.last_run_at = now
        schedule.next_run_at = next_time(schedule.cron, schedule.time_zone, now)
        schedule.save(update_fields=["last_job", "last_run_at", "next_run_at"])
        failpoint("schedule.firing")
    return 0 if is_open else 1


def _key_of(schedule: Schedule) -> str:
    """Return what this run has alone; after a clock was set back, its time may come again."""
    return f"schedule:{schedule.pk}:{schedule.next_run_at.isoformat()}:{schedule.last_job_id or 0}"


def _is_open(schedule: Schedule) -> bool:
    """Say whether the job of the last time still waits or runs (a held one waits for a person)."""
    job = schedule.last_job
    return job is not None and job.state in {JobState.QUEUED, JobState.RUNNING}
