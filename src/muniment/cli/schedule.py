"""`muniment schedule`: jobs at the times of a cron expression."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.runtime.errors import InvalidArgument

if TYPE_CHECKING:
    from muniment.work.models import Schedule

SUMMARY = "Run jobs at set times"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the leaves."""
    leaves = parser.add_subparsers(dest="leaf", metavar="COMMAND", required=True)
    add_leaf(leaves, "list", "list the schedules", run_list)
    adding = add_leaf(leaves, "add", "add a schedule", run_add)
    adding.add_argument("name", metavar="NAME", help="of the schedule: letters, digits, - and _")
    adding.add_argument("cron", metavar="CRON", help='five fields, for instance "30 2 * * *"')
    adding.add_argument("kind", metavar="KIND", help="the kind of job")
    adding.add_argument("--arguments", default="{}", metavar="JSON", help="arguments of the job")
    adding.add_argument("--time-zone", default="UTC", metavar="ZONE", help="of the times (UTC)")
    adding.add_argument("--queue", default="default", metavar="NAME", help="of its jobs")
    removing = add_leaf(leaves, "remove", "remove a schedule; its jobs stay", run_remove)
    removing.add_argument("name", metavar="NAME", help="of the schedule")
    for leaf in (adding, removing):
        with_dry_run(leaf)


def run_list(args: argparse.Namespace, console: Console) -> int:  # noqa: ARG001  # one shape
    """Print all schedules."""
    from muniment.site.bootstrap import local_administrator
    from muniment.work.schedules import visible_schedules

    schedules = list(visible_schedules(local_administrator()))
    if console.as_json:
        console.document({"schedules": [_document(schedule) for schedule in schedules]})
    for schedule in () if console.as_json else schedules:
        console.line(_line(schedule))
    return 0


def run_add(args: argparse.Namespace, console: Console) -> int:
    """Add a schedule and say when it runs first."""
    from django.db import transaction

    from muniment.site.bootstrap import clock, local_administrator
    from muniment.work import schedules

    try:
        arguments = json.loads(args.arguments)
    except json.JSONDecodeError as exc:
        raise InvalidArgument(f"--arguments is no JSON: {exc}") from exc
    if not isinstance(arguments, dict):
        raise InvalidArgument("--arguments must be a JSON object")
    plan = schedules.Plan(args.name, args.cron, args.kind, arguments, args.time_zone, args.queue)
    with transaction.atomic():
        schedule = schedules.add(plan, actor=local_administrator(), clock=clock())
        transaction.set_rollback(args.dry_run)
    if console.as_json:
        console.document(_document(schedule) | {"dry_run": args.dry_run})
    else:
        console.line(_line(schedule))
    return 0


def run_remove(args: argparse.Namespace, console: Console) -> int:
    """Remove a schedule."""
    from django.db import transaction

    from muniment.site.bootstrap import local_administrator
    from muniment.work import schedules

    with transaction.atomic():
        schedules.remove(args.name, actor=local_administrator())
        transaction.set_rollback(args.dry_run)
    if console.as_json:
        console.document({"removed": args.name, "dry_run": args.dry_run})
    else:
        done = "would be removed" if args.dry_run else "is removed"
        console.say(f"The schedule {args.name} {done}; its jobs stay.")
    return 0


def _document(schedule: Schedule) -> dict[str, Any]:
    return {
        "name": schedule.name,
        "cron": schedule.cron,
        "time_zone": schedule.time_zone,
        "kind": schedule.kind,
        "arguments": schedule.arguments,
        "queue": schedule.queue,
        "is_enabled": schedule.is_enabled,
        "next_run_at": schedule.next_run_at.isoformat(),
        "last_run_at": schedule.last_run_at.isoformat() if schedule.last_run_at else None,
        "last_job": schedule.last_job_id,
    }


def _line(schedule: Schedule) -> str:
    when = f"{schedule.next_run_at:%Y-%m-%d %H:%M}Z"
    return f"{schedule.name}: {schedule.kind}, {schedule.cron} ({schedule.time_zone}), next {when}"
