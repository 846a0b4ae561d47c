"""PREMIS events as records of the ledger; `catalogue.indexing.premis_json` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version as version_of

from muniment.information.event_types import EventType
from muniment.storage.ledger.records import NewRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEvent:
    """An event about one object. `event_id` is derived, so that telling it twice makes one event.

    `implementer` is the person who had it done; "" = nobody but this software.
    """

    event_id: str
    event_type: EventType
    at: datetime
    detail: str
    outcome: str = "success"
    outcome_detail: str = ""
    implementer: str = ""

    def record(self, object_id: str, **more: object) -> NewRecord:
        """Return the record; `more` are members that other readers of the ledger look for."""
        payload: dict[str, object] = {
            "event_id": self.event_id,
            "event_type": self.event_type.value,
            "date_time": self.at.isoformat(),
            "detail": self.detail,
            "outcome": self.outcome,
            "outcome_detail": self.outcome_detail,
            "agents": self._agents(),
        }
        return NewRecord("event", object_id, payload | more)

    def _agents(self) -> list[dict[str, str]]:
        us = {"name": "muniment", "version": _version(), "type": "software"}
        agents = [us | {"role": "executing program"}]
        if self.implementer:
            agents.append({"name": self.implementer, "type": "person", "role": "implementer"})
        return agents


@lru_cache
def _version() -> str:
    return version_of("muniment")
