"""What waits and runs in each queue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Min

from muniment.runtime.actor import Actor
from muniment.work.models import Limit
from muniment.work.queries import visible_jobs
from muniment.work.types import Dimension, JobState


@dataclass(frozen=True, slots=True)
class QueueOverview:
    """One queue: its jobs by state, every state named; since when the oldest one waits."""

    name: str
    counts: Mapping[JobState, int] = field(default_factory=lambda: dict.fromkeys(JobState, 0))
    oldest_waiting_at: datetime | None = None
    is_paused: bool = False
    max_running: int | None = None
    changed_by: str = ""


def overview_of_queues(actor: Actor) -> list[QueueOverview]:
    """Return every queue that has jobs which the actor may see, or a limit; by name.

    Two queries, whatever the number of queues.
    """
    counts: dict[str, dict[JobState, int]] = {}
    oldest: dict[str, datetime] = {}
    rows = visible_jobs(actor).order_by().values("queue", "state")
    for row in rows.annotate(count=Count("pk"), since=Min("created_at")):
        state = JobState(row["state"])
        counts.setdefault(row["queue"], dict.fromkeys(JobState, 0))[state] = row["count"]
        if state is JobState.QUEUED:
            oldest[row["queue"]] = row["since"]
    limits = {each.name: each for each in Limit.objects.filter(dimension=Dimension.QUEUE.value)}
    return [
        _overview(name, counts.get(name), oldest.get(name), limits.get(name))
        for name in sorted(counts.keys() | limits.keys())
    ]


def _overview(
    name: str, counts: dict[JobState, int] | None, since: datetime | None, limit: Limit | None
) -> QueueOverview:
    found = counts or dict.fromkeys(JobState, 0)
    if limit is None:
        return QueueOverview(name, found, since)
    return QueueOverview(name, found, since, limit.is_paused, limit.max_running, limit.changed_by)
