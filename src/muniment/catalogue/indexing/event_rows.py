"""Rows of events and agents, from one premis.xml at a time."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from muniment.catalogue.indexing.names import moment, uuid_text
from muniment.catalogue.models import Agent, Event, EventAgent, EventObject
from muniment.catalogue.ports import BulkWriter
from muniment.information import premis

_COLUMNS = (
    "id", "entity_id", "event_id", "type", "date_time", "date_time_text", "detail", "outcome",
    "outcome_detail", "version", "representation_id", "file_id",
)  # fmt: skip
_BATCH = 900  # parameters that SQLite takes in one statement


@dataclass(frozen=True, slots=True)
class Subject:
    """What the events of one premis.xml may be linked to.

    `representations` maps PREMIS identifiers to keys; any other identifier than these and the
    entity's own is a file's. `version` None: the events come from the ledger.
    """

    entity_id: int
    object_id: str
    version: int | None
    created_at: datetime
    representations: dict[str, int] = field(default_factory=dict)


class EventRecorder:
    """Writes the events of one document (or of the ledger) that the catalogue does not have yet.

    Agents come behind the events in PREMIS, so the links wait, 16 bytes each, until `close`.
    """

    def __init__(self, writer: BulkWriter) -> None:
        self._writer = writer
        self._waiting: list[tuple[Subject, premis.Event]] = []
        self._events = array("q")
        self._agents = array("i")
        self._roles = array("i")
        self._agent_names: dict[premis.Identifier, int] = {}
        self._role_names: dict[str, int] = {}
        self._described: dict[premis.Identifier, premis.Agent] = {}

    def add(self, subject: Subject, event: premis.Event) -> None:
        """Take an event of an entity; it is written with the next full batch."""
        self._waiting.append((subject, event))
        if len(self._waiting) == _BATCH:
            self._flush()

    def describe(self, agent: premis.Agent) -> None:
        """Take what the document says of an agent."""
        for identifier in agent.identifiers:
            self._described[identifier] = agent

    def close(self) -> None:
        """Write what still waits, then the agents, then the links between the two."""
        self._flush()
        described = [self._described.get(name) or _bare(name) for name in self._agent_names]
        unlinked = [each for each in self._described.values() if each not in described]
        keys = agent_keys([*described, *unlinked])
        roles = list(self._role_names)
        links = zip(self._events, self._agents, self._roles, strict=True)
        # Two identifiers of one agent may stand in one event.
        rows = dict.fromkeys((event, keys[agent], roles[role]) for event, agent, role in links)
        self._writer.write(EventAgent, ("event_id", "agent_id", "role"), rows)

    def _flush(self) -> None:
        batch = self._unknown(self._waiting)
        self._waiting = []
        if not batch:
            return
        keys = self._writer.new_ids(Event, len(batch))
        keyed = [(key, *pair) for key, pair in zip(keys, batch, strict=True)]
        self._writer.write(Event, _COLUMNS, (_row(*each) for each in keyed))
        further = [row for key, _, event in keyed for row in _further_objects(key, event)]
        if further:
            self._writer.write(EventObject, ("event_id", "object_identifier", "role"), further)
        for key, _, event in keyed:
            self._link(key, event)

    def _unknown(
        self, pairs: Sequence[tuple[Subject, premis.Event]]
    ) -> list[tuple[Subject, premis.Event]]:
        wanted = {(s.entity_id, uuid_text(e.identifier)): (s, e) for s, e in pairs}
        known = Event.objects.filter(event_id__in={event_id for _, event_id in wanted})
        for entity_id, event_id in known.values_list("entity_id", "event_id"):
            wanted.pop((entity_id, str(event_id)), None)
        return list(wanted.values())

    def _link(self, key: int, event: premis.Event) -> None:
        for link in event.agents:
            agent = self._agent_names.setdefault(link.identifier, len(self._agent_names))
            for role in link.roles or ("",):
                self._events.append(key)
                self._agents.append(agent)
                self._roles.append(self._role_names.setdefault(role, len(self._role_names)))


def _row(key: int, subject: Subject, event: premis.Event) -> tuple[object, ...]:
    at, text = moment(event.occurred_at, fallback=subject.created_at)
    target = uuid_text(event.objects[0].identifier) if event.objects else subject.object_id
    representation = subject.representations.get(target)
    is_file = representation is None and target != subject.object_id
    return (
        key,
        subject.entity_id,
        uuid_text(event.identifier),
        event.event_type,
        at,
        text,
        event.detail,
        event.outcome,
        event.outcome_detail,
        subject.version,
        representation,
        target if is_file else None,
    )


def _further_objects(key: int, event: premis.Event) -> Iterator[tuple[int, str, str]]:
    """Give the second and later objects of an event, and the role of the first where it has one."""
    rows = {
        (key, uuid_text(link.identifier), role): None
        for place, link in enumerate(event.objects)
        for role in link.roles or ("",)
        if place or role
    }
    return iter(rows)


def _bare(identifier: premis.Identifier) -> premis.Agent:
    """Make the agent that events name and nobody describes."""
    return premis.Agent(identifiers=(identifier,))


def agent_keys(agents: Sequence[premis.Agent]) -> list[int]:
    """Return the keys of agents, in order, writing those that are new."""
    rows = [_agent_row(agent) for agent in agents]
    digests = {row[0] for row in rows}
    keys = _known_agents(digests)
    missing = {row[0]: row for row in rows if row[0] not in keys}
    if missing:
        Agent.objects.bulk_create(
            [Agent(**dict(zip(_AGENT, row, strict=True))) for row in missing.values()],
            # Another process may write the same agent now.
            ignore_conflicts=True,
        )
        keys |= _known_agents(set(missing))
    return [keys[row[0]] for row in rows]


_AGENT = ("key", "identifier_type", "identifier_value", "name", "type", "version", "note")


def _known_agents(digests: set[bytes]) -> dict[bytes, int]:
    found = Agent.objects.filter(key__in=digests).values_list("key", "pk")
    return {bytes(key): pk for key, pk in found}


def _agent_row(agent: premis.Agent) -> tuple[bytes, str, str, str, str, str, str]:
    first = agent.identifiers[0]
    values = (
        first.type,
        first.value,
        "; ".join(agent.names),
        agent.agent_type,
        agent.version,
        "\n".join(agent.notes),
    )
    return (hashlib.sha256("\0".join(values).encode()).digest(), *values)
