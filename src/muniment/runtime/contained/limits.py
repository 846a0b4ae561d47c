"""What a contained process may use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one contained process.

    `wall_s`: seconds for one call. `cpu_s`: seconds of processor time for one call; None: no
    limit of its own. `memory_bytes`: most memory that the process and its children hold, watched
    from outside (files that they map do not count); the kernel refuses it twice as much of private
    memory (RLIMIT_DATA and not RLIMIT_AS, because the Go runtime reserves far more addresses than
    it uses).
    `file_bytes`: size of the largest file that it may write. `writable`: the folders that it may
    write to where bubblewrap is at work; everything else is read-only then.
    """

    wall_s: float = 600.0
    cpu_s: int | None = None
    memory_bytes: int = 1024 * MIB
    file_bytes: int | None = None
    open_files: int = 1024
    writable: tuple[Path, ...] = ()
