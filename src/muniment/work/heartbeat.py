"""The thread beside the running job: renews the lease, tells the progress, brings the orders.

One thread for the life of a worker, with a database connection of its own that is opened at the
first beat: a short job pays for neither.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, connections

from muniment.work import leases
from muniment.work.context import JobContext
from muniment.work.interruptions import Cancelled, LeaseLost, TimeLimit
from muniment.work.types import Progress, Times

log = logging.getLogger(__name__)


@dataclass
class _Pulse:
    """One running job as its heartbeat sees it; instants are monotonic seconds."""

    context: JobContext
    limit_s: float
    cut: Callable[[], None]
    began_s: float = field(default_factory=time.monotonic)
    renewed_s: float = field(default_factory=time.monotonic)
    told: Progress = field(default_factory=Progress)


class Heartbeat:
    """Beats for one job at a time; `close` ends the thread and its connection."""

    def __init__(self, times: Times) -> None:
        self.times = times
        self._pulse: _Pulse | None = None
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def beating_for(
        self,
        context: JobContext,
        *,
        hard_limit_s: float = 0.0,
        cut: Callable[[], None] = lambda: None,
    ) -> Iterator[None]:
        """Beat for this job while the block runs.

        `cut` is called when the job ignores the end of its time for the whole grace: it settles
        the job over the head of code that may be stuck in a call that never returns.
        """
        self._pulse = _Pulse(context, hard_limit_s, cut)
        if self._thread is None:
            self._ended.clear()
            self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
            self._thread.start()
        try:
            yield
        finally:
            # A beat that is under way for this job does no harm: its token is worth nothing soon.
            self._pulse = None

    def close(self) -> None:
        """End the thread; the next job starts another."""
        if self._thread is not None:
            self._ended.set()
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        wait_s = min(self.times.watch_s, self.times.beat_s)
        try:
            while not self._ended.wait(wait_s):
                pulse = self._pulse
                if pulse is not None:
                    self._beat(pulse)
                    self._watch_time_limit(pulse)
        finally:
            connections.close_all()  # this thread's own, and only if it was opened

    def _beat(self, pulse: _Pulse) -> None:
        """Extend when it is time or there is progress to tell; otherwise only look."""
        context, now_s = pulse.context, time.monotonic()
        try:
            beat = self._ask(pulse, now_s)
        except DatabaseError as exc:
            log.warning("heartbeat failed", extra={"job_id": context.job_id}, exc_info=True)
            connection.close()
            is_over = now_s - pulse.renewed_s > self.times.lease_s
            if is_over and not _is_busy(exc):
                context.interrupt(LeaseLost("the lease could not be renewed in time"))
            return
        if beat is None:
            context.interrupt(LeaseLost(f"job {context.job_id} was given to another worker"))
        elif beat.is_cancelled:
            context.interrupt(Cancelled(f"job {context.job_id} was cancelled"))

    def _ask(self, pulse: _Pulse, now_s: float) -> leases.Beat | None:
        lease, latest = pulse.context.lease, pulse.context.latest_progress
        if now_s - pulse.renewed_s < self.times.beat_s and latest == pulse.told:
            return leases.look(lease)
        beat = leases.extend(lease, latest, lease_s=self.times.lease_s)
        pulse.renewed_s, pulse.told = now_s, latest
        return beat

    def _watch_time_limit(self, pulse: _Pulse) -> None:
        if not pulse.limit_s:
            return
        spent_s = time.monotonic() - pulse.began_s
        if spent_s > pulse.limit_s:
            pulse.context.interrupt(TimeLimit(f"it took longer than {pulse.limit_s:g} s"))
        if spent_s > pulse.limit_s + self.times.grace_s:
            pulse.limit_s = 0.0
            pulse.cut()


def _is_busy(exc: DatabaseError) -> bool:
    """Say whether SQLite's one writer writes: nobody takes the job then; the next beat tells."""
    code = getattr(exc.__cause__, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return bool(code & 0xFF == sqlite3.SQLITE_BUSY)
