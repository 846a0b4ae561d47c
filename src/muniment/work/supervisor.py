"""One supervisor and its executors: processes that each run one job at a time.

A job that crashes its process, or eats its memory, takes only that process along; the supervisor
starts another, and the job comes back through the reaper with the attempt counted.
"""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from django.db import DatabaseError, connection

from muniment.work.types import Times
from muniment.work.worker import maintain

log = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1
_QUICK_DEATH_S = 5.0
_TICK_S = 0.2


def die_with_parent(parent: int) -> None:
    """Let this process get SIGTERM when its parent ends, also by SIGKILL (Linux)."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        raise SystemExit(3)  # it ended before we could ask


@dataclass
class _Executor:
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    start_again_s: float = 0.0
    quick_deaths: int = 0


@dataclass
class Supervisor:
    """Keeps `count` processes of `command` alive and keeps house for them, until it is stopped."""

    command: Sequence[str]
    count: int
    times: Times = field(default_factory=Times)
    keep_house: Callable[[Times], None] = maintain

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._executors = [_Executor() for _ in range(self.count)]
        self._housework_at_s = 0.0

    def stop(self) -> None:
        """End: executors finish their jobs within the grace, or give them back."""
        self._stopping.set()

    def run(self) -> None:
        """Run until SIGTERM, SIGINT or `stop`; then every executor has ended."""
        before = {
            number: signal.signal(number, self._on_signal)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            while not self._stopping.is_set():
                self._tend()
                self._do_housework()
                self._stopping.wait(_TICK_S)
        finally:
            self._end_executors()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _tend(self) -> None:
        """Start what is not running; who dies quickly again and again is started more slowly."""
        now_s = time.monotonic()
        for executor in self._executors:
            if executor.process is not None and executor.process.poll() is not None:
                self._bury(executor, now_s)
            if executor.process is None and now_s >= executor.start_again_s:
                executor.process = subprocess.Popen(  # noqa: S603  # our own command
                    self.command, process_group=0, stdin=subprocess.DEVNULL
                )
                executor.started_s = now_s

    def _bury(self, executor: _Executor, now_s: float) -> None:
        code = executor.process.returncode if executor.process else 0
        is_quick = now_s - executor.started_s < _QUICK_DEATH_S
        executor.quick_deaths = executor.quick_deaths + 1 if is_quick else 0
        executor.start_again_s = now_s + min(0.5 * 2.0 ** min(executor.quick_deaths, 6), 30.0)
        executor.process = None
        self._housework_at_s = 0.0  # its job need not wait
        log.warning("executor ended", extra={"exit_code": code, "again": executor.quick_deaths})

    def _do_housework(self) -> None:
        now_s = time.monotonic()
        if now_s < self._housework_at_s:
            return
        self._housework_at_s = now_s + min(self.times.idle_s, self.times.reap_s)
        try:
            self.keep_house(self.times)
        except DatabaseError:
            log.warning("housework failed", exc_info=True)
            connection.close()

    def _end_executors(self) -> None:
        living = [each.process for each in self._executors if each.process is not None]
        for process in living:
            process.send_signal(signal.SIGTERM)
        deadline_s = time.monotonic() + self.times.grace_s + 2 * self.times.last_call_s
        for process in living:
            try:
                process.wait(max(deadline_s - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                log.exception("executor does not end and is killed", extra={"pid": process.pid})
                process.kill()
                process.wait()
