"""Memory of a process and its descendants, as the kernel shows it in /proc."""

from __future__ import annotations

import re
from pathlib import Path

_HELD = re.compile(rb"Rss(?:Anon|Shmem):\s+(\d+) kB")


def held_bytes(pid: int) -> int:
    """Return the memory that a process and everything it started hold, shared memory included.

    Files on a disk that they map are the kernel's cache, which it takes back at will: who maps a
    file of 5 GB to look through it holds nothing of it. A process that has ended counts nothing.
    """
    total, waiting = 0, [pid]
    while waiting:
        folder = Path(f"/proc/{waiting.pop()}")
        try:
            total += sum(map(int, _HELD.findall((folder / "status").read_bytes()))) << 10
            for thread in (folder / "task").iterdir():
                waiting += map(int, (thread / "children").read_text().split())
        except OSError:
            continue  # it ended while we looked
    return total
