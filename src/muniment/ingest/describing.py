"""One version on its way: what `describe` writes, made from the lists of the earlier steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from importlib.metadata import version as version_of
from typing import Any

from muniment.information.aip import (
    AipDescription,
    RepresentationDescription,
    SubmissionFile,
    WrittenFile,
)
from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.identifiers import ObjectId, representation_id
from muniment.information.premis import Agent, Event, Identifier
from muniment.ingest.described_files import PackageFiles
from muniment.ingest.earlier import (
    Earlier,
    EarlierRepresentation,
    read_earlier_representation,
)
from muniment.ingest.ingest_report import write_report
from muniment.ingest.layout import ORIGINAL, place_of
from muniment.ingest.package_facts import PackageFacts
from muniment.ingest.provenance import Circumstances, Provenance, events_of_files, provenance_of
from muniment.ingest.step import StepContext
from muniment.storage.ports import StorageRoot


@dataclass(frozen=True, kw_only=True)
class Describing:
    """A version that is being described. `head` is the version before it, 0 without one."""

    context: StepContext
    facts: PackageFacts
    object_id: ObjectId
    identifiers: tuple[Identifier, ...]
    head: int
    earlier: Earlier
    created_at: datetime
    root: StorageRoot

    @cached_property
    def files(self) -> PackageFiles:
        """The files of the package."""
        return PackageFiles(self.context.area, self.facts, self.object_id)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the representations."""
        return self.files.representations() or (ORIGINAL,)

    @cached_property
    def report(self) -> SubmissionFile:
        """The report of the ingest so far, written when it is first asked for."""
        return write_report(self.context, self.facts)

    @cached_property
    def provenance(self) -> Provenance:
        """The events of this submission."""
        around = Circumstances(
            object_id=self.object_id,
            representation_ids=tuple(representation_id(self.object_id, n) for n in self.names),
            is_first=self.head == 0,
            occurred_at=self.created_at.isoformat(),
            software=version_of("muniment"),
        )
        return provenance_of(self.context.submission, self.context.runs, around)

    def description(self) -> AipDescription:
        """Return what `write_aip` writes."""
        identifiers = (*self.earlier.identifiers, *self.identifiers)
        return AipDescription(
            object_id=self.object_id,
            created_at=self.created_at,
            software_version=version_of("muniment"),
            representations=tuple(map(self._representation, self.names)),
            identifiers=tuple(dict.fromkeys(identifiers)),
            dublin_core=self._dublin_core(),
            events=lambda: iter((*self.earlier.events, *self.provenance.entity_events)),
            agents=_once((*self.earlier.agents, *self.provenance.entity_agents)),
            rights=self.earlier.rights,
            submission=self._submission,
            original_name=self.facts.name,
        )

    def staged(self, written: Sequence[WrittenFile]) -> Iterator[dict[str, Any]]:
        """Yield every file of the version as `seal` reads it."""
        area = self.context.area
        for file in area.files():
            place = place_of(file, self.facts.layout, self.facts.top)
            source = area.package / file.path
            yield _staged(place.logical_path, str(source), file.size_bytes, file.digests)
        report = self.report
        source = area.path / "report.json"
        yield _staged(f"submission/{report.path}", str(source), report.size_bytes, report.digests)
        for each in written:
            source = area.aip / each.logical_path
            yield _staged(each.logical_path, str(source), each.size_bytes, each.digests)

    def as_json(self) -> dict[str, Any]:
        """Return what `seal` must know besides the files."""
        return {
            "object_id": self.object_id,
            "expected_head": self.head,
            "created_at": self.created_at.isoformat(),
            "name": self.facts.name,
        }

    def _representation(self, name: str) -> RepresentationDescription:
        whole = representation_id(self.object_id, name)
        earlier = read_earlier_representation(self.root, self.object_id, self.head, name, whole)
        is_original = name == self.names[0]
        return RepresentationDescription(
            name=name,
            files=partial(self.files.described, name),
            events=self._events(name, earlier),
            agents=_once((*earlier.agents, *self.provenance.representation_agents)),
            empty_folders=self._empty_folders() if is_original else (),
        )

    def _empty_folders(self) -> tuple[str, ...]:
        """Return the empty folders below the top of the package, as its files' paths are."""
        top = f"{self.facts.top}/"
        return tuple(folder.removeprefix(top) for folder in self.facts.empty_folders)

    def _events(self, name: str, earlier: EarlierRepresentation) -> Callable[[], Iterator[Event]]:
        submission_id = str(self.context.submission.submission_id)
        at = self.created_at.isoformat()

        def events() -> Iterator[Event]:
            yield from earlier.events
            yield from self.provenance.representation_events
            yield from events_of_files(submission_id, self.files.remarks(name), occurred_at=at)

        return events

    def _submission(self) -> Iterator[SubmissionFile]:
        yield from self.files.submission()
        yield self.report

    def _dublin_core(self) -> DublinCore:
        """Take what was typed for the package, completed by what its documents were mapped to.

        Without anything typed, a description that somebody edited stays as it is; else what was
        mapped counts, then the earlier description, then the name as a title.
        """
        typed, mapped = self.facts.dublin_core, self.facts.mapped
        if not typed and self.earlier.was_edited:
            return self.earlier.dublin_core
        if typed or mapped:
            return _with_title(typed.completed(mapped), self.facts.name)
        return self.earlier.dublin_core or _with_title(DublinCore(), self.facts.name)


def _with_title(dublin_core: DublinCore, name: str) -> DublinCore:
    if dublin_core.of("title"):
        return dublin_core
    return DublinCore((DublinCoreValue("title", name), *dublin_core.values))


def _once(agents: tuple[Agent, ...]) -> tuple[Agent, ...]:
    return tuple(dict.fromkeys(agents))


def _staged(
    logical_path: str, source: str, size_bytes: int, digests: Mapping[str, str]
) -> dict[str, Any]:
    fixity = {name: value for name, value in digests.items() if name != "sha512"}
    return {
        "logical_path": logical_path,
        "source": source,
        "size_bytes": size_bytes,
        "sha512": digests["sha512"],
        "fixity": fixity,
    }
