"""How much memory a command and all that it starts hold, looked at while it runs."""

from __future__ import annotations

import subprocess
from contextlib import suppress
from dataclasses import dataclass, field

import psutil

MIB = 1 << 20
_TICK_S = 0.02


@dataclass(slots=True)
class Peaks:
    """The most that each program held in one process, and all together at one moment, in bytes.

    Files that are mapped do not count: they are the kernel's cache.
    """

    by_program: dict[str, int] = field(default_factory=dict)
    together: int = 0

    def look(self, root: psutil.Process) -> None:
        """Take one more look at a process and its descendants."""
        total = 0
        for process in (root, *root.children(recursive=True)):
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                memory = process.memory_info()
                held = memory.rss - memory.shared
                name = program_of(process.cmdline())
                self.by_program[name] = max(self.by_program.get(name, 0), held)
                total += held
        self.together = max(self.together, total)


def program_of(words: list[str]) -> str:
    """Name a program by the part of its command that says what it is."""
    known = ("clamscan", "exiftool", "digest_helper", "contained.child", "muniment.cli.main")
    return next((name for name in known if any(name in word for word in words)), "other")


def peaks_of(process: subprocess.Popen[bytes]) -> Peaks:
    """Look until the process ends."""
    peaks, root = Peaks(), psutil.Process(process.pid)
    while process.poll() is None:
        with suppress(psutil.NoSuchProcess):
            peaks.look(root)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_TICK_S)
    return peaks
