"""Letting others go first: jobs wait for people, not people for jobs."""

from __future__ import annotations

import os

NICENESS = 5
"""Enough that a page beside a busy ingest takes twice as long and not ten times (docs/
benchmarks.md); where nothing else runs it costs nothing."""


def step_back() -> None:
    """Run this thread, and the threads and programs that it starts, behind those of the site.

    Call it before any thread is started: on Linux each has a priority of its own. Somebody who
    gave the process a lower one still (`nice`, `Nice=` of systemd) has their way.
    """
    present = os.getpriority(os.PRIO_PROCESS, 0)
    os.setpriority(os.PRIO_PROCESS, 0, max(present, NICENESS))
