"""What SIGTERM does to a worker: it finishes within the grace, or gives its job back."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from muniment.work.worker import Worker

LAST_CALL_S = 5.0
"""How long a job that was told to stop may take to its next `check`."""


@contextmanager
def stopping_gracefully(worker: Worker, *, grace_s: float) -> Iterator[None]:
    """Handle SIGTERM and SIGINT while the block runs; only in the main thread of a process.

    First signal: no new job; the running one has `grace_s` to end, then it is stopped at its next
    `check`, and after `LAST_CALL_S` wherever it is. Second signal: the grace is over at once.
    """
    calls = iter([worker.stop, worker.give_back])

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        call = next(calls, None)
        if call is None:
            raise SystemExit(3)
        call()
        is_first = call == worker.stop
        signal.setitimer(signal.ITIMER_REAL, max(grace_s, 0.001) if is_first else LAST_CALL_S)

    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
