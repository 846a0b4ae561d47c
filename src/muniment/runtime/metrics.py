"""What this process counts and times, by names that Prometheus knows (orchestration spec §7.2).

Code says `STEPS.add(type="scan", state="done")` and nothing more. A short command counts for
nobody: only what serves or works installs a meter (`muniment.runtime.metric_files`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

PREFIX = "muniment_"


@dataclass(frozen=True, slots=True)
class Counter:
    """Something that only grows; its name ends in `_total` on the wire."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()

    def add(self, by: float = 1, /, **labels: str) -> None:
        """Count."""
        _Installed.meter.add(self, by, labels)


@dataclass(frozen=True, slots=True)
class Histogram:
    """How long something took, in seconds, sorted into buckets."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000, 3600)

    def observe(self, seconds: float, **labels: str) -> None:
        """Sort one in."""
        _Installed.meter.observe(self, seconds, labels)

    @contextmanager
    def timed(self, **labels: str) -> Iterator[None]:
        """Time the block, also when it raises."""
        began_s = monotonic()
        try:
            yield
        finally:
            self.observe(monotonic() - began_s, **labels)


@dataclass(frozen=True, slots=True)
class Gauge:
    """Something that is so now: pairs of the labels' values and a number."""

    name: str
    meaning: str
    labels: tuple[str, ...]
    values: Collection[tuple[tuple[str, ...], float]]


class Meter(Protocol):
    """Takes what is counted."""

    def add(self, counter: Counter, by: float, labels: dict[str, str]) -> None: ...

    def observe(self, histogram: Histogram, seconds: float, labels: dict[str, str]) -> None: ...


class Silent:
    """The meter of a short command: nobody would read it."""

    def add(self, counter: Counter, by: float, labels: dict[str, str]) -> None:
        """Forget it."""

    def observe(self, histogram: Histogram, seconds: float, labels: dict[str, str]) -> None:
        """Forget it."""


class _Installed:
    meter: Meter = Silent()


def install_meter(meter: Meter) -> None:
    """Let everything be counted by this one from now on."""
    _Installed.meter = meter


HTTP_REQUEST = Histogram(
    "http_request_seconds",
    "Time to answer a request, to the first byte.",
    ("route", "method", "code"),
    (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
STEPS = Counter("steps", "Pipeline steps that ended.", ("type", "state"))
STEP_DURATION = Histogram("step_duration_seconds", "Time that a pipeline step took.", ("type",))
ATTEMPTS = Counter(
    "attempts", "Attempts of jobs that ended, by kind and how.", ("type", "state", "class")
)
LEASE_EXPIRED = Counter("lease_expired", "Jobs taken back from workers that were gone.")
FIXITY_FAILURES = Counter("fixity_failures", "Fixity checks of objects that found a fault.")
MAILS = Counter("mails", "Mails handed to the server, or not.", ("result",))

EVERY = (HTTP_REQUEST, STEPS, STEP_DURATION, ATTEMPTS, LEASE_EXPIRED, FIXITY_FAILURES, MAILS)
