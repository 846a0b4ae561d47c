"""`muniment queue`: what waits where; pause and resume a queue."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.cli.tables import plain, table, time

if TYPE_CHECKING:
    from muniment.runtime.actor import Actor
    from muniment.work.models import Limit
    from muniment.work.queues import QueueOverview

SUMMARY = "See, pause and resume the queues of durable jobs"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the leaves."""
    leaves = parser.add_subparsers(dest="leaf", metavar="COMMAND", required=True)
    show = add_leaf(leaves, "show", "what waits and runs in each queue", run_show)
    show.add_argument("queues", nargs="*", metavar="NAME", help="only these; all without")
    pause = add_leaf(leaves, "pause", "start nothing more of these queues", run_pause)
    resume = add_leaf(leaves, "resume", "let these queues go on", run_resume)
    for leaf in (pause, resume):
        leaf.add_argument("queues", nargs="+", metavar="NAME", help="name of a queue")
        with_dry_run(leaf)


def run_show(args: argparse.Namespace, console: Console) -> int:
    """Print a line for each queue."""
    from muniment.runtime.errors import ObjectMissing
    from muniment.site.bootstrap import local_administrator
    from muniment.work.queues import overview_of_queues

    found = overview_of_queues(local_administrator())
    unknown = sorted(set(args.queues) - {each.name for each in found})
    if unknown:
        raise ObjectMissing(f"there is no queue {', '.join(map(repr, unknown))}")
    _print([each for each in found if not args.queues or each.name in args.queues], console)
    return 0


def run_pause(args: argparse.Namespace, console: Console) -> int:
    """Pause: what runs goes on, nothing more is started, also after a restart."""
    from muniment.work import limits
    from muniment.work.types import Dimension

    return _change(args, console, lambda name, by: limits.pause(Dimension.QUEUE, name, actor=by))


def run_resume(args: argparse.Namespace, console: Console) -> int:
    """Undo a pause."""
    from muniment.work import limits
    from muniment.work.types import Dimension

    return _change(args, console, lambda name, by: limits.resume(Dimension.QUEUE, name, actor=by))


def _change(
    args: argparse.Namespace, console: Console, change: Callable[[str, Actor], Limit]
) -> int:
    """Change all of the queues or none; a dry run goes through the same motions."""
    from django.db import transaction

    from muniment.site.bootstrap import local_administrator
    from muniment.work.queues import overview_of_queues

    actor = local_administrator()
    known = {each.name for each in overview_of_queues(actor)}
    with transaction.atomic():
        for name in dict.fromkeys(args.queues):
            change(name, actor)
        changed = [each for each in overview_of_queues(actor) if each.name in args.queues]
        transaction.set_rollback(args.dry_run)
    for name in sorted(set(args.queues) - known):
        console.say(f"Note: no job was ever queued in {name!r}.")
    _print(changed, console, dry_run=args.dry_run)
    return 0


def _print(queues: list[QueueOverview], console: Console, *, dry_run: bool = False) -> None:
    if console.as_json:
        console.document({"queues": [_document(each) for each in queues], "dry_run": dry_run})
        return
    for line in table([_cells(each) for each in queues]):
        console.line(("would be: " if dry_run else "") + line)


def _document(queue: QueueOverview) -> dict[str, Any]:
    since = queue.oldest_waiting_at
    return {
        "queue": queue.name,
        "paused": queue.is_paused,
        "changed_by": queue.changed_by or None,
        "max_running": queue.max_running,
        "jobs": {state.value: count for state, count in queue.counts.items()},
        "oldest_waiting_at": since.isoformat() if since else None,
    }


def _cells(queue: QueueOverview) -> tuple[str, ...]:
    counts = ", ".join(f"{count} {state.value}" for state, count in queue.counts.items() if count)
    since = queue.oldest_waiting_at
    return (
        plain(queue.name),
        f"paused by {plain(queue.changed_by)}" if queue.is_paused else "open",
        counts or "no jobs",
        f"oldest waits since {time(since)}" if since else "",
    )
