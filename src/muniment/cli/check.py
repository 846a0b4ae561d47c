"""`muniment check`: is everything fit for use, and what to do where it is not."""

from __future__ import annotations

import argparse

from muniment.cli.console import Console
from muniment.runtime.home import ArchiveHome

SUMMARY = "Check configuration, storage, database, tools, clock and disk"
NEEDS_ARCHIVE = False
_SIGNS = {"ok": "ok     ", "advice": "advice ", "error": "ERROR  "}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace, console: Console) -> int:
    """Print one line for each check; exit code 3 when one is an error."""
    from muniment.cli.checks import run_checks

    checks = list(run_checks(ArchiveHome.from_environment()))
    if console.as_json:
        console.document(
            {
                "ok": all(check.level != "error" for check in checks),
                "checks": [check.as_json() for check in checks],
            }
        )
    else:
        for check in checks:
            console.line(f"{_SIGNS[check.level]}{check.name:<22}{check.said}")
            if check.advice:
                console.line(f"{'':29}→ {check.advice}")
    return 3 if any(check.level == "error" for check in checks) else 0
