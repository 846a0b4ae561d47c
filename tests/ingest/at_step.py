"""A clock that lets something happen when a step begins: faults come between steps too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from muniment.ingest.models import Submission
from muniment.ingest.types import StepState
from muniment.runtime.clock import SystemClock

ENDING = "ending"
"""In the place of a step: the receipt and what else comes after the last one."""


class AtStep(SystemClock):
    """The host's clock; the first look at it within `step` calls `happen`, once.

    The step is one of the newest submission.
    """

    def __init__(self, step: str, happen: Callable[[], None]) -> None:
        self.step = step
        self.has_happened = False
        self._happen = happen

    def now(self) -> datetime:
        """Return the time of day."""
        self._look()
        return super().now()

    def monotonic_s(self) -> float:
        """Return seconds since some fixed instant."""
        self._look()
        return super().monotonic_s()

    def _look(self) -> None:
        if not self.has_happened and self._is_there():
            self.has_happened = True
            self._happen()

    def _is_there(self) -> bool:
        newest = Submission.objects.order_by("-pk")[:1]
        states = {run.name: run.state for each in newest for run in each.step_runs.all()}
        if self.step != ENDING:
            return states.get(self.step) == StepState.RUNNING
        ended = {StepState.DONE, StepState.SKIPPED}
        return StepState.FAILED in states.values() or ended.issuperset(states.values())
