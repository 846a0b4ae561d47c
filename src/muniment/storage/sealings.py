"""What sealing leaves in the ledger: a version was read back whole before it took its place.

The record is appended when the version is catalogued, together with the event that says so: one
wait for the disk for both. Until then the time stands in the row of the copy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.db.models.functions import Greatest

from muniment.information.event_types import EventType
from muniment.information.identifiers import event_id
from muniment.storage.ledger.events import LedgerEvent
from muniment.storage.ledger.records import LedgerRecord, NewRecord, readable
from muniment.storage.models import Copy

MEMBER = "sealing"
"""The member of an event's payload by which the rows of copies know it."""


@dataclass(frozen=True, slots=True)
class Sealing:
    """A version that stands in storage. `written_at` None: an interruption lost the moment."""

    object_id: str
    number: int
    created_at: datetime
    inventory_sha512: str
    written_at: datetime | None

    @property
    def event_id(self) -> str:
        return event_id(self.object_id, EventType.FIXITY_CHECK, "sealing", str(self.number))

    def record(self) -> NewRecord:
        """Return the PREMIS `fixity check` that every sealing is (archive spec §2)."""
        lost = "" if self.written_at else "told after an interruption; the time is the version's"
        event = LedgerEvent(
            event_id=self.event_id,
            event_type=EventType.FIXITY_CHECK,
            at=self.written_at or self.created_at,
            detail=f"version {self.number} was read back and compared before it took its place",
            outcome_detail=lost,
        )
        said = {"version": self.number, "inventory_sha512": self.inventory_sha512}
        return event.record(self.object_id, **{MEMBER: said})


def written_times(object_ids: Iterable[str]) -> dict[tuple[str, int], datetime | None]:
    """Return when each version of these objects was written, by object and number. One query."""
    rows = Copy.objects.filter(object_id__in=list(object_ids))
    return {
        (str(object_id), number): at
        for object_id, number, at in rows.values_list("object_id", "number", "written_at")
    }


def apply_sealing(record: LedgerRecord) -> bool:
    """Give the row of a copy the time that the record says; False for any other record.

    Idempotent, and independent of the order in which checks and sealings were recorded. Raises
    CorruptObject for a sealing that nobody can read.
    """
    said = record.payload.get(MEMBER)
    if record.kind != "event" or not isinstance(said, Mapping):
        return False
    with readable(record):
        _apply(record, said)
    return True


def _apply(record: LedgerRecord, said: Mapping[str, Any]) -> None:  # JSON that `Sealing` wrote
    at = datetime.fromisoformat(str(record.payload["date_time"]))
    Copy.objects.filter(object_id=record.object_id, number=said["version"]).update(
        written_at=at, verified_at=Greatest(F("verified_at"), at)
    )
