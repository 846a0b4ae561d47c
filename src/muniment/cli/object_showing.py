"""The leaves of `muniment object` that only read."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from muniment.catalogue import documents
from muniment.cli import object_documents as for_people
from muniment.cli.console import Console
from muniment.cli.tables import size, table, time
from muniment.runtime.errors import InvalidArgument, WrongState

if TYPE_CHECKING:
    from muniment.catalogue.models import IntellectualEntity


def found_entity(args: argparse.Namespace) -> IntellectualEntity:
    """Return the object that the arguments name."""
    from muniment.catalogue.queries.entities import entity_for, resolve
    from muniment.site.bootstrap import local_administrator

    actor = local_administrator()
    return entity_for(actor, resolve(actor, args.object))


def checked_limit(args: argparse.Namespace) -> int:
    """Return the most rows that are wanted. Raises InvalidArgument."""
    if not 1 <= args.limit <= 100_000:
        raise InvalidArgument(f"--limit must be 1 to 100,000, not {args.limit}")
    return int(args.limit)


def run_list(args: argparse.Namespace, console: Console) -> int:
    """Print a page of objects and what the archive holds in all."""
    from muniment.catalogue.queries.entities import list_entities, totals
    from muniment.site.bootstrap import local_administrator

    actor = local_administrator()
    page = list_entities(actor, limit=checked_limit(args), after=args.after)
    every = totals(actor)
    shown = {"objects": every.entity_count, "files": every.file_count, "bytes": every.size_bytes}
    show_list([documents.entity(each) for each in page.rows], page.next, args, console, shown)
    return 0


def show_list(
    objects: Sequence[dict[str, Any]],
    next_page: str,
    args: argparse.Namespace,
    console: Console,
    every: Mapping[str, int],
) -> None:
    """Print a page of objects, and what there is in all."""
    if console.as_json:
        console.document({"objects": objects, "next": next_page or None})
        return
    if not objects and not args.after:
        console.line("The archive is empty. Begin with: muniment ingest PATH")
        return
    for line in table(
        [
            (
                each["object_id"],
                f"v{each['version']}",
                time(datetime.fromisoformat(each["modified_at"])),
                f"{each['file_count']} files",
                size(each["size_bytes"]),
                each["title"] or "(no title)",
            )
            for each in objects
        ]
    ):
        console.line(line)
    console.say(
        f"{every['objects']} objects, {every['files']} files, {size(every['bytes'])} in all"
    )
    say_next(next_page, console)


def say_next(cursor: str, console: Console) -> None:
    """Say how to go on."""
    if cursor:
        console.say(f"There is more: --after {cursor}")


def run_show(args: argparse.Namespace, console: Console) -> int:
    """Print what an object is."""
    show_whole(documents.whole_entity(found_entity(args), args.version).as_json(), console)
    return 0


def show_whole(whole: Mapping[str, Any], console: Console) -> None:
    """Print an object."""
    if console.as_json:
        console.document(whole)
        return
    for line in for_people.lines(whole):
        console.line(line)


def run_history(args: argparse.Namespace, console: Console) -> int:
    """Print the versions, and what happened since they were sealed; newest first."""
    from muniment.catalogue.queries.history import EventFilter, list_events, versions_of

    entity = found_entity(args)
    versions = versions_of(entity)
    wanted = EventFilter(since_sealing=True)
    page = list_events(entity, wanted=wanted, limit=checked_limit(args), after=args.after)
    if console.as_json:
        console.document(
            {
                "object_id": str(entity.object_id),
                "versions": [documents.version(each) for each in versions],
                "events": [documents.event(each) for each in page.rows],
                "next": page.next or None,
            }
        )
        return 0
    for line in table([for_people.version_row(each) for each in versions]):
        console.line(line)
    if page.rows:
        console.line("since they were sealed")
    for line in table([for_people.event_row(each) for each in page.rows]):
        console.line("  " + line)
    say_next(page.next, console)
    return 0


def run_diff(args: argparse.Namespace, console: Console) -> int:
    """Print what changed."""
    from muniment.catalogue.queries.history import difference

    entity = found_entity(args)
    new = args.new or entity.head
    old = args.old or new - 1
    if old == 0:
        raise WrongState(f"{entity} has one version only; there is nothing to compare it with")
    found = difference(entity, old, new)
    if console.as_json:
        document = documents.difference(found)
        console.document({"object_id": str(entity.object_id), "old": old, "new": new, **document})
        return 0
    for line in for_people.difference_lines(found):
        console.line(line)
    if found.is_empty:
        console.line(f"Versions {old} and {new} hold the same.")
    return 0


def run_events(args: argparse.Namespace, console: Console) -> int:
    """Print a page of events, newest first."""
    from muniment.catalogue.queries.history import EventFilter, list_events

    entity = found_entity(args)
    wanted = EventFilter(args.type, args.outcome, args.file)
    page = list_events(entity, wanted=wanted, limit=checked_limit(args), after=args.after)
    if console.as_json:
        console.document(
            {
                "object_id": str(entity.object_id),
                "events": [documents.event(each) for each in page.rows],
                "next": page.next or None,
            }
        )
        return 0
    if not page.rows:
        console.line("No event is like that. Without --type and --outcome all are shown.")
    for line in table([for_people.event_row(each) for each in page.rows]):
        console.line(line)
    say_next(page.next, console)
    return 0


def run_files(args: argparse.Namespace, console: Console) -> int:
    """Print a page of files, by path."""
    from muniment.catalogue.queries.files import list_files

    entity = found_entity(args)
    page = list_files(
        entity, version=args.version, name=args.name, limit=checked_limit(args), after=args.after
    )
    if console.as_json:
        console.document(
            {
                "object_id": str(entity.object_id),
                "version": args.version or entity.head,
                "files": [documents.file(each) for each in page.rows],
                "next": page.next or None,
            }
        )
        return 0
    if not page.rows:
        console.line("No file is like that.")
    for line in table(
        [
            (size(each.size_bytes), each.puid or "unknown", each.validity or "-", each.path)
            for each in page.rows
        ]
    ):
        console.line(line)
    say_next(page.next, console)
    return 0
