"""`muniment object reading`: who may read an object besides staff and its owner."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from muniment.cli.arguments import add_leaf, with_dry_run
from muniment.cli.console import Console
from muniment.cli.object_showing import found_entity
from muniment.runtime.errors import InvalidArgument

if TYPE_CHECKING:
    from muniment.catalogue.services.reading_policies import Reading

_POLICIES = ["staff", "groups", "metadata-only", "registered", "public"]
_LEVELS = ["none", "metadata", "preview"]


def configure(leaves: Any) -> None:  # noqa: ANN401  # argparse keeps the type private
    """Add the leaf."""
    leaf = add_leaf(leaves, "reading", "show or decide who may read it", run)
    leaf.add_argument("object", metavar="ID", help="object, or what others call it")
    leaf.add_argument(
        "--policy",
        choices=_POLICIES,
        metavar="NAME",
        help=f"decide: {', '.join(_POLICIES)}; it is shown without",
    )
    leaf.add_argument(
        "--group", action="append", default=[], metavar="NAME", help="with --policy groups"
    )
    leaf.add_argument(
        "--others",
        choices=_LEVELS,
        default="none",
        metavar="LEVEL",
        help="with groups: none, metadata, preview",
    )
    leaf.add_argument("--embargo-until", metavar="DATE", help="day until whose end it is held back")
    leaf.add_argument(
        "--embargo-level", choices=_LEVELS, default="none", help="what is seen before"
    )
    with_dry_run(leaf)


def run(args: argparse.Namespace, console: Console) -> int:
    """Print the policy, after deciding it where one is named."""
    from django.db import transaction

    from muniment.catalogue.services.reading_policies import reading_of, set_reading
    from muniment.information.identifiers import ObjectId
    from muniment.site.bootstrap import clock, local_administrator

    actor, object_id = local_administrator(), ObjectId(str(found_entity(args).object_id))
    found = reading_of(actor, object_id)
    if args.policy:
        wanted = _wanted(args)
        with transaction.atomic():
            found = set_reading(object_id, wanted, seen=found, actor=actor, clock=clock())
            transaction.set_rollback(args.dry_run)
    said = found.as_json()
    if console.as_json:
        console.document({"object_id": object_id} | said)
    else:
        console.line(", ".join(f"{name} {value}" for name, value in said.items() if value))
    return 0


def _wanted(args: argparse.Namespace) -> Reading:
    from datetime import date

    from muniment.catalogue.services.reading_policies import Reading
    from muniment.catalogue.types import ReadingPolicyName
    from muniment.runtime.actor import Level

    try:
        until = date.fromisoformat(args.embargo_until) if args.embargo_until else None
    except ValueError as exc:
        raise InvalidArgument("--embargo-until is a day such as 2030-12-31") from exc
    return Reading(
        ReadingPolicyName(args.policy),
        tuple(sorted(args.group)),
        Level[args.others.upper()],
        until,
        Level[args.embargo_level.upper()],
    )
