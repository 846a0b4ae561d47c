"""Editing descriptive metadata: a new version whose content is that of the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version as version_of
from pathlib import Path

from muniment.catalogue.queries.entities import entity_for
from muniment.catalogue.services.indexing import IndexedVersion, index_version
from muniment.information.aip import (
    AipDescription,
    AipReader,
    VersionReason,
    VersionStory,
    WrittenFile,
    read_aip,
    write_aip,
)
from muniment.information.dublin_core import TERMS, DublinCore
from muniment.information.event_types import EventType
from muniment.information.identifiers import ObjectId, agent_id, event_id
from muniment.information.premis import (
    Agent,
    Event,
    EventOutcome,
    IntellectualEntity,
    Link,
    PremisUnit,
    RightsStatement,
    uuid_identifier,
)
from muniment.runtime.actor import SYSTEM, Actor
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.failpoints import failpoint
from muniment.storage.archive import Archive
from muniment.storage.ports import StoredVersion
from muniment.storage.services import seal
from muniment.storage.types import StagedFile, StagedVersion
from muniment.storage.verified import verified_opener


def edit_description(
    object_id: ObjectId,
    dublin_core: DublinCore,
    *,
    actor: Actor,
    archive: Archive,
    work: Path,
) -> IndexedVersion:
    """Make a version with this description (reason `metadata-edit`); all else stays as it is.

    `work` is an empty folder on the file system of the storage root; the caller removes it. The
    description that is there already makes no version. Raises PermissionDenied, ObjectMissing,
    InvalidArgument (an unknown term, an empty value), VersionConflict (somebody else made a
    version meanwhile: read again and edit that), and what sealing and indexing raise.
    """
    entity = entity_for(actor, object_id, action="object.describe")
    _check(dublin_core)
    with archive.root.open_version(object_id) as before:
        reader = read_aip(verified_opener(before))
        if reader.dublin_core() == dublin_core:
            return index_version(object_id, before.number, archive=archive)
        edit = _Edit(before, reader, dublin_core, actor, entity.owner, archive.clock.now())
        written = write_aip(edit.description(), work)
        staged = StagedVersion(
            object_id=object_id,
            expected_head=before.number,
            files=partial(_staged, before, written, work),
            message="Edit the description",
            user_name=actor.name,
            user_address=actor.address,
            created_at=edit.at,
        )
        failpoint("describe.written")
        # Whether the actor may do this was asked above; who may describe need not hand in content.
        sealed = seal(staged, root=archive.root, actor=SYSTEM, clock=archive.clock)
    return index_version(object_id, sealed.number, archive=archive)


def _check(dublin_core: DublinCore) -> None:
    for each in dublin_core:
        if each.term not in TERMS:
            raise InvalidArgument(
                f"{each.term!r} is no Dublin Core term; known are {', '.join(sorted(TERMS))}"
            )
        if not each.value.strip():
            raise InvalidArgument(f"a value of {each.term} is empty; remove it instead")


@dataclass(frozen=True, slots=True)
class _Edit:
    before: StoredVersion
    reader: AipReader
    dublin_core: DublinCore
    actor: Actor
    owner: str
    at: datetime

    def description(self) -> AipDescription:
        """Carry everything over but the description, and add the event that says so."""
        units = list(self.reader.units())
        entity = next(unit for unit in units if isinstance(unit, IntellectualEntity))
        us, person = _software(), _person(self.actor.name)
        agents = [unit for unit in units if isinstance(unit, Agent)]
        return AipDescription(
            object_id=self.before.object_id,
            created_at=self.at,
            software_version=us.version,
            representations=self.reader.representations(),
            identifiers=entity.identifiers[1:],
            dublin_core=self.dublin_core,
            events=partial(self._events, units, us, person),
            agents=tuple(dict.fromkeys([*agents, us, person])),
            rights=tuple(unit for unit in units if isinstance(unit, RightsStatement)),
            submission=self.reader.submission,
            original_name=entity.original_name,
        )

    def _events(self, units: Sequence[PremisUnit], us: Agent, person: Agent) -> Iterator[Event]:
        yield from (unit for unit in units if isinstance(unit, Event))
        number = self.before.number + 1
        kind = EventType.METADATA_MODIFICATION
        yield Event(
            identifier=uuid_identifier(event_id(self.before.object_id, kind, str(number))),
            event_type=kind,
            occurred_at=self.at.isoformat(),
            details=(VersionStory(VersionReason.METADATA_EDIT, owner=self.owner).as_detail(),),
            outcomes=(EventOutcome("success"),),
            agents=(
                Link(us.identifiers[0], ("executing program",)),
                Link(person.identifiers[0], ("implementer",)),
            ),
            objects=(Link(uuid_identifier(self.before.object_id)),),
        )


def _staged(
    before: StoredVersion, written: Sequence[WrittenFile], work: Path
) -> Iterator[StagedFile]:
    """Give what was written now, and all other files as they lie in the object."""
    new = {each.logical_path for each in written}
    for each in written:
        source = work / each.logical_path
        yield StagedFile(
            each.logical_path, source, each.size_bytes, each.digests["sha512"], _fixity(each)
        )
    for entry in before.entries():
        if entry.logical_path not in new:
            size_bytes = before.size_of(entry.logical_path)
            yield StagedFile(entry.logical_path, None, size_bytes, entry.sha512)


def _fixity(written: WrittenFile) -> dict[str, str]:
    return {name: value for name, value in written.digests.items() if name != "sha512"}


def _software() -> Agent:
    version = version_of("muniment")
    return Agent(
        identifiers=(uuid_identifier(agent_id("software", "muniment", version)),),
        names=("muniment",),
        agent_type="software",
        version=version,
    )


def _person(name: str) -> Agent:
    return Agent(
        identifiers=(uuid_identifier(agent_id("person", name)),),
        names=(name,),
        agent_type="person",
    )
