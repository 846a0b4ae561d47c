"""What SIGTERM does to a worker: it finishes within the grace, or gives its job back."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from muniment.work.worker import Worker


@contextmanager
def stopping_gracefully(worker: Worker) -> Iterator[None]:
    """Handle SIGTERM and SIGINT while the block runs; only in the main thread of a process.

    First signal: no new job; the running one has the grace to end, then it is stopped at its next
    `check`, and after the last call wherever it is. Second signal: the grace is over at once.
    """
    times = worker.times
    calls = iter([worker.stop, worker.give_back])

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        call = next(calls, None)
        if call is None:
            raise SystemExit(3)
        call()
        wait_s = times.grace_s if call == worker.stop else times.last_call_s
        signal.setitimer(signal.ITIMER_REAL, max(wait_s, 0.001))  # 0 would switch it off

    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)
    before = {number: signal.signal(number, on_signal) for number in numbers}
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in before.items():
            signal.signal(number, handler)
