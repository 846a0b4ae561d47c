"""JSON as a stream of events, and the one way in which malformed JSON is reported.

Depth, size and repeated keys cost nothing here: nothing is held but the event at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol

import ijson
import ijson.backends.yajl2_c as yajl

Event = tuple[str, object]
Events = Iterator[Event]
_BUFFER_BYTES = 256 * 1024

MALFORMED = (ijson.JSONError, ValueError, ArithmeticError)
"""What reading the events raises when the bytes are not JSON, not UTF-8, or hold absurd numbers."""


class Readable(Protocol):
    """A source of bytes; a hashing reader will do."""

    def read(self, size: int = -1, /) -> bytes: ...


def json_events(stream: Readable | BinaryIO) -> Events:
    """Iterate over (event, value) of one JSON document."""
    # use_float: without it an integer of over 4,300 digits crashes the interpreter (ijson 3.6), for
    # the C code goes on after int() has raised. With it yajl itself refuses what overflows.
    events: Events = yajl.basic_parse(stream, buf_size=_BUFFER_BYTES, use_float=True)
    return events


def skip_value(events: Events, event: str) -> None:
    """Read over the rest of the value that began with `event`."""
    depth = _step(event)
    while depth > 0:
        event, _ = next(events)
        depth += _step(event)


def _step(event: str) -> int:
    if event in {"start_map", "start_array"}:
        return 1
    return -1 if event in {"end_map", "end_array"} else 0


def read_members(events: Events, event: str) -> dict[str, object] | None:
    """Read a JSON object of plain values; None when it is no object.

    A value that is itself an object or array becomes `NESTED`; of a repeated key the last wins.
    """
    if event != "start_map":
        skip_value(events, event)
        return None
    members: dict[str, object] = {}
    for kind, key in events:
        if kind == "end_map":
            break
        members[str(key)] = plain_value(events, *next(events))
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
