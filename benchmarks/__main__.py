"""Runs every measurement, prints rows and ratios, and writes `docs/benchmarks.md`.

python -m benchmarks [--full] [NAME …]
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.rows import ROWS_FILE, read_rows

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
KEPT = HERE / "measured.json"
"""What each module measured last: one may be measured again without the others."""
HEADS = ("work", "Muniment", "peer", "ratio", "must reach", "note")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one module printed, the cells of its rows, and when it ran with which words."""

    about: str
    output: str
    rows: list[list[str]]
    spent_s: int
    on: str
    words: str


def programs() -> list[str]:
    """Return the modules here that can be run by themselves."""
    return [
        path.stem
        for path in sorted(HERE.glob("*.py"))
        if not path.stem.startswith("_") and "__main__" in path.read_text(encoding="utf-8")
    ]


def run(name: str, *, full: bool) -> tuple[Outcome, int]:
    """Run one module in a process of its own, so that no measurement warms another."""
    source = (HERE / f"{name}.py").read_text(encoding="utf-8")
    words = ["--full"] if full and "--full" in source else []
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="muniment-bench-") as folder:
        rows = Path(folder) / "rows"
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{name}", *words],
            cwd=HERE.parent,
            env=os.environ | {ROWS_FILE: str(rows)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        found = [row.cells() for row in read_rows(rows)]
    about = (ast.get_docstring(ast.parse(source)) or name).partition("\n")[0]
    spent_s = round(time.perf_counter() - began)
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    outcome = Outcome(about, done.stdout.rstrip(), found, spent_s, today, " ".join(words))
    return outcome, done.returncode


def page(outcomes: Mapping[str, Outcome]) -> Iterator[str]:
    """Give the lines of the page."""
    yield "# Benchmarks\n"
    yield (
        f"Written by `make bench`: {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}. Peers ran in the same run on the same machine. "
        "A ratio over 1 means that we are faster or smaller. Each section says when it was "
        "measured.\n"
    )
    yield "| " + " | ".join(HEADS) + " |"
    yield "|" + " --- |" * len(HEADS)
    for outcome in outcomes.values():
        for row in outcome.rows:
            yield "| " + " | ".join(cell.replace("|", r"\|") for cell in row) + " |"
    yield ""
    for name, outcome in outcomes.items():
        yield f"## {name}\n"
        words = " ".join(filter(None, [f"python -m benchmarks.{name}", outcome.words]))
        yield f"{outcome.about} `{words}`, {outcome.spent_s} s, on {outcome.on}.\n"
        yield f"```text\n{outcome.output}\n```\n"


def main() -> int:
    """Run, print, write the page; 1 when a measurement failed, whose old figures stay."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these; all without")
    parser.add_argument("--full", action="store_true", help="the large ones too")
    args = parser.parse_args()
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    outcomes = {name: Outcome(**kept[name]) for name in programs() if name in kept}
    failed = False
    for name in args.names or programs():
        print(f"== {name}", flush=True)
        outcome, code = run(name, full=args.full)
        print(outcome.output, flush=True)
        if code:
            failed = True
            print(f"   failed with {code}", flush=True)
        else:
            outcomes[name] = outcome
    ordered = {name: outcomes[name] for name in programs() if name in outcomes}
    as_json = {name: asdict(each) for name, each in ordered.items()}
    KEPT.write_text(json.dumps(as_json, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text("\n".join(page(ordered)) + "\n", encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
