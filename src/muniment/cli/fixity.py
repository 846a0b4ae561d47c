"""`muniment fixity run|report`: re-read what is stored, and say where fixity stands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from muniment.cli.arguments import add_leaf
from muniment.cli.console import Console, Progress

if TYPE_CHECKING:
    from muniment.storage.fixity.running import FixityRun
    from muniment.storage.models import FixityCheck

SUMMARY = "re-read stored objects and compare every recorded digest"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    leaves = parser.add_subparsers(dest="leaf", metavar="COMMAND", required=True)
    checking = add_leaf(leaves, "run", "re-read objects now", run_checks)
    checking.add_argument("ids", nargs="*", metavar="ID", help="objects")
    which = checking.add_mutually_exclusive_group()
    which.add_argument("--all", action="store_true", help="every object, and the ledger")
    which.add_argument("--due", action="store_true", help="objects not read for 90 days")
    add_leaf(leaves, "report", "the newest result of every object, summed up", print_report)


def run_checks(args: argparse.Namespace, console: Console) -> int:
    """Check; exit 1 when something is damaged or missing, 3 when something could not be read."""
    from muniment.site.bootstrap import local_administrator
    from muniment.storage.fixity.ledger_check import check_ledger
    from muniment.storage.fixity.running import Watcher, check_fixity, worst
    from muniment.storage.jobs import open_archive

    findings = check_ledger(open_archive().ledger, actor=local_administrator()) if args.all else []
    with console.progress("fixity") as progress:
        checks = check_fixity(
            _run_of(args),
            open_archive(),
            actor=local_administrator(),
            watcher=Watcher(_shows(progress), lambda _check: None),
        )
    if console.as_json:
        said = [each.as_json() for each in findings]
        console.document({"checks": [as_json(check) for check in checks], "ledger": said})
    else:
        for check in checks:
            print_check(check, console)
        for each in findings:
            console.line(f"ledger {each.path}: {each.message}")
        console.say(f"{len(checks)} objects checked.")
    return 1 if findings else _EXIT[worst(checks).value]


_EXIT = {"correct": 0, "mismatch": 1, "missing": 1, "could not read": 3}


def _shows(progress: Progress) -> Callable[[int, int, str], None]:
    def show(files: int, size_bytes: int, path: str) -> None:
        progress(files, None, f"{size_bytes / 2**20:.0f} MiB {path[-40:]}")

    return show


def _run_of(args: argparse.Namespace) -> FixityRun:
    from uuid import uuid4

    from muniment.information.identifiers import parse_object_id
    from muniment.runtime.errors import InvalidArgument
    from muniment.storage.fixity.running import FixityRun, Scope

    if args.ids and (args.all or args.due):
        raise InvalidArgument("name objects, or say --all or --due, not both")
    scope = Scope.ALL if args.all else Scope.DUE if args.due else Scope.NAMED
    return FixityRun(uuid4(), scope, [parse_object_id(each) for each in args.ids])


def as_json(check: FixityCheck) -> dict[str, object]:
    """Return a check for `--json`."""
    return {
        "object_id": str(check.object_id),
        "version": check.version,
        "checked_at": check.checked_at.isoformat(),
        "outcome": check.outcome,
        "correct": check.correct_count,
        "mismatch": check.mismatch_count,
        "missing": check.missing_count,
        "could_not_read": check.unread_count,
        "size_bytes": check.size_bytes,
        "files": check.lines,
    }


def print_check(check: FixityCheck, console: Console) -> None:
    """Print a check for people: a line for the object, one for each file with a fault."""
    console.line(f"{check.object_id} v{check.version}: {check.outcome}, {check.file_count} files")
    for line in check.lines:
        reason = line.get("reason") or (
            f"{line['algorithm']} is {line['found']}, recorded was {line['expected']}"
            if line.get("expected")
            else ""
        )
        console.line(f"  {line['result']}: {line['path']}" + (f" ({reason})" if reason else ""))


def print_report(args: argparse.Namespace, console: Console) -> int:  # noqa: ARG001  # it has none
    """Print where fixity stands; exit 1 or 3 as `run` would."""
    from muniment.site.bootstrap import clock, local_administrator
    from muniment.storage.fixity.running import worst
    from muniment.storage.queries import fixity_report

    report = fixity_report(actor=local_administrator(), clock=clock())
    if console.as_json:
        console.document(
            {
                "objects": report.objects,
                "never_checked": report.never_checked,
                "due": report.due,
                "oldest_at": report.oldest_at.isoformat() if report.oldest_at else None,
                "outcomes": report.objects_by_outcome,
                "damaged": [as_json(check) for check in report.damaged],
            }
        )
    else:
        console.line(
            f"{report.objects} objects, {report.never_checked} never checked, {report.due} due"
        )
        for check in report.damaged:
            print_check(check, console)
    return _EXIT[worst(report.damaged).value]
