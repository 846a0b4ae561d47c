"""The thread beside a running job: renews the lease, tells the progress, brings the orders.

It has a database connection of its own, opened at the first beat: a short job never pays for it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection

from muniment.work import leases
from muniment.work.context import JobContext
from muniment.work.interruptions import Cancelled, LeaseLost, TimeLimit
from muniment.work.types import Progress, Times

log = logging.getLogger(__name__)


class Heartbeat:
    """Beats while its block runs; then the thread has ended and its connection is closed.

    `cut` is called when the job ignores the end of its time for the whole grace: it settles the
    job over the head of the running code, which may be stuck in a call that never returns.
    """

    def __init__(
        self,
        context: JobContext,
        times: Times,
        *,
        hard_limit_s: float = 0.0,
        cut: Callable[[], None] = lambda: None,
    ) -> None:
        self._context = context
        self._times = times
        self._limit_s = hard_limit_s
        self._cut = cut
        self._stop_at_s = float("inf")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._began_s = self._renewed_s = time.monotonic()
        self._told = Progress()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        wait_s = min(self._times.watch_s, self._times.beat_s)
        try:
            while not self._ended.wait(wait_s):
                self._beat()
                self._watch_time_limit()
        finally:
            connection.close()

    def _beat(self) -> None:
        """Extend when it is time or there is progress to tell; otherwise only look."""
        lease, latest = self._context.lease, self._context.latest_progress
        now_s = time.monotonic()
        is_due = now_s - self._renewed_s >= self._times.beat_s
        try:
            if is_due or latest != self._told:
                beat = leases.extend(lease, latest, lease_s=self._times.lease_s)
                self._renewed_s, self._told = now_s, latest
            else:
                beat = leases.look(lease)
        except DatabaseError:
            log.warning("heartbeat failed", extra={"job_id": lease.job_id}, exc_info=True)
            connection.close()
            if now_s - self._renewed_s > self._times.lease_s:
                self._context.interrupt(LeaseLost("the lease could not be renewed in time"))
            return
        if beat is None:
            self._context.interrupt(LeaseLost(f"job {lease.job_id} was given to another worker"))
        elif beat.is_cancelled:
            self._context.interrupt(Cancelled(f"job {lease.job_id} was cancelled"))

    def _watch_time_limit(self) -> None:
        if not self._limit_s:
            return
        spent_s = time.monotonic() - self._began_s
        if spent_s > self._limit_s:
            self._context.interrupt(TimeLimit(f"it took longer than {self._limit_s:g} s"))
        if spent_s > self._limit_s + self._times.grace_s:
            self._cut()
            self._limit_s = 0.0
