"""`muniment submission list|show|decide`: what was handed in and what became of it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.cli.tables import plain
from muniment.ingest import documents

SUMMARY = "List and show submissions and their receipts; answer their questions"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    listing = add_leaf(verbs, "list", "the submissions, newest first", list_submissions)
    listing.add_argument("--state", action="append", default=[], help="only of this state")
    listing.add_argument("--before", type=int, help="go on after this number of the page before")
    listing.add_argument("--limit", type=int, default=50, help="most rows (50)")
    show = add_leaf(verbs, "show", "the receipt of one", show_submission)
    decide = add_leaf(
        verbs, "decide", "choose for a submission that waits for a person", decide_submission
    )
    for verb in (show, decide):
        verb.add_argument("submission", metavar="ID", help="its UUID, from `submission list`")
    choices = ["add-version", "new-object", "refuse"]
    decide.add_argument("choice", choices=choices, help="what becomes of it")
    with_dry_run(decide)


def list_submissions(args: argparse.Namespace, console: Console) -> int:
    """Print one page."""
    from muniment.ingest.queries import page_of_submissions
    from muniment.site.bootstrap import local_administrator

    rows = page_of_submissions(
        local_administrator(), states=args.state, before=args.before, limit=args.limit
    )
    show_list([documents.submission(row) for row in rows], console)
    return 0


_LISTED = (
    "number",
    "submission_id",
    "source_path",
    "verdict",
    "object_id",
    "version",
    "received_at",
)


def show_list(rows: Sequence[Mapping[str, Any]], console: Console) -> None:
    """Print a page of submissions."""
    if console.as_json:
        shown = [{name: row[name] for name in _LISTED} for row in rows]
        console.document({"submissions": shown, "next": rows[-1]["number"] if rows else None})
        return
    if not rows:
        console.line("Nothing was handed in yet. Begin with: muniment ingest PATH")
    for row in rows:
        at = datetime.fromisoformat(row["received_at"])
        console.line(
            f"{row['number']:>6}  {at:%Y-%m-%d %H:%MZ}  {row['verdict']:<12}  "
            f"{row['submission_id']}  {plain(row['source_path'])}"
        )


def show_submission(args: argparse.Namespace, console: Console) -> int:
    """Print the receipt, or how far the run is."""
    from muniment.ingest.queries import receipt_of
    from muniment.ingest.services.submissions import submission_of
    from muniment.site.bootstrap import local_administrator

    submission = submission_of(args.submission, actor=local_administrator())
    receipt = receipt_of(submission)
    if console.as_json and receipt.exists():
        console.text(receipt.read_text(encoding="utf-8").rstrip())
        return 0
    steps = [documents.step(run) for run in submission.step_runs.order_by("position")]
    show(documents.submission(submission) | {"steps": steps}, console)
    if receipt.exists() and not console.as_json:
        console.line(f"  receipt: {receipt}")
    return 0


def show(found: Mapping[str, Any], console: Console) -> None:
    """Print how far a submission is."""
    if console.as_json:
        steps = [
            {name: step[name] for name in ("name", "state", "message", "duration_s")}
            for step in found["steps"]
        ]
        names = ("submission_id", "source_path", "verdict", "reason")
        shown = {name: found[name] for name in names}
        console.document({**shown, "choices": found["choices"] or None, "steps": steps})
        return
    console.line(f"{plain(found['source_path'])}: {found['verdict'].replace('_', ' ')}")
    if found["object_id"]:
        console.line(f"  object {found['object_id']} version {found['version']}")
    if found["reason"]:
        console.line(f"  {plain(found['reason'])}")
    for step in found["steps"]:
        spent = "" if step["duration_s"] is None else f"{step['duration_s']:8.2f} s"
        console.line(
            f"  {step['name']:<18}{step['state']:<10}{spent:>10}  {plain(str(step['message']))}"
        )


def decide_submission(args: argparse.Namespace, console: Console) -> int:
    """Answer, and let the run go on."""
    from django.db import transaction

    from muniment.cli.ingest import report, wait_for
    from muniment.ingest.services.submissions import decide, submission_of
    from muniment.ingest.types import Decision
    from muniment.site.bootstrap import clock, local_administrator

    actor = local_administrator()
    submission = submission_of(args.submission, actor=actor)
    with transaction.atomic():
        decide(submission, Decision(args.choice), actor=actor, clock=clock())
        transaction.set_rollback(args.dry_run)
    if args.dry_run:
        submission.refresh_from_db()
        console.say(f"“{args.choice}” can be chosen; nothing was done.")
    else:
        wait_for([submission], console)
    return report([submission], console)
