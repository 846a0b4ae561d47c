"""The catalogue made anew from storage: files a second, and the memory of the process.

    python -m benchmarks.rebuild [--full]                         SQLite
    MUNIMENT_DATABASE=postgresql://… python -m benchmarks.rebuild  PostgreSQL

One object with the events of the default pipeline: eight for the package, one for every 50th file.
The catalogue's tables in the database are emptied.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.rows import Row, report

_PACKAGE_EVENTS = (
    "transfer",
    "unpacking",
    "message digest calculation",
    "fixity check",
    "virus check",
    "format identification",
    "validation",
    "metadata extraction",
)


def main() -> None:
    """Make an object, rebuild in a process of its own, report both figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true", help="100,000 files instead of 20,000")
    parser.add_argument("--child", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        print(json.dumps(_rebuild(args.child)))
        return
    count = 100_000 if args.full else 20_000
    with tempfile.TemporaryDirectory(prefix="muniment-bench-", dir=Path.cwd()) as folder:
        _make_object(Path(folder), count)
        figures = json.loads(
            subprocess.run(
                [sys.executable, "-m", "benchmarks.rebuild", "--child", folder],
                env=os.environ | {"MUNIMENT_HOME": folder},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                check=True,
            ).stdout
        )
    database = "PostgreSQL" if os.environ.get("MUNIMENT_DATABASE") else "SQLite"
    work = f"rebuild of the catalogue, {count:,} files, {database}"
    spread = ", ".join(f"{name} {spent:.1f} s" for name, spent in figures["parts"].items())
    report(Row(work, count / figures["spent_s"], "files/s", target="10,000 files/s", note=spread))
    report(Row(f"memory of {work}", figures["peak_mb"], "MB", target="150 MB"))


def _make_object(folder: Path, count: int) -> None:
    from tests.catalogue.shelves import Content, make_shelf

    files = {f"series {n // 1000:03}/page-{n:06}.txt": f"page {n}".encode() for n in range(count)}
    properties = {"text.encoding": "utf-8", "text.lines": "1", "file.kind": "text"}
    make_shelf(folder).seal(
        Content(
            files=files,
            described={path: {"properties": properties} for path in files},
            representation_events=_PACKAGE_EVENTS,
            file_events=[(path, "validation", "warning") for path in list(files)[::50]],
        )
    )


def _rebuild(folder: Path) -> dict[str, object]:
    from muniment.site.bootstrap import set_up_framework

    set_up_framework()
    from django.core.management import call_command

    from muniment.administration import policy
    from muniment.catalogue.adapters.search import search_index
    from muniment.catalogue.services.rebuilding import Sources, rebuild
    from muniment.runtime.actor import SYSTEM
    from muniment.runtime.clock import SystemClock
    from muniment.storage.adapters.file_locks import FileLocks
    from muniment.storage.adapters.local import open_local_root
    from muniment.storage.adapters.local_disk import LocalDisk
    from muniment.storage.ledger.ledger import Ledger

    policy.install()
    call_command("migrate", verbosity=0)
    root = open_local_root(folder / "storage", folder / "work")
    locks = FileLocks(folder / "work" / "locks", 5.0)
    ledger = Ledger(folder / "ledger", folder / "work", root, locks, LocalDisk(), SystemClock())
    sources = Sources(root, ledger, search_index())
    began_s = time.process_time()
    marks = [("start", time.perf_counter())]

    def mark(_done: int, _total: int | None, _message: str) -> None:
        marks.append(("rows", time.perf_counter()))

    rebuild(sources, actor=SYSTEM, clock=SystemClock(), from_start=True, on_progress=mark)
    marks.append(("search", time.perf_counter()))
    parts = {name: at - marks[n][1] for n, (name, at) in enumerate(marks[1:])}
    parts["processor"] = time.process_time() - began_s
    return {"spent_s": marks[-1][1] - marks[0][1], "peak_mb": _peak_mb(), "parts": parts}


def _peak_mb() -> float:
    """Return the most memory since exec; `ru_maxrss` would count that of our parent too."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
