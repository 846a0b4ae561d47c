"""Runs every measurement, prints rows and ratios, and writes `docs/benchmarks.md`.

python -m benchmarks [--full | --full-for NAME] [NAME …]
"""

from __future__ import annotations

import argparse
import ast
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.rows import ROWS_FILE, Row, read_rows

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "benchmarks.md"
HEADS = ("work", "Muniment", "peer", "ratio", "must reach", "note")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one module printed, the rows it reported, and how it ended."""

    name: str
    about: str
    output: str
    rows: list[Row]
    spent_s: float
    code: int


def programs() -> list[str]:
    """Return the modules here that can be run by themselves."""
    return [
        path.stem
        for path in sorted(HERE.glob("*.py"))
        if not path.stem.startswith("_") and "__main__" in path.read_text(encoding="utf-8")
    ]


def run(name: str, *, full: bool) -> Outcome:
    """Run one module in a process of its own, so that no measurement warms another."""
    source = (HERE / f"{name}.py").read_text(encoding="utf-8")
    command = [sys.executable, "-m", f"benchmarks.{name}"]
    if full and "--full" in source:
        command.append("--full")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="muniment-bench-") as folder:
        rows = Path(folder) / "rows"
        done = subprocess.run(
            command,
            cwd=HERE.parent,
            env=os.environ | {ROWS_FILE: str(rows)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        found = read_rows(rows)
    about = (ast.get_docstring(ast.parse(source)) or name).partition("\n")[0]
    spent_s = time.perf_counter() - began
    return Outcome(name, about, done.stdout, found, spent_s, done.returncode)


def page(outcomes: list[Outcome], said: str) -> Iterator[str]:
    """Give the lines of the page."""
    yield "# Benchmarks\n"
    kind = f'`make bench ARGS="{said.strip()}"`' if said else "`make bench`"
    yield (
        f"Written by {kind} on {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores, "
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}. Peers ran "
        "in the same run on the same machine. A ratio over 1 means that we are faster or smaller.\n"
    )
    rows = [row for outcome in outcomes for row in outcome.rows]
    if rows:
        yield "| " + " | ".join(HEADS) + " |"
        yield "|" + " --- |" * len(HEADS)
        for row in rows:
            yield "| " + " | ".join(cell.replace("|", r"\|") for cell in row.cells()) + " |"
        yield ""
    for outcome in outcomes:
        yield f"## {outcome.name}\n"
        yield f"{outcome.about} `python -m benchmarks.{outcome.name}`, {outcome.spent_s:.0f} s.\n"
        yield f"```text\n{outcome.output.rstrip()}\n```\n"


def main() -> int:
    """Run, print, write the page; 1 when a measurement failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these; all without")
    parser.add_argument("--full", action="store_true", help="the large ones too")
    parser.add_argument(
        "--full-for", action="append", default=[], metavar="NAME", help="those of this module alone"
    )
    args = parser.parse_args()
    outcomes = []
    for name in args.names or programs():
        print(f"== {name}", flush=True)
        outcome = run(name, full=args.full or name in args.full_for)
        print(outcome.output.rstrip(), flush=True)
        if outcome.code:
            print(f"   failed with {outcome.code}", flush=True)
        outcomes.append(outcome)
    if not args.names:
        said = "".join(f" --full-for {name}" for name in args.full_for) or " --full" * args.full
        PAGE.write_text("\n".join(page(outcomes, said)) + "\n", encoding="utf-8")
    return 1 if any(outcome.code for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
