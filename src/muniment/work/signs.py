"""Signs of life: which workers there are, for probes and for people who wonder why nothing runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.db.models.functions import Now

from muniment.work.database_time import from_now
from muniment.work.models import WorkerSign
from muniment.work.owner import is_surely_dead, this_process

SIGN_EVERY_S = 10.0
ALIVE_FOR_S = 60.0
_FORGET_AFTER_S = 7 * 86_400.0


@dataclass(frozen=True, slots=True)
class Workers:
    """How many workers gave a sign within a minute, and when the last one did."""

    alive: int
    last_sign_at: datetime | None
    age_s: float | None


def give_sign() -> None:
    """Write that this process works; forget whose process is gone, and who was long silent."""
    owner = str(this_process())
    _, is_new = WorkerSign.objects.update_or_create(owner=owner, defaults={"seen_at": Now()})
    if not is_new:
        return
    gone = [
        each for each in WorkerSign.objects.values_list("owner", flat=True) if is_surely_dead(each)
    ]
    old = Q(seen_at__lt=from_now(-_FORGET_AFTER_S))
    WorkerSign.objects.filter(Q(owner__in=gone) | old).delete()


def take_sign_back() -> None:
    """Write that this process works no more, when it ends in good order."""
    WorkerSign.objects.filter(owner=str(this_process())).delete()


def workers_seen() -> Workers:
    """Ask who works. One query, by the database's clock."""
    recent = Count("pk", filter=Q(seen_at__gte=from_now(-ALIVE_FOR_S)))
    found = WorkerSign.objects.aggregate(alive=recent, last=Max("seen_at"), now=Max(Now()))
    last, now = found["last"], found["now"]
    return Workers(found["alive"], last, (now - last).total_seconds() if last else None)
