"""PREMIS events as the ledger holds them: JSON.

    {"event_id": uuid, "event_type": …, "date_time": ISO 8601, "detail": …, "outcome": …,
     "outcome_detail": …, "objects": [{"id": uuid, "role": …}],
     "agents": [{"name": …, "version": …, "type": …, "role": …}]}

Only `event_id` and `event_type` must be there; without `objects` the event is about the entity.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from muniment.information import premis
from muniment.information.identifiers import agent_id
from muniment.storage.ledger.records import LedgerRecord


def event_of(record: LedgerRecord) -> premis.Event:
    """Read the event of a record; raises KeyError, ValueError for a payload that is none."""
    said = record.payload
    event_id, event_type = str(said["event_id"]), str(said["event_type"])
    return premis.Event(
        identifier=premis.uuid_identifier(event_id),
        event_type=event_type,
        occurred_at=str(said.get("date_time") or record.recorded_at.isoformat()),
        details=_texts(said, "detail"),
        outcomes=_outcomes(said),
        agents=tuple(
            premis.Link(agent.identifiers[0], (role,) if role else ())
            for agent, role in _agents(said)
        ),
        objects=tuple(
            premis.Link(
                premis.uuid_identifier(str(each["id"])),
                (str(each["role"]),) if each.get("role") else (),
            )
            for each in _listed(said, "objects")
        ),
    )


def agents_of(record: LedgerRecord) -> list[premis.Agent]:
    """Return the agents of an event's record."""
    return [agent for agent, _ in _agents(record.payload)]


def _agents(said: Mapping[str, object]) -> Iterator[tuple[premis.Agent, str]]:
    for each in _listed(said, "agents"):
        name, version = str(each.get("name", "")), str(each.get("version", ""))
        kind = str(each.get("type", "software"))
        identifier = premis.uuid_identifier(agent_id(kind, name, version))
        agent = premis.Agent(
            identifiers=(identifier,), names=(name,), agent_type=kind, version=version
        )
        yield agent, str(each.get("role", ""))


def _outcomes(said: Mapping[str, object]) -> tuple[premis.EventOutcome, ...]:
    outcome, notes = str(said.get("outcome") or ""), _texts(said, "outcome_detail")
    return (premis.EventOutcome(outcome, notes),) if outcome or notes else ()


def _texts(said: Mapping[str, object], name: str) -> tuple[str, ...]:
    text = str(said.get(name) or "")
    return (text,) if text else ()


def _listed(said: Mapping[str, object], name: str) -> Sequence[Mapping[str, Any]]:  # any JSON
    found = said.get(name) or ()
    if not isinstance(found, Sequence) or not all(isinstance(each, Mapping) for each in found):
        raise ValueError(f"{name} are no list of objects")
    return found
