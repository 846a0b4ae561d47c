"""Waiting for what happens in another process, with a deadline instead of a sleep."""

from __future__ import annotations

import time
from collections.abc import Callable


def eventually(happened: Callable[[], bool], *, within_s: float) -> None:
    """Return as soon as `happened()` is true; AssertionError when it is not within the time."""
    deadline = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < deadline, f"did not happen within {within_s} s"
        time.sleep(0.02)
