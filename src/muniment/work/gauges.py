"""What the queue looks like now, for metrics: counted in the database when somebody asks."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Max, Min
from django.db.models.functions import Now

from muniment.runtime.metrics import Gauge
from muniment.work.models import Delivery, DomainEvent, Job
from muniment.work.signs import workers_seen
from muniment.work.types import JobState

_OPEN = [state.value for state in JobState if not state.is_ended]


def gauges() -> Iterator[Gauge]:
    """Give them; each is one query over what is open, never over history."""
    jobs = Job.objects.filter(state__in=_OPEN).values_list("kind", "state")
    counted = [((kind, state), count) for kind, state, count in jobs.annotate(count=Count("pk"))]
    yield Gauge("jobs_current", "Jobs that are not ended.", ("type", "state"), counted)
    yield Gauge(
        "queue_oldest_seconds", "Age of the oldest job that is due.", (), [((), _oldest_s())]
    )
    seen = workers_seen()
    yield Gauge("workers_current", "Workers that gave a sign of life.", (), [((), seen.alive)])
    if seen.age_s is not None:
        age = [((), seen.age_s)]
        yield Gauge("worker_sign_age_seconds", "Since the last sign of life of any.", (), age)
    last = DomainEvent.objects.aggregate(last=Max("pk"))["last"] or 0
    yield Gauge("events_seq", "Number of the newest domain event.", (), [((), last)])
    waiting = [((), Delivery.objects.count())]
    yield Gauge("deliveries_waiting", "Domain events that somebody has still to hear.", (), waiting)


def _oldest_s() -> float:
    due = Job.objects.filter(state=JobState.QUEUED.value, run_after__lte=Now())
    found = due.aggregate(since=Min("run_after"), now=Max(Now()))
    since = found["since"]
    return (found["now"] - since).total_seconds() if since else 0.0
