"""How a running job is told to stop: raised by `JobContext.check()`.

Not errors but orders, so they pass every `except Exception` on their way to the runner.
"""

from __future__ import annotations

from datetime import datetime


class Interrupted(BaseException):
    """The root of the orders below."""


class LeaseLost(Interrupted):
    """Another worker may have the job: stop, write nothing more."""


class Cancelled(Interrupted):
    """Somebody cancelled the job."""


class Stopping(Interrupted):
    """The worker ends; the job goes back to the queue and the attempt is not counted."""


class TimeLimit(Interrupted):
    """The hard time limit of the kind is over."""


class Rescheduled(Interrupted):
    """The job itself asked to be run again later; no attempt is counted."""

    def __init__(self, at: datetime | None, delay_s: float, reason: str) -> None:
        super().__init__(reason)
        self.at = at
        self.delay_s = delay_s
        self.reason = reason
