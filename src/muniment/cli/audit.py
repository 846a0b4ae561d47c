"""`muniment audit …`: who did what; that nobody changed it; finished days into storage."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.cli.tables import table

if TYPE_CHECKING:
    from muniment.storage.auditing.exporting import AuditDay

SUMMARY = "Read the audit trail, prove it, and put its finished days into storage"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the leaves."""
    leaves = parser.add_subparsers(dest="leaf", metavar="COMMAND", required=True)
    listing = add_leaf(leaves, "list", "who did what, the newest first", run_list)
    listing.add_argument("--actor", default="", metavar="NAME", help="only what they did")
    listing.add_argument("--action", default="", metavar="NAME", help="only this, as object.tag")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="most rows (50)")
    listing.add_argument("--after", default="", metavar="CURSOR", help="go on behind this")
    add_leaf(leaves, "verify", "read every line and every digest; exit 1 if broken", run_verify)
    export = add_leaf(leaves, "export", "seal days before today into storage", run_export)
    with_dry_run(export)


def run_list(args: argparse.Namespace, console: Console) -> int:
    """Print a page of the trail."""
    from muniment.administration import documents
    from muniment.administration.queries import AuditWanted, page_of_audit
    from muniment.site.bootstrap import local_administrator

    wanted = AuditWanted(args.actor, args.action)
    page = page_of_audit(local_administrator(), wanted, limit=args.limit, after=args.after)
    rows = [documents.audit_entry(each) for each in page.rows]
    if console.as_json:
        console.document({"entries": rows, "next": page.next or None})
        return 0
    columns = [
        (str(e["number"]), str(e["at"]), e["actor"], e["action"], e["outcome"], e["thing"])
        for e in rows
    ]
    for line in table(columns):
        console.line(line)
    if page.next:
        console.say(f"There is more: --after {page.next}")
    return 0


def run_verify(args: argparse.Namespace, console: Console) -> int:  # noqa: ARG001  # it has none
    """Prove the trail; exit 1 when it is broken, with the first broken line."""
    from muniment.runtime.registry import adapter_of
    from muniment.site.bootstrap import local_administrator
    from muniment.storage.auditing.checking import check_trail
    from muniment.storage.auditing.stored import AuditStore

    verdict = check_trail(adapter_of(AuditStore), actor=local_administrator())
    if console.as_json:
        breaks = [
            {"where": b.where, "number": b.number, "breach": b.breach.value, "message": b.message}
            for b in verdict.breaks
        ]
        console.document(
            {
                "valid": not breaks,
                "lines": verdict.lines,
                "stored": verdict.stored,
                "breaks": breaks,
            }
        )
    else:
        for each in verdict.breaks:
            console.line(f"broken: {each.message}")
        console.line(f"lines: {verdict.lines}, of them in storage: {verdict.stored}")
    return 1 if verdict.breaks else 0


def run_export(args: argparse.Namespace, console: Console) -> int:
    """Seal what is due; again does nothing."""
    from muniment.runtime.registry import adapter_of
    from muniment.site.bootstrap import local_administrator
    from muniment.storage.auditing.exporting import days_due, export_days
    from muniment.storage.auditing.stored import AuditStore

    store, actor = adapter_of(AuditStore), local_administrator()
    if args.dry_run:
        due = days_due(store, actor=actor)
        if console.as_json:
            console.document({"due": due, "dry_run": True})
        for day in due if not console.as_json else ():
            console.line(f"{day}: would be sealed")
        return 0
    days = export_days(store, actor=actor)
    if console.as_json:
        console.document({"days": [_as_json(each) for each in days]})
        return 0
    for each in days:
        console.line(f"{each.day}: lines {each.first} to {each.last}, {each.object_id}")
    if not days:
        console.say("Every finished day is in storage.")
    return 0


def _as_json(day: AuditDay) -> dict[str, object]:
    return {
        "day": day.day,
        "first": day.first,
        "last": day.last,
        "object_id": day.object_id,
        "version": day.version,
    }
