"""Writing the audit trail, and proving that nobody changed it (archive spec §7)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

import orjson
from django.db import connection, transaction

from muniment.administration.models import AuditEntry
from muniment.runtime.actor import Actor
from muniment.runtime.clock import Clock

_BEGINNING = bytes(32)
_LOCK = 0x6D756E61  # any number that only this trail uses


class AuditOutcome(StrEnum):
    """How what was asked for ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody did or asked for. `detail` is JSON without secrets; `address` is theirs."""

    action: str
    thing: str = ""
    outcome: AuditOutcome = AuditOutcome.DONE
    detail: Mapping[str, object] = field(default_factory=dict)
    address: str = ""
    request_id: str = ""


def record(deed: Deed, *, actor: Actor, clock: Clock) -> AuditEntry:
    """Append a line in the caller's transaction; lines are written one after the other."""
    with transaction.atomic():
        _lock()
        last = AuditEntry.objects.order_by("-number").first()
        entry = AuditEntry(
            number=last.number + 1 if last else 1,
            at=clock.now().astimezone(UTC),
            actor=actor.name,
            action=deed.action,
            thing=deed.thing.replace("\0", "%00")[:1000],  # PostgreSQL cannot hold it
            outcome=deed.outcome.value,
            detail=dict(deed.detail),
            address=deed.address[:64],
            request_id=deed.request_id[:64],
            previous=bytes(last.digest) if last else _BEGINNING,
        )
        entry.digest = _digest_of(entry)
        entry.save(force_insert=True)
    return entry


def _lock() -> None:
    """Let one writer at a time read the last line; SQLite's transactions do so by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _digest_of(entry: AuditEntry) -> bytes:
    return hashlib.sha256(bytes(entry.previous) + line_of(entry)).digest()


def line_of(entry: AuditEntry) -> bytes:
    """Return the canonical form of a line, which is digested and exported: JSON, sorted keys."""
    return orjson.dumps(
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
        },
        option=orjson.OPT_SORT_KEYS,
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def broken_lines() -> Iterator[int]:
    """Give the numbers of the lines that are not what was written, or whose predecessor is gone.

    Streams the whole trail; memory stays flat.
    """
    previous, expected = _BEGINNING, 1
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        follows = entry.number == expected and bytes(entry.previous) == previous
        if not follows or _digest_of(entry) != bytes(entry.digest):
            yield entry.number
        previous, expected = bytes(entry.digest), entry.number + 1
