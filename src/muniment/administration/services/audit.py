"""Writing the audit trail, and proving that nobody changed it (archive spec §7)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC

from django.db import connection, transaction

from muniment.administration.models import AuditEntry
from muniment.administration.services.audit_chain import (
    BEGINNING,
    BrokenLink,
    Link,
    broken_in,
    content_of,
    digest_of,
    link_of,
)
from muniment.runtime.actor import Actor
from muniment.runtime.clock import Clock
from muniment.runtime.deeds import AuditOutcome, tell

_LOCK = 0x6D756E61  # any number that only this trail uses


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
    tell(deed.action)
    (entry,) = record_all([(actor, deed)], clock=clock)
    return entry


def record_all(deeds: Iterable[tuple[Actor, Deed]], *, clock: Clock) -> list[AuditEntry]:
    """Append lines one after the other, nobody else's between them."""
    with transaction.atomic():
        _lock()
        last = AuditEntry.objects.order_by("-number").first()
        entries = []
        for actor, deed in deeds:
            last = _line(deed, actor, clock, last)
            last.save(force_insert=True)
            entries.append(last)
    return entries


def _line(deed: Deed, actor: Actor, clock: Clock, last: AuditEntry | None) -> AuditEntry:
    previous = bytes(last.digest) if last else BEGINNING
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
        previous=previous,
    )
    entry.digest = digest_of(previous, content_of(entry))
    return entry


def _lock() -> None:
    """Let one writer at a time read the last line; SQLite's transactions do so by themselves."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def links_from(number: int = 1) -> Iterator[Link]:
    """Give the lines of the trail from this number on, in order; memory stays flat."""
    rows = AuditEntry.objects.filter(number__gte=number).order_by("number")
    return map(link_of, rows.iterator(chunk_size=2000))


def broken_links() -> Iterator[BrokenLink]:
    """Give the lines of the table that are not what was written, or whose predecessor is gone."""
    return broken_in(links_from())


def digests_of(numbers: Sequence[int]) -> dict[int, bytes]:
    """Return the digests of these lines, of those that there are. One query."""
    rows = AuditEntry.objects.filter(number__in=numbers).values_list("number", "digest")
    return {number: bytes(digest) for number, digest in rows}
