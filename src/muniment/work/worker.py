"""A worker: claims one job after the other and runs each in the thread that called it."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from django.db import DatabaseError, connection
from django.db.models.functions import Now

from muniment.work import backpressure
from muniment.work.claiming import Wanted, claim
from muniment.work.context import JobContext, ProgressListener
from muniment.work.execution import Surroundings, execute
from muniment.work.heartbeat import Heartbeat
from muniment.work.housekeeping import Housekeeper
from muniment.work.interruptions import Stopping
from muniment.work.kinds import known_kinds
from muniment.work.models import Job
from muniment.work.outage import Outage
from muniment.work.owner import this_process
from muniment.work.types import JobState, Times
from muniment.work.wakeup import Wakeup, open_wakeup

log = logging.getLogger(__name__)


def _is_any_due() -> bool:
    return Job.objects.filter(state=JobState.QUEUED.value, run_after__lte=Now()).exists()


@dataclass
class Worker:
    """Runs jobs of `queues` (empty: all) until it is told to stop.

    `listener` hears the progress of each job; `abandon` ends the process after a job that ignored
    its time limit was cut (executors only). `keeps_house` also reaps, fires schedules and delivers
    events; a supervisor does that for its executors. A database that refuses to read, to hand out
    jobs or to be kept in order for `patience_s` ends `run_until` with its own error; a service
    waits for ever.
    """

    queues: Collection[str] = ()
    times: Times = field(default_factory=Times)
    listener: ProgressListener | None = None
    abandon: Callable[[], None] = lambda: None
    keeps_house: bool = True
    patience_s: float = math.inf

    def __post_init__(self) -> None:
        self.owner = str(this_process())
        self.is_stopping = False
        self.jobs_run = 0
        self._found_none = False
        self._turn = ""
        self._current: JobContext | None = None
        self._housekeeper = Housekeeper(self.times)
        self._asking, self._claiming = Outage(), Outage()
        self._wakeup: Wakeup | None = None
        self._heartbeat = Heartbeat(self.times)
        self._around = Surroundings(
            self._heartbeat, self.listener, started=self._remember, abandon=self.abandon
        )

    def _remember(self, context: JobContext | None) -> None:
        self._current = context

    def stop(self) -> None:
        """Claim nothing more; the running job may finish. Safe in a signal handler."""
        self.is_stopping = True

    def give_back(self) -> None:
        """Make the running job stop at its next `check`, and go back to the queue."""
        self.stop()
        if self._current is not None:
            self._current.interrupt(Stopping("the worker stops"))

    def run_one(self) -> bool:
        """Claim and run one job; False when none may run now."""
        kinds = backpressure.kinds_that_may_start(known_kinds())
        if self._found_none and not _is_any_due():
            return False  # SQLite: do not take the write lock to learn that there is nothing
        wanted = Wanted(kinds, self.queues, self._turn)
        job = claim(self.owner, wanted, lease_s=self.times.lease_s)
        self._found_none = job is None
        if job is None:
            return False
        self._turn = job.following
        execute(job, self._around)
        self.jobs_run += 1
        return True

    def run_until(self, is_done: Callable[[], bool]) -> None:
        """Run jobs until `is_done` says so or `stop` was called; sleeps when there is none.

        The predicate is asked between jobs. A database that does not answer is waited for, as long
        as the worker has patience; then its error is raised.
        """
        for each in (self._asking, self._claiming, self._housekeeper.outage):
            each.end()
        try:
            while not self.is_stopping and not self._tries(is_done, self._asking):
                self._do_housework()
                self._housekeeper.outage.raise_after(self.patience_s)
                if not self._tries(self.run_one, self._claiming):
                    self._idle()
        finally:
            self.close()

    def run_until_idle(self) -> None:
        """Run every job that may run now, also those that they queue; then return."""
        try:
            self._do_housework(is_forced=True)
            while not self.is_stopping and self.run_one():
                self._do_housework()
            self._do_housework(is_forced=True)
        finally:
            self.close()

    def run_forever(self) -> None:
        """Run jobs until `stop` is called."""
        self.run_until(lambda: False)

    def close(self) -> None:
        """Give threads and connections back; the worker can be used again."""
        self._close_wakeup()
        self._heartbeat.close()

    def _tries(self, ask: Callable[[], bool], outage: Outage) -> bool:
        """Return the answer; False when the database gives none."""
        try:
            answer = ask()
        except DatabaseError as exc:
            self._close_wakeup()
            connection.close()
            log.warning("the database does not answer", exc_info=True)
            outage.begin_or_go_on(exc)
            outage.raise_after(self.patience_s)
            return False
        outage.end()
        return answer

    def _do_housework(self, *, is_forced: bool = False) -> None:
        if self.keeps_house:
            if is_forced:
                self._housekeeper.hurry()
            self._housekeeper.keep()

    def _idle(self) -> None:
        if self._wakeup is None:
            self._wakeup = open_wakeup()
        self._wakeup.wait(self.times.idle_s)

    def _close_wakeup(self) -> None:
        if self._wakeup is not None:
            self._wakeup.close()
            self._wakeup = None
