"""Pages of a large archive against those of a small one: p95, processor time, number of queries.

    python -m benchmarks.pages [--full]

On SQLite: 10,000 files in 100 objects, and 100,000 files in 1,000 objects (1,000,000 in 10,000 with
--full); a tenth of the files in one object, whose tree and page are asked for. Each page is asked
for in this process by the test client, rendered whole.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.rows import Row, report
from benchmarks.synthetic import Shape, file_id, object_id

SMALL = Shape(objects=100, files_each=91, large=991)
LARGE = Shape(objects=1_000, files_each=91, large=9_091)
FULL = Shape(objects=10_000, files_each=91, large=90_091)
_TIMES, _WARM = 60, 5
_TREE = "in=original/series+03"


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one page: 95 of 100 answers came within `p95_ms`; the middle one cost `cpu_ms`."""

    p95_ms: float
    cpu_ms: float
    queries: int


def addresses(shape: Shape, turn: int) -> Mapping[str, str]:
    """Return what is asked for in a turn: other objects and words each time."""
    number = turn * 37 % shape.objects
    words = ("harbour", "map", "letters ledger", "title:diary", "source:local format:fmt/43")
    large = object_id(0)
    return {
        "object list": "/objects",
        "search with facets": f"/objects?q={words[turn % len(words)].replace(' ', '+')}",
        "object page": f"/objects/{object_id(number)}",
        "object page, the largest": f"/objects/{large}",
        "file tree, the largest": f"/objects/{large}/files?{_TREE}",
        "file page": f"/object/{file_id(number, turn)}",
        "events": f"/objects/{object_id(number)}/events",
        "dashboard": "/dashboard/",
    }


def main() -> None:
    """Measure both archives, each in a process of its own; report each page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true", help="1,000,000 files in 10,000 objects")
    parser.add_argument("--child", choices=["small", "large", "full"], help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.child:
        found = _measure({"small": SMALL, "large": LARGE, "full": FULL}[args.child])
        print(json.dumps({name: asdict(each) for name, each in found.items()}))
        return
    wanted, shape = ("full", FULL) if args.full else ("large", LARGE)
    small, large = _figures("small"), _figures(wanted)
    for name, now in large.items():
        before = small[name]
        report(
            Row(
                f"{name}, {shape.files:,} files, p95",
                now.p95_ms,
                "ms",
                f"{SMALL.files:,} files",
                before.p95_ms,
                "150 ms, at most twice as long",
                f"{now.queries} queries, before {before.queries}; "
                f"processor {now.cpu_ms} ms, before {before.cpu_ms} ms",
            )
        )


def _figures(name: str) -> dict[str, Figures]:
    with tempfile.TemporaryDirectory(prefix="muniment-bench-", dir=Path.cwd()) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.pages", "--child", name],
            env=os.environ | {"MUNIMENT_HOME": folder},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            check=True,
        )
    return {page: Figures(**each) for page, each in json.loads(done.stdout).items()}


def _measure(shape: Shape) -> dict[str, Figures]:
    from benchmarks.synthetic import fill
    from muniment.runtime.home import ArchiveHome
    from muniment.site.bootstrap import prepare, set_up_framework

    home = ArchiveHome.from_environment()
    for folder in (home.path, home.ledger, home.work, home.quarantine):
        folder.mkdir(parents=True, exist_ok=True)
    set_up_framework("muniment.site.web_settings")
    prepare(home)
    fill(shape, "ada")
    return _ask(shape)


def _ask(shape: Shape) -> dict[str, Figures]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from muniment.administration.services.users import NewUser, add_user
    from muniment.runtime.actor import SYSTEM
    from muniment.site.bootstrap import clock

    user = add_user(NewUser("eva", groups=["archivists"]), actor=SYSTEM, clock=clock())
    client = Client(HTTP_HOST="localhost")
    client.force_login(user)
    found = {}
    for name in addresses(shape, 0):
        spent, cpu = [], []
        for turn in range(_TIMES + _WARM):
            address = addresses(shape, turn % 90)[name]
            start, begun = time.perf_counter(), time.process_time()
            answer = client.get(address)
            spent.append(time.perf_counter() - start)
            cpu.append(time.process_time() - begun)
            assert answer.status_code == 200, (address, answer.status_code)
        with CaptureQueriesContext(connection) as context:
            client.get(addresses(shape, 1)[name])
        ordered = sorted(spent[_WARM:])
        p95_ms = 1000 * ordered[math.ceil(0.95 * len(ordered)) - 1]
        found[name] = Figures(
            round(p95_ms, 1), round(1000 * statistics.median(cpu[_WARM:]), 1), len(context)
        )
    return found


if __name__ == "__main__":
    main()
