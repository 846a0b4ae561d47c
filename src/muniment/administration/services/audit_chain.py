"""The chain of the audit trail: each line's digest covers the line and the digest before it.

The same in the table and in storage, so either proves the other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import orjson

from muniment.administration.models import AuditEntry

BEGINNING = bytes(32)
"""What stands for the digest before the first line."""


class Breach(StrEnum):
    """How a chain is broken at a line."""

    CHANGED = "changed"
    MISSING = "missing"
    DETACHED = "detached"
    UNREADABLE = "unreadable"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Link:
    """One line: its number, its UTC day, its canonical JSON, and the digests that chain it."""

    number: int
    day: str
    content: bytes
    previous: bytes
    digest: bytes

    @property
    def is_sound(self) -> bool:
        """Say whether the digest is that of the line and of the one before."""
        return digest_of(self.previous, self.content) == self.digest

    def as_line(self) -> bytes:
        """Return the line of an exported day."""
        said = {
            "digest": self.digest.hex(),
            "line": orjson.Fragment(self.content),
            "previous": self.previous.hex(),
        }
        return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """Where a chain is broken, and how."""

    number: int
    breach: Breach


def digest_of(previous: bytes, content: bytes) -> bytes:
    """Return the digest of a line: SHA-256 of the digest before it and its canonical JSON."""
    return hashlib.sha256(previous + content).digest()


def content_of(entry: AuditEntry) -> bytes:
    """Return the canonical form of a line: JSON in UTF-8, keys sorted, nothing between."""
    return _canonical(
        {
            "number": entry.number,
            "at": _text(entry.at),
            "actor": entry.actor,
            "action": entry.action,
            "thing": entry.thing,
            "outcome": entry.outcome,
            "detail": entry.detail,
            "address": entry.address,
            "request_id": entry.request_id,
        }
    )


def link_of(entry: AuditEntry) -> Link:
    """Return a row of the table as a link."""
    day = _text(entry.at)[:10]
    return Link(entry.number, day, content_of(entry), bytes(entry.previous), bytes(entry.digest))


def parse_link(line: bytes) -> Link:
    """Read a line of an exported day; ValueError where it is none."""
    try:
        said = orjson.loads(line)
        content: dict[str, Any] = said["line"]
        number, day = content["number"], content["at"][:10]
        previous, digest = bytes.fromhex(said["previous"]), bytes.fromhex(said["digest"])
    except (KeyError, TypeError, AttributeError, ValueError) as exc:
        raise ValueError("no line of an audit trail") from exc
    if type(number) is not int or not isinstance(day, str):
        raise ValueError("no line of an audit trail")
    return Link(number, day, _canonical(content), previous, digest)


def broken_in(links: Iterable[Link]) -> Iterator[BrokenLink]:
    """Give each link that is not what was written, or does not follow the one before; streams."""
    previous, expected = BEGINNING, 1
    for link in links:
        if link.number != expected:
            yield BrokenLink(link.number, Breach.MISSING)
        elif link.previous != previous:
            yield BrokenLink(link.number, Breach.DETACHED)
        elif not link.is_sound:
            yield BrokenLink(link.number, Breach.CHANGED)
        previous, expected = link.digest, link.number + 1


def _canonical(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
