"""How many submissions and steps are in each state now, for metrics."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from muniment.ingest.models import StepRun, Submission
from muniment.runtime.metrics import Gauge


def gauges() -> Iterator[Gauge]:
    """Give them; two queries."""
    states = Submission.objects.values_list("state").annotate(count=Count("pk"))
    counted = [((state,), count) for state, count in states]
    yield Gauge("archives_current", "Submissions by state.", ("state",), counted)
    steps = StepRun.objects.filter(submission__ended_at=None).values_list("name", "state")
    of_steps = [((name, state), count) for name, state, count in steps.annotate(count=Count("pk"))]
    yield Gauge("steps_current", "Steps of submissions that are open.", ("type", "state"), of_steps)
