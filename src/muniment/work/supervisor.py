"""One supervisor and its children: executors that each run one job at a time, and a site.

A job that crashes its process, or eats its memory, takes only that process along; the supervisor
starts another, and the job comes back through the reaper with the attempt counted.
"""

from __future__ import annotations

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

from muniment.work.housekeeping import Housekeeper
from muniment.work.types import Times

log = logging.getLogger(__name__)

_QUICK_DEATH_S = 5.0
_TICK_S = 0.2


@dataclass
class _Child:
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_s: float = 0.0
    start_again_s: float = 0.0
    quick_deaths: int = 0


@dataclass
class Supervisor:
    """Keeps one process of each of `commands` alive and keeps house, until it is stopped.

    Its children are started anew whenever `is_outdated` says so (when one works on the program).
    """

    commands: Sequence[Sequence[str]]
    times: Times = field(default_factory=Times)
    is_outdated: Callable[[], bool] = lambda: False

    def __post_init__(self) -> None:
        self._stopping = threading.Event()
        self._children = [_Child(command) for command in self.commands]
        self._housekeeper = Housekeeper(self.times)

    def stop(self) -> None:
        """End: children finish what they are at within the grace, or give it back."""
        self._stopping.set()

    def run(self) -> None:
        """Run until SIGTERM, SIGINT or `stop`; then every child has ended."""
        before = {
            number: signal.signal(number, self._on_signal)
            for number in (signal.SIGTERM, signal.SIGINT)
        }
        try:
            while not self._stopping.is_set():
                if self.is_outdated():
                    self._start_anew()
                self._tend()
                self._housekeeper.keep()
                self._stopping.wait(_TICK_S)
        finally:
            self._end_children()
            self._housekeeper.say_goodbye()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def _tend(self) -> None:
        """Start what is not running; who dies quickly again and again is started more slowly."""
        now_s = time.monotonic()
        for child in self._children:
            if child.process is not None and child.process.poll() is not None:
                self._bury(child, now_s)
            if child.process is None and now_s >= child.start_again_s:
                child.process = subprocess.Popen(  # noqa: S603  # our own command
                    child.command, process_group=0, stdin=subprocess.DEVNULL
                )
                child.started_s = now_s

    def _start_anew(self) -> None:
        """End the children; each is started again at once, those that died quickly too."""
        log.info("children are started anew")
        self._end_children()
        self._children = [_Child(command) for command in self.commands]

    def _bury(self, child: _Child, now_s: float) -> None:
        code = child.process.returncode if child.process else 0
        is_quick = now_s - child.started_s < _QUICK_DEATH_S
        child.quick_deaths = child.quick_deaths + 1 if is_quick else 0
        child.start_again_s = now_s + min(0.5 * 2.0 ** min(child.quick_deaths, 6), 30.0)
        child.process = None
        self._housekeeper.hurry()  # its job need not wait
        log.warning("child ended", extra={"exit_code": code, "again": child.quick_deaths})

    def _end_children(self) -> None:
        living = [each.process for each in self._children if each.process is not None]
        for process in living:
            process.send_signal(signal.SIGTERM)
        deadline_s = time.monotonic() + self.times.grace_s + 2 * self.times.last_call_s
        for process in living:
            try:
                process.wait(max(deadline_s - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                log.exception("child does not end and is killed", extra={"pid": process.pid})
                process.kill()
                process.wait()
