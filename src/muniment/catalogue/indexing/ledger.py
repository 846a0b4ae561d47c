"""Records of the ledger to rows: what happened to entities after their versions were sealed.

Records may come twice and in any order: events go by their identifier, of tags and states the one
with the highest `seq` stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice

from django.db import transaction

from muniment.catalogue.adapters.bulk import bulk_writer
from muniment.catalogue.indexing.event_rows import EventRecorder, Subject
from muniment.catalogue.indexing.ledger_parsing import (
    ACCESSION,
    KINDS,
    Said,
    SaidEvent,
    SaidState,
    SaidTag,
    parse,
)
from muniment.catalogue.models import IntellectualEntity, Representation, Tag, Version
from muniment.information.event_types import EventType
from muniment.information.identifiers import event_id
from muniment.runtime.errors import CorruptObject
from muniment.storage.ledger.events import LedgerEvent
from muniment.storage.ledger.records import LedgerRecord, NewRecord

_BATCH = 900  # parameters that SQLite takes in one statement

Entities = Mapping[str, IntellectualEntity]
OnBad = Callable[[CorruptObject], None]


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
    return event.record(object_id, **{ACCESSION: {"version": number}})


def apply_records(records: Iterable[LedgerRecord], on_bad: OnBad | None = None) -> set[str]:
    """Write what the records say; return the objects of records that the catalogue lacks.

    A record that nobody can read goes to `on_bad`; without it, CorruptObject is raised.
    """
    rest = _parsed((each for each in records if each.kind in KINDS), on_bad)
    unknown: set[str] = set()
    while batch := list(islice(rest, _BATCH)):
        with transaction.atomic():
            unknown |= _apply(batch)
    return unknown


def _parsed(records: Iterable[LedgerRecord], on_bad: OnBad | None) -> Iterator[Said]:
    for record in records:
        try:
            said = parse(record)
        except CorruptObject as exc:
            if on_bad is None:
                raise
            on_bad(exc)
            continue
        yield said


def _apply(batch: Sequence[Said]) -> set[str]:
    ids = {said.record.object_id for said in batch}
    entities = {str(e.object_id): e for e in IntellectualEntity.objects.filter(object_id__in=ids)}
    known = [said for said in batch if said.record.object_id in entities]
    events = [said for said in known if isinstance(said, SaidEvent)]
    _apply_events(events, entities)
    _apply_accessions([said for said in events if said.accession], entities)
    for said in known:
        entity = entities[said.record.object_id]
        if isinstance(said, SaidTag):
            _apply_tag(entity, said)
        elif isinstance(said, SaidState):
            _apply_state(entity, said)
    return ids - entities.keys()


def _apply_events(events: Sequence[SaidEvent], entities: Entities) -> None:
    if not events:
        return
    recorder = EventRecorder(bulk_writer())
    for subject, said in _subjects(events, entities):
        recorder.add(subject, said.event)
        for agent in said.agents:
            recorder.describe(agent)
    recorder.close()


def _subjects(
    events: Sequence[SaidEvent], entities: Entities
) -> Iterator[tuple[Subject, SaidEvent]]:
    """Give each event with the entity that it is about."""
    keys = {entities[said.record.object_id].pk for said in events}
    names: dict[int, dict[str, int]] = {key: {} for key in keys}
    rows = Representation.objects.filter(entity_id__in=keys).order_by("first_version")
    for entity_id, name, key in rows.values_list("entity_id", "representation_id", "pk"):
        names[entity_id][str(name)] = key
    for said in events:
        record = said.record
        entity_id = entities[record.object_id].pk
        yield (
            Subject(entity_id, record.object_id, None, record.recorded_at, names[entity_id]),
            said,
        )


def _apply_accessions(events: Sequence[SaidEvent], entities: Entities) -> None:
    """Mark the versions whose cataloguing is told; the last record of a version counts."""
    told = {
        (entities[said.record.object_id].pk, said.accession): said.record.seq for said in events
    }
    rows = Version.objects.filter(
        entity__in={pk for pk, _ in told}, number__in={number for _, number in told}
    )
    marked = []
    for row in rows.only("entity_id", "number", "ledger_seq"):
        seq = told.get((row.entity_id, row.number), 0)
        if seq > (row.ledger_seq or 0):
            row.ledger_seq = seq
            marked.append(row)
    Version.objects.bulk_update(marked, ["ledger_seq"], batch_size=200)


def _apply_tag(entity: IntellectualEntity, said: SaidTag) -> None:
    columns = {
        "is_present": said.is_present,
        "changed_at": said.record.recorded_at,
        "changed_by": said.by,
        "seq": said.record.seq,
    }
    _, is_new = Tag.objects.get_or_create(entity=entity, name=said.name, defaults=columns)
    if not is_new:
        older = Tag.objects.filter(entity=entity, name=said.name, seq__lt=said.record.seq)
        older.update(**columns)


def _apply_state(entity: IntellectualEntity, said: SaidState) -> None:
    IntellectualEntity.objects.filter(pk=entity.pk, state_seq__lt=said.record.seq).update(
        state=said.state.value, state_seq=said.record.seq
    )
