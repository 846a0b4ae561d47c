"""What a record of the ledger says, as values that the tables take.

event      a PREMIS event, see `premis_json`; with "accession": {"version": …} it is the one that
           says that this version was catalogued
tag        {"name": …, "is_present": true|false, "by": …}
lifecycle  {"state": one of LifecycleState, "by": …}
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from muniment.catalogue.indexing.premis_json import agents_of, event_of
from muniment.catalogue.types import LifecycleState
from muniment.information import premis
from muniment.storage.ledger.records import LedgerRecord, readable

ACCESSION = "accession"
KINDS = frozenset({"event", "tag", "lifecycle"})
"""Records of other kinds belong to other packages."""

_LONGEST = 255  # of a tag and of an event type


@dataclass(frozen=True, slots=True)
class SaidEvent:
    """An event. `accession` is the version that it says was catalogued, 0 for any other event."""

    record: LedgerRecord
    event: premis.Event
    agents: tuple[premis.Agent, ...]
    accession: int


@dataclass(frozen=True, slots=True)
class SaidTag:
    """A tag that was hung on or taken off."""

    record: LedgerRecord
    name: str
    is_present: bool
    by: str


@dataclass(frozen=True, slots=True)
class SaidState:
    """A new state of the lifecycle."""

    record: LedgerRecord
    state: LifecycleState


Said = SaidEvent | SaidTag | SaidState


def parse(record: LedgerRecord) -> Said:
    """Read a record of one of KINDS; raises CorruptObject for what we never wrote."""
    with readable(record):
        UUID(record.object_id)
        match record.kind:
            case "event":
                return _event(record)
            case "tag":
                return _tag(record)
            case _:
                return SaidState(record, LifecycleState(_text(record, "state")))


def _event(record: LedgerRecord) -> SaidEvent:
    event = event_of(record)
    if not 0 < len(event.event_type) <= _LONGEST:
        raise ValueError(f"an event type has 1 to {_LONGEST} characters")
    said = record.payload.get(ACCESSION)
    number = said["version"] if isinstance(said, dict) else 0
    return SaidEvent(record, event, tuple(agents_of(record)), int(number))


def _tag(record: LedgerRecord) -> SaidTag:
    name = _text(record, "name")
    if not 0 < len(name) <= _LONGEST:
        raise ValueError(f"a tag has 1 to {_LONGEST} characters")
    by = str(record.payload.get("by", ""))[:_LONGEST]
    return SaidTag(record, name, bool(record.payload["is_present"]), by)


def _text(record: LedgerRecord, member: str) -> str:
    value = record.payload[member]
    if not isinstance(value, str):
        raise TypeError(f"{member} is no text")
    return value
