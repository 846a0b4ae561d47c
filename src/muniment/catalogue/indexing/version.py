"""One sealed version to rows, in the caller's transaction."""

from __future__ import annotations

from dataclasses import dataclass, field

from muniment.catalogue.adapters.bulk import bulk_writer
from muniment.catalogue.indexing import totals
from muniment.catalogue.indexing.description_rows import TermRow, write_rights, write_terms
from muniment.catalogue.indexing.event_rows import EventRecorder, Subject
from muniment.catalogue.indexing.facts import VersionFacts, facts_of
from muniment.catalogue.indexing.identifier_rows import write_identifiers
from muniment.catalogue.indexing.outline import Outline, outline
from muniment.catalogue.indexing.representation import write_representations
from muniment.catalogue.models import IntellectualEntity, Representation, Version
from muniment.information import premis
from muniment.information.aip import AipReader, VersionStory, read_aip
from muniment.storage.ports import StoredVersion
from muniment.storage.verified import verified_opener


@dataclass(slots=True)
class _EntityRecord:
    """What the entity's own premis.xml says, beside events."""

    identifiers: list[tuple[str, str]] = field(default_factory=list)
    rights: list[premis.RightsStatement] = field(default_factory=list)
    story: VersionStory | None = None


def write_version(stored: StoredVersion, entity: IntellectualEntity | None) -> IntellectualEntity:
    """Write the rows of the version after the entity's head (None: its first version)."""
    reader = read_aip(verified_opener(stored))
    found = outline(stored, reader)
    before = totals.counted(entity)
    entity = entity or _begin(stored)
    subject = Subject(entity.pk, stored.object_id, stored.number, stored.created_at)
    current = write_representations(subject, stored.number, reader, found.representations)
    subject.representations.update({str(each.representation_id): each.pk for each in current})
    record = _write_entity_premis(subject, reader)
    facts = facts_of(record.story, stored.number, record.identifiers)
    terms = _read_terms(reader, found)
    write_terms(entity, stored.number, terms)
    write_rights(entity, stored.number, record.rights)
    write_identifiers(entity, record.identifiers)
    _advance(entity, stored, facts, terms, current)
    _write_version_row(entity, stored, facts)
    totals.move(before, entity)
    return entity


def _begin(stored: StoredVersion) -> IntellectualEntity:
    return IntellectualEntity.objects.create(
        object_id=stored.object_id,
        head=stored.number,
        created_at=stored.created_at,
        modified_at=stored.created_at,
    )


def _write_entity_premis(subject: Subject, reader: AipReader) -> _EntityRecord:
    record = _EntityRecord()
    recorder = EventRecorder(bulk_writer())
    for unit in reader.units():
        match unit:
            case premis.Event():
                # Those of earlier versions are carried forward; the last one is this version's.
                record.story = VersionStory.of(unit) or record.story
                recorder.add(subject, unit)
            case premis.Agent():
                recorder.describe(unit)
            case premis.RightsStatement():
                record.rights.append(unit)
            case premis.IntellectualEntity():
                record.identifiers += _outside(unit, subject.object_id)
            case _:
                pass  # representations and files have a premis.xml of their own
    recorder.close()
    return record


def _outside(unit: premis.IntellectualEntity, object_id: str) -> list[tuple[str, str]]:
    return [
        (each.type, each.value)
        for each in unit.identifiers
        if each.value.removeprefix("urn:uuid:") != object_id
    ]


def _read_terms(reader: AipReader, found: Outline) -> list[TermRow]:
    if not found.has_dublin_core:
        return []
    return [(each.term, each.value, each.language) for each in reader.dublin_core()]


def _advance(
    entity: IntellectualEntity,
    stored: StoredVersion,
    facts: VersionFacts,
    terms: list[TermRow],
    current: list[Representation],
) -> None:
    """Bring the entity's own columns to this version; the owner is that of the first one."""
    entity.head = stored.number
    entity.owner = entity.owner or facts.owner
    entity.title = next((value for term, value, _ in terms if term == "title"), "")
    entity.modified_at = stored.created_at
    entity.file_count = sum(each.file_count for each in current)
    entity.size_bytes = sum(each.size_bytes for each in current)
    entity.save(update_fields=["head", "owner", "title", "modified_at", "file_count", "size_bytes"])


def _write_version_row(
    entity: IntellectualEntity, stored: StoredVersion, facts: VersionFacts
) -> None:
    Version.objects.create(
        entity=entity,
        number=stored.number,
        created_at=stored.created_at,
        reason=facts.reason.value,
        message=stored.message,
        user_name=stored.user_name,
        user_address=stored.user_address,
        submission_id=facts.submission_id,
        pipeline=facts.pipeline,
        source=facts.source,
        inventory_sha512=bytes.fromhex(stored.inventory_sha512),
        file_count=entity.file_count,
        size_bytes=entity.size_bytes,
    )
