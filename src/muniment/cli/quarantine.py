"""`muniment quarantine list|show|again|remove`: the refused packages and why."""

from __future__ import annotations

import argparse

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.cli.tables import plain
from muniment.runtime.errors import InvalidArgument

SUMMARY = "List, show, send again and remove refused packages"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verbs."""
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    add_leaf(verbs, "list", "the refused packages", list_quarantine)
    show = add_leaf(verbs, "show", "every fault of one", show_quarantined)
    remove = add_leaf(verbs, "remove", "delete one package; its receipt stays", remove_quarantined)
    again = add_leaf(verbs, "again", "hand in what is kept of one once more", send_again)
    for verb in (show, remove, again):
        verb.add_argument("submission", metavar="ID", help="its UUID, from `quarantine list`")
    remove.add_argument("--yes", action="store_true", help="really delete it")
    again.add_argument("--pipeline", default="", metavar="NAME", help="another than before")
    with_dry_run(remove)
    with_dry_run(again)


def list_quarantine(_args: argparse.Namespace, console: Console) -> int:
    """Print the refused packages that are still here."""
    from muniment.ingest.services.quarantine import quarantined
    from muniment.site.bootstrap import local_administrator

    rows = quarantined(actor=local_administrator())
    if console.as_json:
        console.document(
            {
                "quarantine": [
                    {
                        "submission_id": str(row.submission_id),
                        "source_path": row.source_path,
                        "reason": row.held_reason,
                        "error_count": row.error_count,
                        "refused_at": row.ended_at.isoformat() if row.ended_at else None,
                    }
                    for row in rows
                ]
            }
        )
        return 0
    if not rows:
        console.line("The quarantine is empty.")
    for row in rows:
        source = plain(row.source_path)
        console.line(f"{row.submission_id}  {row.error_count:>4} faults  {source}")
        console.line(f"    {plain(row.held_reason)}")
    return 0


def show_quarantined(args: argparse.Namespace, console: Console) -> int:
    """Print the report of one refused package."""
    from muniment.ingest.queries import findings_in_receipt
    from muniment.ingest.services.quarantine import quarantined_one
    from muniment.site.bootstrap import local_administrator

    submission, place = quarantined_one(args.submission, actor=local_administrator())
    if console.as_json:
        console.text((place / "report.json").read_text(encoding="utf-8").rstrip())
        return 0
    console.line(plain(f"{submission.source_path}: {submission.held_reason}"))
    for each in findings_in_receipt(submission, limit=1000):
        where = each.get("path") or each.get("pointer") or ""
        said = plain(f"{where}  {each['message']}")
        console.line(f"  {each['severity']:<8}{each['code']:<28}{said}")
    console.line(f"  package: {place / 'package'}")
    console.line("  Mend it and send it again: muniment ingest PATH")
    console.line(f"  Or as it is kept: muniment quarantine again {submission.submission_id}")
    return 0


def send_again(args: argparse.Namespace, console: Console) -> int:
    """Hand in what is kept of a refused package, and wait for the verdict."""
    from muniment.cli.ingest import report, wait_for
    from muniment.ingest.services.deposits import Finalising
    from muniment.ingest.services.sending_again import send_again as send
    from muniment.site.bootstrap import clock, local_administrator

    how = Finalising(args.pipeline, dry_run=args.dry_run)
    made = send(args.submission, how, actor=local_administrator(), clock=clock())
    wait_for([made], console)
    return report([made], console)


def remove_quarantined(args: argparse.Namespace, console: Console) -> int:
    """Delete one refused package."""
    from muniment.ingest.services.quarantine import quarantined_one, remove
    from muniment.site.bootstrap import local_administrator

    actor = local_administrator()
    submission, place = quarantined_one(args.submission, actor=actor)
    if not (args.yes or args.dry_run):
        raise InvalidArgument(f"this deletes {place} for good; say --yes to do it")
    if not args.dry_run:
        remove(submission, actor=actor)
    if console.as_json:
        document = {"removed": str(submission.submission_id), "dry_run": args.dry_run}
        console.document(document)
    else:
        console.say(f"{place} would be deleted." if args.dry_run else f"Deleted {place}.")
    return 0
