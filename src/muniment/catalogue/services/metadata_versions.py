"""A new version of an object with other metadata; its content is that of the one before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version as version_of
from pathlib import Path

from muniment.information.aip import (
    RIGHTS_STATED,
    AipDescription,
    AipReader,
    VersionReason,
    VersionStory,
    WrittenFile,
    write_aip,
)
from muniment.information.dublin_core import DublinCore
from muniment.information.event_types import EventType
from muniment.information.identifiers import agent_id, event_id
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
from muniment.runtime.failpoints import failpoint
from muniment.storage.archive import Archive
from muniment.storage.ports import StoredVersion
from muniment.storage.services import seal
from muniment.storage.types import StagedFile, StagedVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What somebody changes of the newest version. None: that part stays as it is."""

    before: StoredVersion
    reader: AipReader
    actor: Actor
    owner: str
    message: str
    dublin_core: DublinCore | None = None
    rights: Sequence[RightsStatement] | None = None

    def seal(self, archive: Archive, work: Path) -> int:
        """Write the new metadata into `work` and seal it with the old content; return its number.

        Raises VersionConflict (somebody else made a version meanwhile) and what sealing raises.
        """
        at = archive.clock.now()
        written = write_aip(self._description(at), work)
        staged = StagedVersion(
            object_id=self.before.object_id,
            expected_head=self.before.number,
            files=partial(_staged, self.before, written, work),
            message=self.message,
            user_name=self.actor.name,
            user_address=self.actor.address,
            created_at=at,
        )
        failpoint("describe.written")
        # Whether the actor may do this was asked before; who may describe need not hand in content.
        return seal(staged, root=archive.root, actor=SYSTEM, clock=archive.clock).number

    def _description(self, at: datetime) -> AipDescription:
        """Carry over all that stays, and add the event that says what was done."""
        units = list(self.reader.units())
        entity = next(unit for unit in units if isinstance(unit, IntellectualEntity))
        us, person = _software(), _person(self.actor.name)
        agents = [unit for unit in units if isinstance(unit, Agent)]
        rights = [unit for unit in units if isinstance(unit, RightsStatement)]
        return AipDescription(
            object_id=self.before.object_id,
            created_at=at,
            software_version=us.version,
            representations=self.reader.representations(),
            identifiers=entity.identifiers[1:],
            dublin_core=self.reader.dublin_core() if self.dublin_core is None else self.dublin_core,
            events=partial(self._events, units, us, person, at),
            agents=tuple(dict.fromkeys([*agents, us, person])),
            rights=tuple(rights if self.rights is None else self.rights),
            submission=self.reader.submission,
            original_name=entity.original_name,
        )

    def _events(
        self, units: Sequence[PremisUnit], us: Agent, person: Agent, at: datetime
    ) -> Iterator[Event]:
        yield from (unit for unit in units if isinstance(unit, Event))
        number = self.before.number + 1
        kind = EventType.METADATA_MODIFICATION
        notes = (RIGHTS_STATED,) if self.dublin_core is None else ()
        yield Event(
            identifier=uuid_identifier(event_id(self.before.object_id, kind, str(number))),
            event_type=kind,
            occurred_at=at.isoformat(),
            details=(VersionStory(VersionReason.METADATA_EDIT, owner=self.owner).as_detail(),),
            outcomes=(EventOutcome("success", notes),),
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
