"""Cursors: where a page ended, as opaque text."""

from __future__ import annotations

import base64
import binascii

import orjson

from muniment.runtime.errors import InvalidArgument


def encode(*values: str | int) -> str:
    """Write the sort values of the last row of a page."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def decode(cursor: str, *kinds: type) -> tuple[str | int, ...]:
    """Read a cursor whose values have these types; raises InvalidArgument for any other text."""
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        values = orjson.loads(raw)
    except (binascii.Error, ValueError) as exc:
        raise InvalidArgument(f"{cursor!r} is no cursor of a page: leave it out") from exc
    if not isinstance(values, list) or [type(value) for value in values] != list(kinds):
        raise InvalidArgument(f"{cursor!r} is a cursor of another list or order: leave it out")
    return tuple(values)
