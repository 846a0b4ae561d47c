"""What `muniment object` prints for people, made from rows and documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from muniment.cli.tables import plain, size, table, time

if TYPE_CHECKING:
    from muniment.catalogue.models import Event, Version
    from muniment.catalogue.queries.history import Difference


def version_row(row: Version) -> tuple[str, ...]:
    """Return the columns of a version for people."""
    return (
        f"v{row.number}",
        time(row.created_at),
        row.reason,
        row.user_name,
        f"{row.file_count} files",
        size(row.size_bytes),
        row.message,
    )


def event_row(row: Event) -> tuple[str, ...]:
    """Return the columns of an event for people."""
    about = "file" if row.file_id else row.representation.name if row.representation else "object"
    said = row.outcome_detail or row.detail
    return (time(row.date_time), row.type, row.outcome or "-", about, said.split("\n")[0][:100])


def lines(whole: Mapping[str, Any]) -> Iterator[str]:  # Any: the document of an object
    """Give the lines for people."""
    shown = whole["shown_version"]
    yield plain(whole["title"] or "(no title)")
    made_at = datetime.fromisoformat(shown["created_at"])
    rows = [
        ("identifier", f"urn:uuid:{whole['object_id']}"),
        *((each["type"], each["value"]) for each in whole["identifiers"]),
        ("state", whole["state"]),
        ("owner", whole["owner"] or "-"),
        ("version", f"{shown['version']} of {whole['version']}, {shown['reason']}"),
        ("made", f"{time(made_at)} by {shown['user_name'] or 'nobody'}"),
        ("first made", time(datetime.fromisoformat(whole["created_at"]))),
        ("content", f"{shown['file_count']} files, {size(shown['size_bytes'])}"),
        ("tags", ", ".join(whole["tags"]) or "-"),
    ]
    yield from ("  " + line for line in table(rows))
    terms = [(_named(each), each["value"]) for each in whole["dublin_core"]]
    yield from _section("description", terms)
    yield from _section(
        "formats",
        [
            (f"{each['count']} files", each["puid"] or "unknown", _format(each))
            for each in whole["formats"]
        ],
    )


def _named(term: Mapping[str, str]) -> str:
    return f"{term['term']} ({term['language']})" if term.get("language") else term["term"]


def _format(columns: Mapping[str, Any]) -> str:  # Any: columns of several types
    return f"{columns['format_name']} {columns['format_version']}".strip()


def _section(title: str, rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if rows:
        yield title
        yield from ("  " + line for line in table(rows))


def difference_lines(found: Difference) -> Iterator[str]:
    """Give the lines of a difference for people."""
    yield from (f"added    {plain(each.path)}" for each in found.added)
    yield from (f"removed  {plain(each.path)}" for each in found.removed)
    yield from (f"changed  {plain(new.path)}" for _, new in found.changed)
    yield from (f"renamed  {plain(old.path)} -> {plain(new.path)}" for old, new in found.renamed)
    yield from (f"anew     {plain(new.path)}" for _, new in found.described_anew)
    yield from (f"+ {plain(term)}: {plain(value)}" for term, value, _ in found.terms_added)
    yield from (f"- {plain(term)}: {plain(value)}" for term, value, _ in found.terms_removed)
