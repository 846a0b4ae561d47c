"""Reads of the history of fixity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.storage.fixity.running import PERIOD
from muniment.storage.models import Copy, FixityCheck
from muniment.storage.types import FixityResult

_MOST_DAMAGED = 1000


@dataclass(frozen=True, slots=True)
class FixityReport:
    """Where fixity stands. `objects_by_outcome` counts objects by their newest check.

    `damaged` are newest checks that were not correct, at most 1,000, by object id; `oldest_at` is
    since when the bytes that wait longest were not read.
    """

    objects: int
    never_checked: int
    due: int
    objects_by_outcome: dict[str, int]
    damaged: tuple[FixityCheck, ...]
    oldest_at: datetime | None


def fixity_report(*, actor: Actor, clock: Clock, period: timedelta = PERIOD) -> FixityReport:
    """Sum up the newest check of every object. Raises PermissionDenied."""
    require(actor, "fixity.read")
    heads = Copy.objects.filter(is_head=True)
    newest = FixityCheck.objects.latest_of_each()
    counted = newest.order_by().values_list("outcome").annotate(n=Count("pk"))
    by_outcome = {each.value: 0 for each in FixityResult} | dict(counted)
    objects = heads.count()
    oldest = Copy.objects.aggregate(oldest=Min("verified_at"))["oldest"]
    return FixityReport(
        objects=objects,
        never_checked=objects - heads.filter(_is_checked()).count(),
        due=Copy.objects.due_for_fixity(clock.now(), period).count(),
        objects_by_outcome=by_outcome,
        damaged=tuple(newest.exclude(outcome=FixityResult.CORRECT.value)[:_MOST_DAMAGED]),
        oldest_at=oldest,
    )


def _is_checked() -> Q:
    return Q(object_id__in=FixityCheck.objects.values("object_id"))


def history_of(object_id: str, *, actor: Actor) -> list[FixityCheck]:
    """Return the checks of one object, the newest first. Raises PermissionDenied."""
    require(actor, "fixity.read")
    return list(FixityCheck.objects.filter(object_id=object_id).order_by("-seq"))


def was_checked(object_id: str) -> bool:
    """Say whether fixity was ever checked: the ledger speaks of the object then. One query."""
    return FixityCheck.objects.filter(object_id=object_id).exists()
