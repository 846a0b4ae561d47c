"""One representation of a version: its row, its files and the events in its premis.xml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from muniment.catalogue.adapters.bulk import bulk_writer
from muniment.catalogue.indexing.event_rows import EventRecorder, Subject
from muniment.catalogue.indexing.file_rows import FileRow, file_row
from muniment.catalogue.indexing.file_writer import FileWriter
from muniment.catalogue.indexing.folders import forget_folders, write_folders
from muniment.catalogue.indexing.names import uuid_text
from muniment.catalogue.models import File, Representation
from muniment.information import identifiers, premis
from muniment.information.aip import AipReader, DescribedFile, RepresentationUnit


def write_representations(
    subject: Subject, version: int, reader: AipReader, found: dict[str, bytes]
) -> list[Representation]:
    """Write those whose premis.xml changed, end those that are gone; return the current ones."""
    current = {
        each.name: each
        for each in Representation.objects.current().filter(entity_id=subject.entity_id)
    }
    for name in current.keys() - found.keys():
        _end(current.pop(name), version)
    for name, digest in sorted(found.items()):
        known = current.get(name)
        if known is None:
            current[name] = _begin(subject, name, digest, version)
        if known is None or bytes(known.premis_sha512) != digest:
            _Reading(subject, version, reader, current[name], known is not None).run(digest)
    return list(current.values())


def _begin(subject: Subject, name: str, digest: bytes, version: int) -> Representation:
    return Representation.objects.create(
        entity_id=subject.entity_id,
        representation_id=identifiers.representation_id(subject.object_id, name),
        name=name,
        premis_sha512=digest,
        first_version=version,
    )


def _end(representation: Representation, version: int) -> None:
    File.objects.current().filter(
        entity_id=representation.entity_id, representation=representation
    ).update(last_version=version - 1)
    forget_folders(representation)
    representation.last_version = version - 1
    representation.save(update_fields=["last_version"])


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads one premis.xml: objects first, then events, agents and rights (PREMIS 3.0 schema)."""

    subject: Subject
    version: int
    reader: AipReader
    representation: Representation
    has_rows: bool

    def run(self, digest: bytes) -> None:
        key = self.representation.pk
        writer = bulk_writer()
        files = FileWriter(
            self.subject.entity_id,
            key,
            self.representation.name,
            self.version,
            self.has_rows,
            writer,
        )
        names = {**self.subject.representations, str(self.representation.representation_id): key}
        units = self.reader.representation(self.representation.name)
        behind: list[RepresentationUnit] = []
        totals = files.write(self._files(units, names, behind))
        write_folders(self.representation, totals.folders, writer)
        recorder = EventRecorder(writer)
        subject = replace(self.subject, representations=names)
        for unit in chain(behind, units):
            if isinstance(unit, premis.Event):
                recorder.add(subject, unit)
            elif isinstance(unit, premis.Agent):
                recorder.describe(unit)
        recorder.close()
        self.representation.premis_sha512 = digest
        self.representation.file_count = totals.file_count
        self.representation.size_bytes = totals.size_bytes
        self.representation.formats = sorted(
            [*known, count] for known, count in totals.formats.items()
        )
        self.representation.save(
            update_fields=["premis_sha512", "file_count", "size_bytes", "formats"]
        )

    def _files(
        self,
        units: Iterator[RepresentationUnit],
        names: dict[str, int],
        behind: list[RepresentationUnit],
    ) -> Iterator[FileRow]:
        """Give the rows of files; the first unit that is no object goes to `behind`."""
        for unit in units:
            if isinstance(unit, DescribedFile):
                yield file_row(unit)
            elif isinstance(unit, premis.Representation):
                # The identifiers that its own premis.xml gives to the representation.
                names.update({uuid_text(i): self.representation.pk for i in unit.identifiers})
            elif not isinstance(unit, premis.IntellectualEntity):
                behind.append(unit)
                return
