"""The named retry policies (STYLE §2.4): numbers stand here and nowhere else."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import Enum

TEN_MINUTES_S = 600.0


@dataclass(frozen=True, slots=True)
class Policy:
    """How often and how fast something is tried again.

    `limit_s` is the hard limit of one try, `within_s` of all tries together (0 = none); the wait
    before try n+1 is `first_s * factor^(n-1)`, at most `longest_s`, bent by ± `jitter`.
    """

    max_attempts: int
    limit_s: float
    first_s: float
    factor: float
    longest_s: float
    within_s: float = 0.0
    jitter: float = 0.2

    def delay_s(self, attempts: int, *, chance: random.Random | None = None) -> float:
        """Return the wait after `attempts` tries (1 or more), in seconds."""
        exponent = min(max(attempts, 1) - 1, 64)  # beyond, `longest_s` rules anyway
        wait = min(self.first_s * self.factor**exponent, self.longest_s)
        source = chance or random
        return wait * (1 + source.uniform(-self.jitter, self.jitter))

    def is_used_up(self, attempts: int, max_attempts: int) -> bool:
        """Say whether nothing is left after `attempts` tries: by their number or their waits."""
        if attempts >= max_attempts:
            return True
        if not self.within_s:
            return False
        waits = (self.first_s * self.factor**done for done in range(attempts))
        return sum(min(wait, self.longest_s) for wait in waits) > self.within_s


class RetryPolicy(Enum):
    """The five policies that a kind of job or a step may name."""

    REQUEST = Policy(20, limit_s=10, first_s=1, factor=1.5, longest_s=30, within_s=300)
    LONG_REQUEST = Policy(5, limit_s=7200, first_s=30, factor=2, longest_s=TEN_MINUTES_S)
    LOCAL_TOOL = Policy(1, limit_s=3600, first_s=5, factor=2, longest_s=TEN_MINUTES_S)
    POLL = Policy(1_000_000, limit_s=60, first_s=2, factor=1.5, longest_s=60)
    PARTNER = Policy(5, limit_s=600, first_s=30, factor=4, longest_s=7200)


def after_worker_loss_s(attempts: int, first_s: float) -> float:
    """Return the wait after a worker was lost: min(2^attempts * first, 10 min) and jitter.

    Source: execution spec §3.3, 4.
    """
    wait = min(first_s * 2.0 ** min(attempts, 32), TEN_MINUTES_S)
    return wait * (1 + random.uniform(0, 0.2))  # noqa: S311  # spreads load, guards nothing
