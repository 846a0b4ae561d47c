"""JSON as a stream of events, and the one way in which malformed JSON is reported.

Size and repeated keys cost nothing here: nothing is held but the events of one block.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol

import ijson
import ijson.backends.yajl2_c as yajl

Event = tuple[str, object]
Events = Iterator[Event]
_BUFFER_BYTES = 256 * 1024
MOST_VALUE_BYTES = 4 * 1024 * 1024
"""A text is held as a whole, so it has a limit; no path or message comes near."""

MOST_DEPTH = 500
MOST_MEMBERS = 1000

MALFORMED = (ijson.JSONError, ValueError, ArithmeticError)
"""What reading the events raises when the bytes are not JSON, not UTF-8, or hold absurd numbers."""


class BeyondLimits(ValueError):
    """The document asks for more memory than any inventory needs."""


class Readable(Protocol):
    """A source of bytes; a hashing reader will do."""

    def read(self, size: int = -1, /) -> bytes: ...


def json_events(stream: Readable | BinaryIO) -> Events:
    """Iterate over (event, value) of one JSON document."""
    events = ijson.sendable_list()
    # use_float: without it an integer of over 4,300 digits crashes the interpreter (ijson 3.6), for
    # the C code goes on after int() has raised. With it yajl itself refuses what overflows.
    parser = yajl.basic_parse_coro(events, use_float=True)
    silent_bytes = 0
    try:
        while block := stream.read(_BUFFER_BYTES):
            parser.send(block)
            silent_bytes = 0 if events else silent_bytes + len(block)
            if silent_bytes > MOST_VALUE_BYTES:
                raise BeyondLimits(f"a value has more than {MOST_VALUE_BYTES} bytes")
            yield from events
            events.clear()
        parser.close()
    except MALFORMED:
        yield from events  # what came before the fault
        raise
    yield from events


def skip_value(events: Events, event: str) -> None:
    """Read over the rest of the value that began with `event`."""
    depth = _step(event)
    while depth > 0:
        if depth > MOST_DEPTH:
            raise BeyondLimits(f"values are nested more than {MOST_DEPTH} deep")
        event, _ = next(events)
        depth += _step(event)


def _step(event: str) -> int:
    if event in {"start_map", "start_array"}:
        return 1
    return -1 if event in {"end_map", "end_array"} else 0


def read_members(events: Events, event: str) -> dict[str, object] | None:
    """Read a JSON object of plain values; None when it is no object.

    A value that is itself an object or array becomes `NESTED`; of a repeated key the last wins.
    No more than `MOST_MEMBERS` keys are kept.
    """
    if event != "start_map":
        skip_value(events, event)
        return None
    members: dict[str, object] = {}
    for key in keys(events):
        value = plain_value(events, *next(events))
        if len(members) < MOST_MEMBERS or key in members:
            members[key] = value
    return members


def plain_value(events: Events, event: str, value: object) -> object:
    """Return the value, or `NESTED` after reading over an object or array."""
    if event in {"start_map", "start_array"}:
        skip_value(events, event)
        return NESTED
    return value


def keys(events: Events) -> Iterator[str]:
    """Iterate over the keys of the object just begun; the caller reads each key's value."""
    for event, key in events:
        if event == "end_map":
            return
        yield str(key)


NESTED = object()
"""Stands for an object or array where a plain value was due."""
