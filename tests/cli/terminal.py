"""A program at a terminal of its own, as a person has it in front of them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self


class Terminal:
    """Runs a command with a terminal of 120 columns as all its streams; `shown` is what it wrote.

    A program that is still running at the end is killed.
    """

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self._here, there = pty.openpty()
        fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.process = subprocess.Popen(
            # A run in the background of a shell ignores Ctrl-C, and its children with it.
            ["env", "--default-signal=INT", *command],
            cwd=folder,
            env={**(os.environ if environment is None else environment), "TERM": "xterm"},
            stdin=there,
            stdout=there,
            stderr=there,
            start_new_session=True,
            # Ctrl-C goes to the terminal's own session.
            preexec_fn=_take_terminal,  # noqa: PLW1509  # one call to the kernel
        )
        os.close(there)
        self.shown = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._here)

    def type(self, text: str) -> None:
        """Press keys; `\\x03` is Ctrl-C."""
        os.write(self._here, text.encode())

    def wait_for(self, pattern: str, *, within_s: float = 60) -> str:
        """Return the match when it is shown; fail when it is not in time or the program ends."""
        deadline = time.monotonic() + within_s
        while not (found := re.search(pattern, self.shown)):
            if not self._read_some(deadline - time.monotonic()):
                raise AssertionError(f"not shown: {pattern}\n{self.shown}")
        return found[0]

    def end(self, *, within_s: float = 60) -> int:
        """Read to the end; return the exit code."""
        deadline = time.monotonic() + within_s
        while self._read_some(deadline - time.monotonic()):
            pass
        return self.process.wait(timeout=max(deadline - time.monotonic(), 0.1))

    def hang_up(self) -> None:
        """Close the window."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGHUP)

    def _read_some(self, timeout_s: float) -> bool:
        ready, _, _ = select.select([self._here], [], [], max(timeout_s, 0))
        if not ready:
            return False
        try:
            piece = os.read(self._here, 65536)
        except OSError:  # Linux: nobody has the other side open any more
            return False
        self.shown += piece.decode("utf-8", "replace")
        return bool(piece)


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
