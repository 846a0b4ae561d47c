"""What a new version takes over from the one before: provenance, identifiers, description."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from muniment.information.aip import RIGHTS_STATED, AipReader, read_aip
from muniment.information.dublin_core import DublinCore
from muniment.information.event_types import EventType
from muniment.information.identifiers import ObjectId
from muniment.information.premis import (
    Agent,
    Event,
    Identifier,
    IntellectualEntity,
    RightsStatement,
)
from muniment.ingest.provenance import version_event_id
from muniment.storage.ports import StorageRoot
from muniment.storage.verified import verified_opener


@dataclass(frozen=True, slots=True)
class Earlier:
    """Of the version before; all empty for a new object."""

    events: tuple[Event, ...] = ()
    agents: tuple[Agent, ...] = ()
    rights: tuple[RightsStatement, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    dublin_core: DublinCore = DublinCore()  # noqa: RUF009  # frozen and empty

    @property
    def was_edited(self) -> bool:
        """Say whether somebody edited the description in the archive."""
        return any(
            each.event_type == EventType.METADATA_MODIFICATION
            and not any(RIGHTS_STATED in outcome.notes for outcome in each.outcomes)
            for each in self.events
        )


def read_earlier(root: StorageRoot, object_id: ObjectId, head: int) -> Earlier:
    """Read the entity's part of version `head`; a few events a version, so it fits in memory."""
    if head == 0:
        return Earlier()
    with root.open_version(object_id, head) as version:
        reader = read_aip(verified_opener(version))
        units = list(reader.units())
        entity = next(unit for unit in units if isinstance(unit, IntellectualEntity))
        return Earlier(
            tuple(unit for unit in units if isinstance(unit, Event)),
            tuple(unit for unit in units if isinstance(unit, Agent)),
            tuple(unit for unit in units if isinstance(unit, RightsStatement)),
            entity.identifiers[1:],
            reader.dublin_core(),
        )


def version_made_by(
    submission_id: str, root: StorageRoot, object_id: ObjectId, earlier: Earlier, head: int
) -> int | None:
    """Return the version that this submission made before a power cut let the database forget it.

    `earlier` is what version `head` says; events are taken over from version to version.
    """
    names = {version_event_id(submission_id, is_first=is_first) for is_first in (True, False)}
    number = None
    while head and any(each.identifier.value in names for each in earlier.events):
        number, head = head, head - 1
        earlier = read_earlier(root, object_id, head)
    return number


@dataclass(frozen=True, slots=True)
class EarlierRepresentation:
    """The events of a whole representation in earlier versions, and their agents."""

    events: tuple[Event, ...] = ()
    agents: tuple[Agent, ...] = ()


def read_earlier_representation(
    root: StorageRoot, object_id: ObjectId, head: int, name: str, representation_id: str
) -> EarlierRepresentation:
    """Read what happened to the representation as a whole; what was said of single files stays
    with the version that held them.
    """
    if head == 0:
        return EarlierRepresentation()
    with root.open_version(object_id, head) as version:
        reader = read_aip(verified_opener(version))
        if name not in {each.name for each in reader.representations()}:
            return EarlierRepresentation()
        events: list[Event] = []
        agents: list[Agent] = []
        for unit in _provenance(reader, name):
            if isinstance(unit, Agent):
                agents.append(unit)
            elif any(link.identifier.value == representation_id for link in unit.objects):
                events.append(unit)
        return EarlierRepresentation(tuple(events), tuple(agents))


def _provenance(reader: AipReader, name: str) -> Iterator[Event | Agent]:
    for unit in reader.representation(name):
        if isinstance(unit, Event | Agent):
            yield unit
