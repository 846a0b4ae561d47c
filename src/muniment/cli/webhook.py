"""`muniment webhook …`: who is told of events, and with what success."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.cli.tables import table

if TYPE_CHECKING:
    from muniment.administration.models import Webhook

SUMMARY = "List, add and remove webhooks, and see what was sent to them"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the leaves."""
    leaves = parser.add_subparsers(dest="leaf", metavar="COMMAND", required=True)
    add_leaf(leaves, "list", "every webhook with its state", run_list)
    made = add_leaf(leaves, "add", "tell an address of events; prints its secret", run_add)
    made.add_argument("url", metavar="URL", help="who is told")
    made.add_argument("--owner", required=True, metavar="NAME", help="user who answers for it")
    made.add_argument(
        "--event", action="append", default=[], metavar="NAME", help="repeat it; all without"
    )
    with_dry_run(made)
    gone = add_leaf(leaves, "remove", "tell it nothing any more", run_remove)
    _add_number(gone)
    with_dry_run(gone)
    log = add_leaf(leaves, "deliveries", "what was sent, newest first", run_deliveries)
    _add_number(log)
    log.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (50)")


def _add_number(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=int, metavar="NUMBER", help="which, as `list` shows")


def run_list(_args: argparse.Namespace, console: Console) -> int:
    """Print them all."""
    from muniment.administration import documents
    from muniment.administration.queries import webhooks
    from muniment.site.bootstrap import local_administrator

    rows = webhooks(local_administrator())
    if console.as_json:
        console.document({"webhooks": [documents.webhook(each) for each in rows]})
        return 0
    for line in table([(str(each.pk), _state_of(each), each.url) for each in rows]):
        console.line(line)
    return 0


def _state_of(row: Webhook) -> str:
    if not row.is_enabled:
        return "off"
    return "failing" if row.failing_since else "on"


def run_add(args: argparse.Namespace, console: Console) -> int:
    """Add one; standard output is its secret, which is not shown again."""
    from django.db import transaction

    from muniment.administration import documents
    from muniment.administration.services.users import user_named
    from muniment.administration.services.webhooks import add_webhook
    from muniment.site.bootstrap import clock, local_administrator

    with transaction.atomic():
        made, secret = add_webhook(
            user_named(args.owner),
            args.url,
            args.event,
            actor=local_administrator(),
            clock=clock(),
        )
        transaction.set_rollback(args.dry_run)
    document = documents.webhook(made) | {"secret": secret, "dry_run": args.dry_run}
    if args.dry_run:
        document.pop("secret")
        console.say(f"would be added: {args.url}")
    if console.as_json:
        console.document(document)
    elif not args.dry_run:
        console.say(f"added: {made.pk}. Keep its secret now: nobody can show it again.")
        console.line(secret)
    return 0


def run_remove(args: argparse.Namespace, console: Console) -> int:
    """Remove one with its log."""
    from django.db import transaction

    from muniment.administration.services.webhooks import remove_webhook, webhook_of
    from muniment.site.bootstrap import clock, local_administrator

    actor = local_administrator()
    with transaction.atomic():
        row = webhook_of(args.number, actor=actor, action="webhook.change")
        remove_webhook(row, actor=actor, clock=clock())
        transaction.set_rollback(args.dry_run)
    if console.as_json:
        console.document({"number": args.number, "dry_run": args.dry_run})
    else:
        console.line(f"{'would be removed' if args.dry_run else 'removed'}: {args.number}")
    return 0


def run_deliveries(args: argparse.Namespace, console: Console) -> int:
    """Print what was sent, and how it was answered."""
    from muniment.administration import documents
    from muniment.administration.queries import page_of_deliveries
    from muniment.administration.services.webhooks import webhook_of
    from muniment.site.bootstrap import local_administrator

    row = webhook_of(args.number, actor=local_administrator())
    found = page_of_deliveries(row, limit=max(args.limit, 1)).rows
    if console.as_json:
        console.document({"deliveries": [documents.delivery(each) for each in found]})
        return 0
    lines = [
        (f"{each.created_at:%Y-%m-%d %H:%M}Z", each.state, str(each.status or "-"), each.event_name)
        for each in found
    ]
    for line in table(lines):
        console.line(line)
    return 0
