"""Records of the ledger to rows: what happened to entities after their versions were sealed.

    event      a PREMIS event, see `event_of`; with "accession": {"version": …} it is the one that
               says that this version was catalogued
    tag        {"name": …, "is_present": true|false, "by": …}
    lifecycle  {"state": one of LifecycleState, "by": …}

Records of other kinds belong to other packages. Records may come twice and in any order: events go
by their identifier, of tags and states the one with the highest `seq` stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction

from muniment.catalogue.adapters.bulk import bulk_writer
from muniment.catalogue.indexing.event_rows import EventRecorder, Subject
from muniment.catalogue.indexing.premis_json import agents_of, event_of
from muniment.catalogue.models import IntellectualEntity, Representation, Tag, Version
from muniment.catalogue.types import LifecycleState
from muniment.information.event_types import EventType
from muniment.information.identifiers import event_id
from muniment.storage.ledger.events import LedgerEvent
from muniment.storage.ledger.records import LedgerRecord, NewRecord

KINDS = frozenset({"event", "tag", "lifecycle"})
_ACCESSION = "accession"
_BATCH = 900  # parameters that SQLite takes in one statement


def accession_record(object_id: str, number: int, *, at: datetime) -> NewRecord:
    """Make the record that a version entered the catalogue: PREMIS `accession`.

    The vocabulary's words: adding an object to the inventory of a repository.
    """
    event = LedgerEvent(
        event_id=event_id(object_id, EventType.ACCESSION, str(number)),
        event_type=EventType.ACCESSION,
        at=at,
        detail=f"version {number} is in the catalogue",
    )
    return event.record(object_id, **{_ACCESSION: {"version": number}})


def apply_records(records: Iterable[LedgerRecord]) -> set[str]:
    """Write what the records say; return the objects of records that the catalogue lacks."""
    rest = (record for record in records if record.kind in KINDS)
    unknown: set[str] = set()
    while batch := list(islice(rest, _BATCH)):
        with transaction.atomic():
            unknown |= _apply(batch)
    return unknown


def _apply(batch: Sequence[LedgerRecord]) -> set[str]:
    ids = {record.object_id for record in batch}
    entities = {str(e.object_id): e for e in IntellectualEntity.objects.filter(object_id__in=ids)}
    known = [record for record in batch if record.object_id in entities]
    _apply_events([r for r in known if r.kind == "event"], entities)
    _apply_accessions(known, entities)
    for record in known:
        entity = entities[record.object_id]
        if record.kind == "tag":
            _apply_tag(entity, record)
        elif record.kind == "lifecycle":
            _apply_state(entity, record)
    return ids - entities.keys()


def _apply_events(
    records: Sequence[LedgerRecord], entities: Mapping[str, IntellectualEntity]
) -> None:
    if not records:
        return
    recorder = EventRecorder(bulk_writer())
    for subject, record in _subjects(records, entities):
        event = event_of(record)
        recorder.add(subject, event)
        for agent in agents_of(record):
            recorder.describe(agent)
    recorder.close()


def _subjects(
    records: Sequence[LedgerRecord], entities: Mapping[str, IntellectualEntity]
) -> Iterator[tuple[Subject, LedgerRecord]]:
    """Give each record with the entity that its event is about."""
    keys = {entities[record.object_id].pk for record in records}
    names: dict[int, dict[str, int]] = {key: {} for key in keys}
    rows = Representation.objects.filter(entity_id__in=keys).order_by("first_version")
    for entity_id, name, key in rows.values_list("entity_id", "representation_id", "pk"):
        names[entity_id][str(name)] = key
    for record in records:
        entity_id = entities[record.object_id].pk
        yield (
            Subject(entity_id, record.object_id, None, record.recorded_at, names[entity_id]),
            record,
        )


def _apply_accessions(
    records: Sequence[LedgerRecord], entities: Mapping[str, IntellectualEntity]
) -> None:
    """Mark the versions whose cataloguing is told; the last record of a version counts."""
    told: dict[tuple[int, int], int] = {}
    for record in records:
        said = record.payload.get(_ACCESSION)
        if isinstance(said, Mapping):
            told[entities[record.object_id].pk, int(said["version"])] = record.seq
    rows = Version.objects.filter(
        entity__in={pk for pk, _ in told}, number__in={n for _, n in told}
    )
    marked = []
    for row in rows.only("entity_id", "number", "ledger_seq"):
        seq = told.get((row.entity_id, row.number), 0)
        if seq > (row.ledger_seq or 0):
            row.ledger_seq = seq
            marked.append(row)
    Version.objects.bulk_update(marked, ["ledger_seq"], batch_size=200)


def _apply_tag(entity: IntellectualEntity, record: LedgerRecord) -> None:
    said = {
        "is_present": bool(record.payload["is_present"]),
        "changed_at": record.recorded_at,
        "changed_by": str(record.payload.get("by", "")),
        "seq": record.seq,
    }
    name = str(record.payload["name"])
    _, is_new = Tag.objects.get_or_create(entity=entity, name=name, defaults=said)
    if not is_new:
        Tag.objects.filter(entity=entity, name=name, seq__lt=record.seq).update(**said)


def _apply_state(entity: IntellectualEntity, record: LedgerRecord) -> None:
    state = LifecycleState(str(record.payload["state"]))
    IntellectualEntity.objects.filter(pk=entity.pk, state_seq__lt=record.seq).update(
        state=state.value, state_seq=record.seq
    )
