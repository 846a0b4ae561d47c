"""How far contained processes and tools are kept from the rest of the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path


class IsolationLevel(StrEnum):
    """`bwrap`: own name spaces, no network, read-only file system. `rlimit`: limits only."""

    BWRAP = "bwrap"
    RLIMIT = "rlimit"


_SHM = "/dev/shm"  # noqa: S108  # an archive may lie there, and --dev would hide it
INSIDE = "MUNIMENT_ISOLATION"
"""Set in contained processes: a second bubblewrap inside the first would gain nothing."""


@cache
def isolation_level() -> IsolationLevel:
    """Return the best level that works here; found out by trying once a process."""
    inherited = os.environ.get(INSIDE)
    if inherited:
        return IsolationLevel(inherited)
    if shutil.which("bwrap") is None:
        return IsolationLevel.RLIMIT
    trial = [*bubblewrap(()), "/bin/true"]
    done = subprocess.run(trial, capture_output=True, timeout=30, check=False)  # noqa: S603  # fixed words
    return IsolationLevel.BWRAP if done.returncode == 0 else IsolationLevel.RLIMIT


def bubblewrap(writable: Iterable[Path]) -> list[str]:
    """Return the words that put a command behind bubblewrap: no network, read-only but `writable`.

    The own user stays: the work area belongs to it. Of root's powers only reading everything
    (and writing, where something is writable) is left.
    """
    words = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev"]
    words += ["--ro-bind-try", _SHM, _SHM]
    words += ["--proc", "/proc"]
    folders = [str(folder.absolute()) for folder in writable]
    for folder in folders:
        words += ["--bind", folder, folder]
    words += ["--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
    words += ["--cap-drop", "ALL"]
    if os.geteuid() == 0:
        powers = ["CAP_DAC_READ_SEARCH"]
        powers += ["CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_CHOWN"] if folders else []
        for power in powers:
            words += ["--cap-add", power]
    return [*words, "--chdir", "/", "--"]


def wrap(command: list[str], writable: Iterable[Path]) -> list[str]:
    """Return the command as it is started here: behind bubblewrap where that works."""
    outside = INSIDE not in os.environ
    if outside and isolation_level() is IsolationLevel.BWRAP:
        return [*bubblewrap(writable), *command]
    return command
