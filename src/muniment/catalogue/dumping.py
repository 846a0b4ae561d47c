"""The canonical dump: all that a rebuild must give back, without row numbers.

JSON lines, keys sorted. Entities come in the order of their identifiers, each followed by its
parts in a fixed order; agents stand in the events that name them, and those that no event names at
the end. Equal catalogues give equal bytes, on SQLite and on PostgreSQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID

import orjson
from django.db.models import Model, QuerySet

from muniment.catalogue.models import (
    ActRestriction,
    Agent,
    DescriptiveTerm,
    Event,
    EventAgent,
    EventObject,
    File,
    Folder,
    Identifier,
    IntellectualEntity,
    OwnerTotal,
    Representation,
    RightsStatement,
    Tag,
    Version,
)

_BATCH = 900  # parameters that SQLite takes in one statement

Line = dict[str, Any]  # Any: JSON of any shape

DUMPED: dict[type[Model], tuple[str, ...]] = {
    IntellectualEntity: (
        "owner", "title", "state", "state_seq", "head", "created_at", "modified_at", "file_count",
        "size_bytes",
    ),
    Identifier: ("type", "value"),
    Version: (
        "number", "created_at", "reason", "message", "user_name", "user_address", "submission_id",
        "pipeline", "source", "inventory_sha512", "ledger_seq", "file_count", "size_bytes",
    ),
    Representation: (
        "representation_id", "name", "first_version", "last_version", "premis_sha512",
        "file_count", "size_bytes", "formats",
    ),
    DescriptiveTerm: ("first_version", "last_version", "position", "term", "value", "language"),
    RightsStatement: ("rights_id", "first_version", "last_version", "basis", "statement"),
    ActRestriction: ("act", "restriction", "starts_on", "ends_on"),
    Tag: ("name", "is_present", "changed_at", "changed_by", "seq"),
    Folder: ("key", "parent", "name", "file_count", "size_bytes"),
    File: (
        "file_id", "first_version", "last_version", "folder", "path", "original_name", "size_bytes",
        "sha512", "sha256", "digests", "puid", "format_name", "format_version", "mime_type",
        "basis", "warnings", "validity", "properties", "modified_at",
    ),
    Event: (
        "event_id", "type", "date_time", "date_time_text", "detail", "outcome", "outcome_detail",
        "version", "file_id",
    ),
    EventObject: ("object_identifier", "role"),
    EventAgent: ("role",),
    Agent: ("identifier_type", "identifier_value", "name", "type", "version", "note"),
    OwnerTotal: ("owner", "entity_count", "file_count", "size_bytes"),
}  # fmt: skip
"""Model -> the columns that are dumped; keys of rows are replaced by PREMIS identifiers."""

_SMALL: tuple[type[Model], ...] = (
    Identifier, Version, Representation, DescriptiveTerm, RightsStatement,
    ActRestriction, Tag,
)  # fmt: skip


def dump() -> Iterator[bytes]:
    """Give the lines, each with its newline; holds one batch of rows."""
    keys = IntellectualEntity.objects.order_by("object_id").values_list("pk", "object_id")
    for pk, object_id in keys.iterator(chunk_size=1000):
        for line in _entity_lines(pk):
            yield _bytes({"object_id": str(object_id), **line})
    for line in _unlinked_agents():
        yield _bytes(line)
    yield from sorted(_bytes(line) for line in _lines(OwnerTotal, OwnerTotal.objects.all()))


def _bytes(line: Line) -> bytes:
    return orjson.dumps(line, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _entity_lines(pk: int) -> Iterator[Line]:
    yield from _lines(IntellectualEntity, IntellectualEntity.objects.filter(pk=pk))
    for model in _SMALL:
        # Sorted here and not by the database, whose order of texts depends on its locale.
        yield from sorted(_lines(model, model._default_manager.filter(entity=pk)), key=_bytes)
    files = File.objects.filter(entity=pk).select_related("representation")
    yield from _lines(Folder, Folder.objects.filter(entity=pk).order_by("key"))
    yield from _lines(
        File, files.order_by("file_id", "first_version"), representation="representation__name"
    )
    yield from _event_lines(pk)


def _lines(
    model: type[Model], rows: QuerySet[Any, Any], **more: str
) -> Iterator[Line]:  # Any: rows of any model
    columns = DUMPED[model]
    for values in rows.values_list(*columns, *more.values()).iterator(chunk_size=2000):
        named = zip((*columns, *more), values, strict=True)
        yield {"kind": model.__name__, **{name: _plain(value) for name, value in named}}


def _plain(value: object) -> object:
    match value:
        case bytes() | memoryview():
            return bytes(value).hex()
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).isoformat()
        case _:
            return value


def _event_lines(pk: int) -> Iterator[Line]:
    rows = (
        Event.objects.filter(entity=pk)
        .order_by("event_id")
        .values_list("pk", *DUMPED[Event], "representation__name")
        .iterator(chunk_size=_BATCH)
    )
    while batch := list(islice(rows, _BATCH)):
        keys = [row[0] for row in batch]
        agents, objects = _agents_of(keys), _objects_of(keys)
        for key, *values in batch:
            named = zip((*DUMPED[Event], "representation"), values, strict=True)
            yield {
                "kind": Event.__name__,
                **{name: _plain(value) for name, value in named},
                "agents": sorted(agents[key], key=_bytes),
                "further_objects": sorted(objects[key], key=_bytes),
            }


def _agents_of(keys: Sequence[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    columns = DUMPED[Agent]
    rows = EventAgent.objects.filter(event__in=keys).values_list(
        "event_id", "role", *(f"agent__{name}" for name in columns)
    )
    for key, role, *values in rows:
        found[key].append({"role": role, **dict(zip(columns, values, strict=True))})
    return found


def _objects_of(keys: Sequence[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    rows = EventObject.objects.filter(event__in=keys)
    for key, identifier, role in rows.values_list("event_id", *DUMPED[EventObject]):
        found[key].append({"object_identifier": str(identifier), "role": role})
    return found


def _unlinked_agents() -> Iterable[Line]:
    linked = EventAgent.objects.values("agent_id")
    return sorted(_lines(Agent, Agent.objects.exclude(pk__in=linked)), key=_bytes)
