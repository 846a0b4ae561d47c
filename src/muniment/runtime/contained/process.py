"""One contained process, seen from its parent: started, called, watched, killed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

import orjson

from muniment.runtime import errors
from muniment.runtime.contained.channel import Channel, Closed
from muniment.runtime.contained.isolation import INSIDE, isolation_level, wrap
from muniment.runtime.contained.limits import Limits
from muniment.runtime.contained.wire import Garbage, frame
from muniment.runtime.errors import MunimentError, ToolFailed, ToolTimeout

START_S = 60.0
"""Most seconds until a new process is ready: the machine may be busy."""
_TICK_S = 0.1

Progress = Callable[[int, "int | None", str], None]


@dataclass(frozen=True, slots=True)
class Watch:
    """What the parent does while a call runs.

    `progress` takes what the call reports; `check` is called about every 0.1 s and stops the
    call by raising.
    """

    progress: Progress | None = None
    check: Callable[[], None] | None = None


def _environment(limits: Limits) -> dict[str, str]:
    """Return what the child may know: no secret of ours is in it."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "HOME", "TMPDIR", "MUNIMENT_FAILPOINT") or name.startswith("COVERAGE_")
    }
    environment |= {
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "GOGC": "75",  # measured: less memory in pygfried than 100, as fast; 50 costs speed
        INSIDE: isolation_level().value,
    }
    if limits.writable:
        environment["TMPDIR"] = str(limits.writable[0].absolute())
    return environment


def _raise(error: Mapping[str, object], call: str) -> None:
    """Raise what the child described; an error that is not of our tree is a bug of ours."""
    from muniment.runtime.findings import Finding

    name, message = str(error["class"]), str(error["message"])
    known = getattr(errors, name, None) if name else None
    if known is None or not issubclass(known, MunimentError):
        raise RuntimeError(f"{call} failed in its process:\n{message}")
    if issubclass(known, errors.InvalidPackage):
        found: list[Mapping[str, object]] = error["findings"]  # type: ignore[assignment]  # ours
        raise known(message, [Finding.from_json(one) for one in found])
    if issubclass(known, errors.DecisionNeeded):
        raise known(message, tuple(error["choices"]))  # type: ignore[arg-type]  # ours
    raise known(message)


class ContainedProcess:
    """A long-lived process that answers calls, one at a time; it is started again when it died.

    `warm`: "module:function" called first in each new process, to load what the calls need; it
    runs while the parent does something else. Belongs to one thread at a time; another one may
    set `is_stopping`, which ends the call under way within 0.1 s and refuses the next. As a
    context manager it is killed at the end.
    """

    def __init__(self, limits: Limits | None = None, *, warm: str = "") -> None:
        self.limits = limits or Limits()
        self.starts = 0
        self.is_stopping = False
        self._warm = warm or "muniment.runtime.contained.calls:ready"
        self._channel: Channel | None = None
        self._is_ready = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def pid(self) -> int | None:
        """Process identifier on this machine (of bubblewrap, where that is at work)."""
        return self._channel.pid if self._channel else None

    def start(self) -> Channel:
        """Start the process unless it runs, and return at once."""
        if self._channel is None:
            self._channel = self._open()
            self.starts += 1
            self._is_ready = False
            # Small enough for the pipe, so nothing waits here; the first call takes the answer.
            self._channel.send(frame({"call": self._warm, "arguments": None}))
        return self._channel

    def _open(self) -> Channel:
        lifeline, ours = os.pipe()
        limits = {
            "RLIMIT_CORE": 0,
            "RLIMIT_DATA": 2 * self.limits.memory_bytes,
            "RLIMIT_FSIZE": self.limits.file_bytes,
            "RLIMIT_NOFILE": self.limits.open_files,
        }
        setup = orjson.dumps({"lifeline": lifeline, "limits": limits}).decode()
        command = [sys.executable, "-P", "-m", "muniment.runtime.contained.child", setup]
        command = wrap(command, self.limits.writable)
        try:
            return Channel(command, _environment(self.limits), keep=(lifeline, ours))
        finally:
            os.close(lifeline)

    def call(
        self,
        function: str,
        arguments: object,
        *,
        wall_s: float | None = None,
        watch: Watch | None = None,
    ) -> object:
        """Call `function` ("module:name") as `function(arguments, report)` and return its result.

        Arguments and result are anything that JSON can say. A `MunimentError` raised there is
        raised here, as the same class. Raises ToolTimeout after `wall_s` seconds (the limit of
        the process without it), ToolFailed when the process dies, takes too much memory or
        answers garbage; it is killed then, and the next call starts another one. RuntimeError
        is a bug in the function.
        """
        if self.is_stopping:
            raise ToolFailed(f"{function} was not called: its process is being stopped")
        watch = watch or Watch()
        channel = self.start()
        request = {"call": function, "arguments": arguments, "cpu_s": self.limits.cpu_s}
        limit_s = self.limits.wall_s if wall_s is None else wall_s
        try:
            if not self._is_ready:
                _unpack(self._answer(channel, START_S, watch, self._warm), self._warm)
                self._is_ready = True
            channel.send(frame(request))
            answer = self._answer(channel, limit_s, watch, function)
        except Closed as exc:
            self.kill()
            raise ToolFailed(f"the process of {function} {exc}") from exc
        except Garbage as exc:
            self.kill()
            raise ToolFailed(f"{function} answered garbage: {exc}") from exc
        except BaseException:
            self.kill()
            raise
        return _unpack(answer, function)

    def _answer(
        self, channel: Channel, limit_s: float, watch: Watch, function: str
    ) -> Mapping[str, object]:
        """Wait for the answer; watch time, memory and cancellation meanwhile."""
        start = looked = time.monotonic()
        while True:
            for document in channel.documents(_TICK_S):
                if "progress" not in document:
                    return document
                if watch.progress is not None:
                    watch.progress(*document["progress"])  # type: ignore[misc]  # our child's list
            now = time.monotonic()
            if now > start + limit_s:
                raise ToolTimeout(f"{function} did not end within {limit_s:g} s")
            if now > looked + _TICK_S:
                looked = now
                self._look(channel, watch, function)

    def _look(self, channel: Channel, watch: Watch, function: str) -> None:
        used, most = channel.held_bytes(), self.limits.memory_bytes
        if used > most:
            raise ToolFailed(
                f"{function} used {used >> 20} MiB of memory; {most >> 20} MiB are allowed"
            )
        if self.is_stopping:
            raise ToolFailed(f"{function} was stopped")
        if watch.check is not None:
            watch.check()

    def kill(self) -> None:
        """End the process and all that it started, at once; safe to call twice."""
        channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()


def _unpack(answer: Mapping[str, object], function: str) -> object:
    if "error" in answer:
        _raise(answer["error"], function)  # type: ignore[arg-type]  # written by our child
    return answer.get("result")


def run_contained(
    function: str,
    arguments: object,
    *,
    limits: Limits | None = None,
    progress: Progress | None = None,
    check: Callable[[], None] | None = None,
) -> object:
    """Run `function` ("module:name") once in a process of its own and return its JSON result.

    It is called as `function(arguments, report)`; what it gives `report(done, total, message)`
    comes out at `progress`. `check` is called every 0.1 s and stops all by raising. Errors as in
    `ContainedProcess.call`.
    """
    with ContainedProcess(limits) as process:
        return process.call(function, arguments, watch=Watch(progress, check))
