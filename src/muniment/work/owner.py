"""Who holds a lease: a name by which another process on this machine can tell that it is dead."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Owner:
    """One process: the machine and its boot, the namespace of its process number, its start."""

    machine: str
    boot: str
    namespace: str
    pid: str
    started: str

    def __str__(self) -> str:
        return "/".join((self.machine, self.boot, self.namespace, self.pid, self.started))


def parse(text: str) -> Owner | None:
    """Read what `str(owner)` wrote; None for any other text."""
    parts = text.split("/")
    return Owner(*parts) if len(parts) == 5 else None


def this_process() -> Owner:
    """Return the owner that this process is."""
    return _owner(os.getpid())


@cache
def _owner(pid: int) -> Owner:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    namespace = os.readlink("/proc/self/ns/pid").strip("pid:[]")  # noqa: PTH115  # no path
    started = _start_of(pid) or "0"
    return Owner(socket.gethostname().replace("/", "-"), boot, namespace, str(pid), started)


def is_surely_dead(text: str) -> bool:
    """Say whether the owner's process ran here and runs no more; False when nobody can know."""
    owner, here = parse(text), this_process()
    if owner is None or (owner.machine, owner.boot, owner.namespace) != (
        here.machine,
        here.boot,
        here.namespace,
    ):
        return False
    return _start_of(int(owner.pid)) != owner.started


def _start_of(pid: int) -> str | None:
    """Return when a process started, in ticks since boot; None when there is none (or a zombie)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text.rpartition(")")[2].split()  # the name before may hold anything
    return None if fields[0] in {"Z", "X"} else fields[19]
