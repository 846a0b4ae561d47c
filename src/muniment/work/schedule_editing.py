"""Schedules as people edit them: changed, paused, resumed, looked at before and after."""

from __future__ import annotations

import hashlib
from datetime import datetime

import orjson
from django.db import transaction
from django.db.models import QuerySet

from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import ObjectMissing, VersionConflict
from muniment.work.models import Job, Schedule
from muniment.work.queries import visible_jobs
from muniment.work.schedules import Plan, check_plan, next_time, visible_schedules

PREVIEWED = 5


def tag_of(row: Schedule) -> str:
    """Return what names the present state of a schedule, whatever has run since."""
    said = [row.name, row.cron, row.time_zone, row.kind, row.arguments, row.queue, row.is_enabled]
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(text).hexdigest()[:16]


def schedule_named(name: str, *, actor: Actor) -> Schedule:
    """Return one schedule; raises PermissionDenied, ObjectMissing."""
    row = visible_schedules(actor).filter(name=name).first()
    if row is None:
        raise ObjectMissing(f"there is no schedule {name!r}")
    return row


def next_times(
    cron: str, time_zone: str, *, after: datetime, count: int = PREVIEWED
) -> list[datetime]:
    """Return the first times of an expression; InvalidArgument says what is wrong with it."""
    found: list[datetime] = []
    while len(found) < count:
        after = next_time(cron, time_zone, after)
        found.append(after)
    return found


def runs_of(row: Schedule, *, actor: Actor) -> QuerySet[Job]:
    """Return the jobs that a schedule queued and the actor may see, newest first."""
    key = f"schedule:{row.pk}:"
    return visible_jobs(actor).filter(kind=row.kind, idempotency_key__startswith=key)


def change_schedule(plan: Plan, *, actor: Actor, clock: Clock, seen: str = "*") -> Schedule:
    """Change the schedule of the plan's name; its next run is told anew.

    `seen` is the tag of the state that the caller knows, "*" whatever it is. Raises
    PermissionDenied, ObjectMissing, InvalidArgument, VersionConflict.
    """
    require(actor, "schedule.change")
    first = check_plan(plan, clock)
    with transaction.atomic():
        row = _locked(plan.name, seen)
        row.cron, row.time_zone, row.kind = plan.cron, plan.time_zone, plan.kind
        row.arguments, row.queue, row.next_run_at = dict(plan.arguments), plan.queue, first
        row.made_by = actor.name  # in whose name its jobs run from now on
        row.save()
    return row


def enable_schedule(
    name: str, *, is_enabled: bool, actor: Actor, clock: Clock, seen: str = "*"
) -> Schedule:
    """Pause a schedule, or let it go on; times that passed meanwhile are left out.

    Raises PermissionDenied, ObjectMissing, VersionConflict.
    """
    require(actor, "schedule.change")
    with transaction.atomic():
        row = _locked(name, seen)
        row.is_enabled = is_enabled
        row.next_run_at = next_time(row.cron, row.time_zone, clock.now())
        row.save(update_fields=["is_enabled", "next_run_at"])
    return row


def _locked(name: str, seen: str) -> Schedule:
    row = Schedule.objects.select_for_update().filter(name=name).first()
    if row is None:
        raise ObjectMissing(f"there is no schedule {name!r}")
    if seen not in {"*", tag_of(row)}:
        raise VersionConflict(f"somebody else has changed the schedule {name!r} meanwhile")
    return row
