"""Builders of real objects: AIPs written by our writer, sealed in a real storage root."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.information.aip import (
    AipDescription,
    DescribedFile,
    RepresentationDescription,
    VersionReason,
    VersionStory,
    WrittenFile,
    read_aip,
    write_aip,
)
from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.identifiers import (
    ObjectId,
    agent_id,
    event_id,
    file_id,
    new_object_id,
    representation_id,
)
from muniment.information.premis import (
    Agent,
    Event,
    EventOutcome,
    Identifier,
    Link,
    RightsStatement,
    uuid_identifier,
)
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import FakeClock
from muniment.storage.adapters.file_locks import FileLocks
from muniment.storage.adapters.local import LocalRoot, open_local_root
from muniment.storage.adapters.local_disk import LocalDisk
from muniment.storage.archive import Archive
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.types import SealedVersion, StagedFile, StagedVersion

if TYPE_CHECKING:
    from muniment.catalogue.services import IndexedVersion, RebuildReport
    from muniment.catalogue.services.rebuilding import OnProgress

SOFTWARE = Agent(
    identifiers=(uuid_identifier(agent_id("software", "Muniment", "0.1.0")),),
    names=("Muniment",),
    agent_type="software",
    version="0.1.0",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What one version of an object is to hold. `files` maps paths below `data/` to bytes.

    `described` says more of some files: keyword arguments of DescribedFile by path.
    """

    files: Mapping[str, bytes] = field(default_factory=lambda: {"a.txt": b"a", "b/c.txt": b"c"})
    title: str = "A harbour"
    terms: Sequence[tuple[str, str, str]] = ()
    owner: str = "ada"
    identifiers: Sequence[tuple[str, str]] = ()
    reason: VersionReason = VersionReason.INGEST
    representation: str = "original"
    described: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    representation_events: Sequence[str] = ("format identification",)
    file_events: Sequence[tuple[str, str, str]] = ()  # path, event type, outcome
    rights: Sequence[RightsStatement] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """A storage root with its ledger, in a folder of a test."""

    folder: Path
    root: LocalRoot
    ledger: Ledger
    clock: FakeClock

    @property
    def archive(self) -> Archive:
        """What services of the archive work on."""
        return Archive(self.root, self.ledger, self.clock)

    def index(self, object_id: ObjectId, number: int | None = None) -> IndexedVersion:
        """Let the catalogue know a version, the newest without a number."""
        # Late: benchmarks make objects where no database is set up.
        from muniment.catalogue.services import index_version

        return index_version(object_id, number, archive=self.archive)

    def rebuild(
        self, *, from_start: bool = False, on_progress: OnProgress | None = None
    ) -> RebuildReport:
        """Make the catalogue anew."""
        from muniment.catalogue.adapters.search import search_index
        from muniment.catalogue.services import Sources, rebuild

        sources = Sources(self.root, self.ledger, search_index())
        return rebuild(
            sources,
            actor=SYSTEM,
            clock=self.clock,
            from_start=from_start,
            on_progress=on_progress,
        )

    def seal(
        self, content: Content | None = None, object_id: ObjectId | None = None
    ) -> SealedVersion:
        """Seal the next version of an object, a new one without an identifier; makes no row."""
        return self.root.seal(self.staged(content, object_id))

    def store(
        self,
        content: Content | None = None,
        object_id: ObjectId | None = None,
        *,
        takes_s: float = 0,
    ) -> SealedVersion:
        """Do the same by the service of storage, which keeps the row of the copy."""
        from muniment.storage.services import seal

        staged = self.staged(content, object_id)
        self.clock.advance(takes_s)
        return seal(staged, root=self.root, actor=SYSTEM, clock=self.clock)

    def staged(
        self, content: Content | None = None, object_id: ObjectId | None = None
    ) -> StagedVersion:
        """Write what the next version of an object is to hold."""
        made = content or Content()
        object_id = object_id or new_object_id()
        self.clock.advance(60)
        head = self.root.head(object_id)
        work = self.folder / "work" / "made" / f"{object_id}.{head + 1}"
        return _Staging(self, object_id, head, made, work).run()


def make_shelf(folder: Path) -> Shelf:
    """Make an empty one."""
    clock = FakeClock()
    root = open_local_root(folder / "storage", folder / "work")
    root.initialise()
    (folder / "ledger").mkdir(exist_ok=True)
    scratch = folder / "work" / "ledger"
    scratch.mkdir(parents=True, exist_ok=True)
    locks = FileLocks(folder / "work" / "ledger-locks", 5.0)
    ledger = Ledger(folder / "ledger", scratch, root, locks, LocalDisk(), clock)
    return Shelf(folder, root, ledger, clock)


def an_event(scope: str, kind: str, outcome: str, at: str, about: str, detail: str = "") -> Event:
    """Make an event by our software about one object."""
    return Event(
        identifier=uuid_identifier(event_id(scope, kind, about, detail)),
        event_type=kind,
        occurred_at=at,
        details=(detail,) if detail else (),
        outcomes=(EventOutcome(outcome),),
        agents=(Link(SOFTWARE.identifiers[0], ("executing program",)),),
        objects=(Link(uuid_identifier(about)),),
    )


@dataclass(frozen=True, slots=True)
class _Staging:
    shelf: Shelf
    object_id: ObjectId
    head: int
    content: Content
    work: Path

    def run(self) -> StagedVersion:
        files = [self._file(*item) for item in self.content.files.items()]
        written = write_aip(self._description(files), self.work / "aip")
        staged = [*map(self._own, written), *map(self._content, files)]
        return StagedVersion(
            object_id=self.object_id,
            expected_head=self.head,
            files=lambda: iter(staged),
            message=f"Version {self.head + 1}",
            user_name=self.content.owner,
            user_address=f"mailto:{self.content.owner}@example.org",
            created_at=self.shelf.clock.now(),
        )

    def _file(self, path: str, data: bytes) -> DescribedFile:
        sha512 = hashlib.sha512(data).hexdigest()
        source = self.work / "content" / path
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_bytes(data)
        said: dict[str, object] = {
            "puid": "x-fmt/111",
            "format_name": "Plain Text File",
            "mime_type": "text/plain",
            "basis": "extension match txt",
            "validity": "valid",
            "original_name": path,
            **self.content.described.get(path, {}),
        }
        return DescribedFile(
            path=path,
            file_id=file_id(self.object_id, self.content.representation, path, sha512),
            size_bytes=len(data),
            digests={"sha512": sha512, "sha256": hashlib.sha256(data).hexdigest()},
            **said,  # type: ignore[arg-type]  # keyword arguments of the test's own
        )

    def _description(self, files: Sequence[DescribedFile]) -> AipDescription:
        terms = [("title", self.content.title, "en"), *self.content.terms]
        return AipDescription(
            object_id=self.object_id,
            created_at=self.shelf.clock.now(),
            software_version="0.1.0",
            identifiers=tuple(Identifier(*each) for each in self.content.identifiers),
            dublin_core=DublinCore(tuple(DublinCoreValue(*each) for each in terms)),
            events=self._entity_events,
            agents=(SOFTWARE,),
            rights=tuple(self.content.rights),
            representations=(
                RepresentationDescription(
                    name=self.content.representation,
                    files=lambda: iter(files),
                    events=lambda: self._representation_events(files),
                    agents=(SOFTWARE,),
                ),
            ),
        )

    def _entity_events(self) -> Iterator[Event]:
        if self.head:
            before = read_aip(self.shelf.root.open_version(self.object_id).open)
            yield from (unit for unit in before.units() if isinstance(unit, Event))
        story = VersionStory(
            self.content.reason,
            submission=event_id(self.object_id, "submission", str(self.head)),
            pipeline="default",
            owner=self.content.owner,
        )
        kind = "modification" if self.head else "ingestion"
        yield self._event(kind, "success", self.object_id, story.as_detail())

    def _representation_events(self, files: Sequence[DescribedFile]) -> Iterator[Event]:
        about = representation_id(self.object_id, self.content.representation)
        for kind in self.content.representation_events:
            yield self._event(kind, "success", about, f"version {self.head + 1}")
        ids = {file.path: file.file_id for file in files}
        for path, kind, outcome in self.content.file_events:
            yield self._event(kind, outcome, ids[path])

    def _event(self, kind: str, outcome: str, about: str, detail: str = "") -> Event:
        at = (self.shelf.clock.now() - timedelta(seconds=1)).isoformat()
        return an_event(self.object_id, kind, outcome, at, about, detail)

    def _own(self, written: WrittenFile) -> StagedFile:
        source = self.work / "aip" / written.logical_path
        return StagedFile(
            written.logical_path, source, written.size_bytes, written.digests["sha512"]
        )

    def _content(self, file: DescribedFile) -> StagedFile:
        return StagedFile(
            f"representations/{self.content.representation}/data/{file.path}",
            self.work / "content" / file.path,
            file.size_bytes,
            file.digests["sha512"],
            {"sha256": file.digests["sha256"]},
        )
