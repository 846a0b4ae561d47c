"""How fast and when fixity may read: limits that an administrator sets (archive spec §4)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from muniment.runtime.clock import Clock
from muniment.runtime.time_window import TimeWindow

_MOST_CREDIT_S = 1.0


@dataclass(frozen=True, slots=True)
class FixityLimits:
    """Bytes a second (None: as fast as it goes), and the part of the day (None: any time)."""

    bytes_per_s: int | None = None
    window: TimeWindow | None = None


@dataclass(slots=True)
class Pace:
    """Holds reading back so that it stays within so many bytes a second, block by block."""

    bytes_per_s: int
    clock: Clock
    sleep: Callable[[float], None] = time.sleep
    _since_s: float = field(init=False)
    _spent: int = 0

    def __post_init__(self) -> None:
        self._since_s = self.clock.monotonic_s()

    def spend(self, size_bytes: int) -> None:
        """Wait until so many bytes more are within the limit."""
        self._spent += size_bytes
        ahead_s = self._spent / self.bytes_per_s - (self.clock.monotonic_s() - self._since_s)
        if ahead_s > 0:
            self.sleep(ahead_s)
        elif ahead_s < -_MOST_CREDIT_S:
            # Time in which nothing was read is no credit for a burst.
            self._since_s, self._spent = self.clock.monotonic_s(), 0
