"""The time, passed in so that tests can hold it still."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time of day (aware, UTC) and measures spans that no clock change can bend."""

    def now(self) -> datetime: ...

    def monotonic_s(self) -> float: ...


class SystemClock:
    """The clock of the host."""

    def now(self) -> datetime:
        """Return the time of day, aware, UTC."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Return seconds since some fixed instant."""
        return time.monotonic()


@dataclass
class FakeClock:
    """A clock that only moves when it is told to."""

    at: datetime = field(default_factory=lambda: datetime(2026, 1, 1, tzinfo=UTC))
    spent_s: float = 0.0

    def now(self) -> datetime:
        """Return the time that was set."""
        return self.at

    def monotonic_s(self) -> float:
        """Return the seconds that `advance` added up to."""
        return self.spent_s

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)
        self.spent_s += max(seconds, 0.0)
