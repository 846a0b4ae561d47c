"""`muniment group …`: groups and the roles that they give."""

from __future__ import annotations

import argparse

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.cli.tables import table

SUMMARY = "List, set and remove groups, which give roles to their members"
NEEDS_ARCHIVE = True


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the leaves."""
    leaves = parser.add_subparsers(dest="leaf", metavar="COMMAND", required=True)
    add_leaf(leaves, "list", "the groups with their roles", run_list)
    made = add_leaf(leaves, "set", "let a group give exactly these roles", run_set)
    made.add_argument("name", metavar="NAME", help="which; it is made where it lacks")
    made.add_argument(
        "--role", action="append", default=[], metavar="ROLE", help="repeat it; none without"
    )
    with_dry_run(made)
    gone = add_leaf(leaves, "remove", "remove a group without members", run_remove)
    gone.add_argument("name", metavar="NAME", help="which")
    with_dry_run(gone)


def run_list(_args: argparse.Namespace, console: Console) -> int:
    """Print them all."""
    from muniment.administration import documents
    from muniment.administration.queries import groups_shown
    from muniment.site.bootstrap import local_administrator

    rows = groups_shown(local_administrator())
    if console.as_json:
        console.document({"groups": [documents.group(each) for each in rows]})
        return 0
    for line in table(
        [(each.name, ", ".join(each.roles) or "-", str(each.members)) for each in rows]
    ):
        console.line(line)
    return 0


def run_set(args: argparse.Namespace, console: Console) -> int:
    """Make or change a group."""
    from django.contrib.auth.models import Group
    from django.db import transaction

    from muniment.administration.services.groups import add_group, set_roles
    from muniment.site.bootstrap import clock, local_administrator

    actor, now = local_administrator(), clock()
    with transaction.atomic():
        group = Group.objects.filter(name=args.name).first()
        if group is None:
            add_group(args.name, args.role, actor=actor, clock=now)
        else:
            set_roles(group, args.role, actor=actor, clock=now)
        transaction.set_rollback(args.dry_run)
    return _told(args, console, "would be set" if args.dry_run else "set")


def run_remove(args: argparse.Namespace, console: Console) -> int:
    """Remove a group."""
    from django.db import transaction

    from muniment.administration.services.groups import group_named, remove_group
    from muniment.site.bootstrap import clock, local_administrator

    with transaction.atomic():
        remove_group(group_named(args.name), actor=local_administrator(), clock=clock())
        transaction.set_rollback(args.dry_run)
    return _told(args, console, "would be removed" if args.dry_run else "removed")


def _told(args: argparse.Namespace, console: Console, said: str) -> int:
    if console.as_json:
        console.document({"name": args.name, "said": said, "dry_run": args.dry_run})
    else:
        console.line(f"{said}: {args.name}")
    return 0
