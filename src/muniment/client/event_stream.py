"""`/events/stream` from the other side: server-sent events, come back to where it broke off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson

from muniment.client.transport import TRIES, Transport
from muniment.runtime.errors import Unavailable


def events_of(transport: Transport, behind: int | None) -> Iterator[dict[str, object]]:
    """Give events without end; raises Unavailable where the server stays away."""
    last, left = behind, TRIES
    while True:
        headers = {} if last is None else {"Last-Event-ID": str(last)}
        try:
            for number, data in told_in(transport.lines("events/stream", headers)):
                yield orjson.loads(data)
                last, left = number, TRIES
        except Unavailable as exc:
            left -= 1
            if not left:
                raise
            transport.rest(exc.retry_after_s or 1.0)
        else:
            transport.rest(1.0)  # the server ended it: it restarts, or wants its place back


def told_in(lines: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Give the number and the data of each event; one that was cut off is none."""
    number, data = -1, ""
    for line in lines:
        name, _, value = line.decode("utf-8", "replace").partition(":")
        value = value.removeprefix(" ")
        if not line:
            if number >= 0 and data:
                yield number, data
            number, data = -1, ""
        elif name == "id" and value.isascii() and value.isdigit():
            number = int(value)
        elif name == "data":
            data = value
