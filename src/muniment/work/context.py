"""What a running job sees of its own queue."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NoReturn

from django.db import transaction

from muniment.runtime.actor import Actor
from muniment.work import leases
from muniment.work.interruptions import Interrupted, LeaseLost, Rescheduled
from muniment.work.types import Claimed, Progress

ProgressListener = Callable[[int, int | None, str], None]


class JobContext:
    """The job's arguments, and its way to tell progress and to learn that it must stop.

    `progress` and `check` only touch memory: call them for each file or block. The heartbeat's
    thread carries the progress to the database and brings the orders.
    """

    def __init__(
        self, claimed: Claimed, actor: Actor, listener: ProgressListener | None = None
    ) -> None:
        self.job_id = claimed.lease.job_id
        self.arguments = claimed.arguments
        self.arguments_version = claimed.arguments_version
        self.decision = claimed.decision
        self.actor = actor
        self.lease = claimed.lease
        self._listener = listener
        self._latest = Progress()
        self._order: Interrupted | None = None
        self._lock = threading.Lock()

    @property
    def attempt(self) -> int:
        """The number of this attempt, from 1."""
        return self.lease.attempt

    @property
    def latest_progress(self) -> Progress:
        """What `progress` said last."""
        return self._latest

    def progress(
        self, done: int, total: int | None = None, unit: str = "", message: str = ""
    ) -> None:
        """Say how far the work is."""
        self._latest = Progress(done, total, unit, message)
        if self._listener is not None:
            self._listener(done, total, message)

    def check(self) -> None:
        """Raise when the job was cancelled, lost its lease or time, or the worker stops."""
        if self._order is not None:
            raise self._order

    def interrupt(self, order: Interrupted) -> None:
        """Make the next `check` raise `order`; a lost lease outranks all else."""
        with self._lock:
            if self._order is None or isinstance(order, LeaseLost):
                self._order = order

    def reschedule(
        self, at: datetime | None = None, *, delay_s: float = 0.0, reason: str = ""
    ) -> NoReturn:
        """Stop here and run again at `at` or after `delay_s`; the attempt is not counted.

        For waiting on outside systems: no worker is blocked meanwhile.
        """
        raise Rescheduled(at, delay_s, reason)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Open a transaction that commits only while this worker holds the lease.

        Raises LeaseLost, and nothing was written, when another worker has the job.
        """
        with transaction.atomic():
            leases.hold(self.lease)
            yield
