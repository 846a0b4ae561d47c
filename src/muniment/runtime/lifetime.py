"""How long a process lives: not longer than the one that started it."""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int, *, by: signal.Signals = signal.SIGTERM) -> None:
    """Let this process get the signal `by` when its parent ends, also by SIGKILL (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        raise SystemExit(3)  # it ended before we could ask
