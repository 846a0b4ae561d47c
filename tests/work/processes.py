"""Real worker processes on a real database of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.archives import Archive
from tests.eventually import eventually

SOURCES = Path(__file__).parents[2] / "src" / "muniment" / "work"
FAILPOINTS = sorted(
    {
        name
        for module in SOURCES.glob("*.py")
        for name in re.findall(r'failpoint(?:_name=)?\(?"([a-z.-]+)"', module.read_text())
    }
)


@dataclass(frozen=True, slots=True)
class Ground:
    """A home with a database in which only the work tables exist."""

    archive: Archive

    @property
    def home(self) -> Path:
        return self.archive.home

    @property
    def vendor(self) -> str:
        return "postgresql" if self.archive.database else "sqlite"

    def start(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        """Start a child and return at once."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.work.child", *words],
            env=self.archive.environment(**environment),
            cwd=Path(__file__).parents[2],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *words: str, **environment: str) -> dict[str, Any]:
        """Run a child to its good end; return its dump."""
        return result_of(self.start(*words, **environment))

    def dies_at(self, failpoint: str, *words: str) -> bool:
        """Run a child that ends itself by SIGKILL at a failpoint; False when it never got there."""
        child = self.start(*words, MUNIMENT_FAILPOINT=failpoint)
        child.communicate(timeout=60)
        return child.returncode == -signal.SIGKILL

    def has_started(self) -> None:
        """Wait until a job says that it runs."""
        eventually((self.home / "started").exists, within_s=30)


def result_of(child: subprocess.Popen[bytes]) -> dict[str, Any]:
    """Wait for the good end of a child; return its dump."""
    out, err = child.communicate(timeout=60)
    assert child.returncode == 0, err.decode()
    dump: dict[str, Any] = json.loads(out)
    return dump


def job_of(dump: dict[str, Any], kind: str) -> dict[str, Any]:
    """Return the one job of a kind."""
    jobs: list[dict[str, Any]] = [job for job in dump["jobs"] if job["kind"] == kind]
    assert len(jobs) == 1, jobs
    return jobs[0]


def is_running(pid: int) -> bool:
    """Say whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def environment_with_clock(offset: str) -> dict[str, str]:
    """Return variables that let a process live at another time (libfaketime)."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
    return {
        "LD_PRELOAD": os.fspath(found[0]),
        "FAKETIME": offset,
    }
