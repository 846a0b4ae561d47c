"""Resident memory of a process and its descendants, as the kernel shows it in /proc."""

from __future__ import annotations

import resource
from pathlib import Path

_PAGE_BYTES = resource.getpagesize()


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process and everything it started, shared pages included.

    A process that has ended counts nothing.
    """
    total, waiting = 0, [pid]
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}")
        try:
            total += int((folder / "statm").read_text().split()[1]) * _PAGE_BYTES
            for thread in (folder / "task").iterdir():
                waiting += map(int, (thread / "children").read_text().split())
        except (OSError, ValueError):
            continue  # it ended while we looked
    return total
