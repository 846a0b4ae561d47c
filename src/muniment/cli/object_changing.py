"""The leaves of `muniment object` that change something, or read every byte."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.cli.console import Console
from muniment.cli.object_showing import found_entity
from muniment.cli.tables import plain
from muniment.runtime.errors import InvalidArgument

if TYPE_CHECKING:
    from muniment.information.dublin_core import DublinCore, DublinCoreValue
    from muniment.information.identifiers import ObjectId


def _object_id(args: argparse.Namespace) -> ObjectId:
    from muniment.information.identifiers import ObjectId

    return ObjectId(str(found_entity(args).object_id))


def run_tag(args: argparse.Namespace, console: Console) -> int:
    """Add and remove tags, and print what there are."""
    from muniment.catalogue.queries.history import tags_of
    from muniment.catalogue.services import tag_object
    from muniment.site.bootstrap import local_administrator
    from muniment.storage.jobs import open_archive

    object_id = _object_id(args)
    if args.dry_run or not (args.add or args.remove):
        present = set(tags_of(found_entity(args)))
        tags = tuple(sorted((present | set(args.add)) - set(args.remove)))
    else:
        ledger = open_archive().ledger
        tags = tag_object(
            object_id, add=args.add, remove=args.remove, actor=local_administrator(), ledger=ledger
        )
        _tell_search()
    show_tags(object_id, tags, console)
    return 0


def show_tags(object_id: str, tags: Sequence[str], console: Console) -> None:
    """Print the tags of an object."""
    if console.as_json:
        console.document({"object_id": object_id, "tags": list(tags)})
    else:
        console.line(", ".join(map(plain, tags)) or "No tags. Hang one on with --add TAG")


def _tell_search() -> None:
    """Let search see the change before the command ends."""
    from muniment.work import outbox

    outbox.drain()


@dataclass(frozen=True, slots=True)
class Change:
    """One `TERM[@LANG]=VALUE`; `value` None: the term alone was given."""

    term: str
    language: str
    value: str | None

    @classmethod
    def parse(cls, text: str) -> Change:
        """Read an argument."""
        name, equals, value = text.partition("=")
        term, _, language = name.partition("@")
        if not term.strip():
            raise InvalidArgument(f"{text!r} names no term; write TERM=VALUE, or TERM@fr=VALUE")
        return cls(term.strip(), language.strip(), value if equals else None)

    def as_value(self) -> DublinCoreValue:
        """Return the value that it sets or adds."""
        from muniment.information.dublin_core import DublinCoreValue

        if not self.value:
            raise InvalidArgument(f"{self.term} needs a value: {self.term}=…")
        return DublinCoreValue(self.term, self.value, self.language)


def edited(
    record: DublinCore,
    *,
    sets: Sequence[Change],
    adds: Sequence[Change],
    removes: Sequence[Change],
) -> DublinCore:
    """Return the record with values set, added and removed.

    A set term keeps its place; setting a term twice gives it two values. Raises InvalidArgument
    for a value to be removed that is not there.
    """
    from muniment.information.dublin_core import DublinCore

    values = list(record)
    for change in removes:
        kept = [each for each in values if not _is_meant(each, change)]
        if len(kept) == len(values):
            raise InvalidArgument(f"there is no such {change.term} to remove")
        values = kept
    new = [each.as_value() for each in sets]
    terms = list(dict.fromkeys(each.term for each in new))
    for term in terms:
        place = next((n for n, each in enumerate(values) if each.term == term), len(values))
        values = [each for each in values if each.term != term]
        values[place:place] = [each for each in new if each.term == term]
    return DublinCore((*values, *(each.as_value() for each in adds)))


def _is_meant(value: DublinCoreValue, change: Change) -> bool:
    return (
        value.term == change.term
        and change.value in {None, value.value}
        and change.language in {"", value.language}
    )


def run_describe(args: argparse.Namespace, console: Console) -> int:
    """Make a version with the edited description."""
    from muniment.information.aip import read_aip
    from muniment.storage.jobs import open_archive
    from muniment.storage.verified import verified_opener

    object_id = _object_id(args)
    archive = open_archive()
    with archive.root.open_version(object_id) as stored:
        before = read_aip(verified_opener(stored)).dublin_core()
        number = stored.number
    record = edited(
        before,
        sets=[Change.parse(each) for each in args.set],
        adds=[Change.parse(each) for each in args.add],
        removes=[Change.parse(each) for each in args.remove],
    )
    if not args.dry_run:
        number = _seal(object_id, record)
    terms = [{"term": each.term, "value": each.value, "language": each.language} for each in record]
    if console.as_json:
        console.document({"object_id": object_id, "version": number, "dublin_core": terms})
        return 0
    for each in record:
        language = f" ({each.language})" if each.language else ""
        console.line(f"{plain(each.term + language)}: {plain(each.value)}")
    made = "This would be its description." if args.dry_run else f"{object_id} is at v{number}."
    console.say(made)
    return 0


def _seal(object_id: ObjectId, record: DublinCore) -> int:
    from muniment.catalogue.services import edit_description
    from muniment.runtime.home import ArchiveHome
    from muniment.runtime.registry import adapter_of
    from muniment.site.bootstrap import local_administrator
    from muniment.storage.jobs import open_archive

    work = Path(tempfile.mkdtemp(prefix="describe-", dir=adapter_of(ArchiveHome).work))
    try:
        done = edit_description(
            object_id,
            record,
            actor=local_administrator(),
            archive=open_archive(),
            work=work,
        )
    finally:
        shutil.rmtree(work, ignore_errors=True)
    _tell_search()
    return done.number


def run_verify(args: argparse.Namespace, console: Console) -> int:
    """Re-read an object in full, as `muniment fixity run ID` does."""
    from muniment.cli.fixity import run_checks

    again = argparse.Namespace(ids=[_object_id(args)], all=False, due=False, json=args.json)
    return run_checks(again, console)
