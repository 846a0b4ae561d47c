"""Records of the ledger: what we wrote is read, all else is one error that names the record."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.catalogue.indexing.ledger import accession_record, apply_records
from muniment.catalogue.indexing.ledger_parsing import (
    KINDS,
    SaidEvent,
    SaidState,
    SaidTag,
    parse,
)
from muniment.catalogue.models import Event, Tag
from muniment.runtime.errors import CorruptObject
from muniment.storage.ledger.records import LedgerRecord, NewRecord
from muniment.storage.models import FixityCheck
from muniment.storage.rebuilding import apply_to_rows
from tests.catalogue.shelves import Shelf

OBJECT = "0198a5d2-0000-7000-8000-00000000000a"
AT = datetime(2026, 1, 1, tzinfo=UTC)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=5,
)
MEMBERS = [
    "event_id",
    "event_type",
    "objects",
    "agents",
    "accession",
    "name",
    "is_present",
    "by",
    "state",
]


def a_record(kind: str, payload: dict[str, object], object_id: str = OBJECT) -> LedgerRecord:
    return LedgerRecord(7, AT, kind, object_id, payload)


@given(
    kind=st.sampled_from(sorted(KINDS)),
    payload=st.dictionaries(st.sampled_from(MEMBERS), json_values, max_size=9),
    object_id=st.just(OBJECT) | st.text(max_size=40),
)
def test_any_payload_is_read_or_is_one_error(
    kind: str, payload: dict[str, object], object_id: str
) -> None:
    record = a_record(kind, payload, object_id)
    with suppress(CorruptObject):  # any other error fails
        assert parse(record).record is record


@pytest.mark.parametrize(("kind", "payload"), [
    ("event", {}),
    ("event", {"event_id": OBJECT}),
    ("event", {"event_id": OBJECT, "event_type": ""}),
    ("event", {"event_id": OBJECT, "event_type": "x" * 256}),
    ("event", {"event_id": OBJECT, "event_type": "x", "agents": "nobody"}),
    ("event", {"event_id": OBJECT, "event_type": "x", "objects": [{}]}),
    ("event", {"event_id": OBJECT, "event_type": "x", "accession": {"version": "first"}}),
    ("tag", {"is_present": True}),
    ("tag", {"name": "maps"}),
    ("tag", {"name": "", "is_present": True}),
    ("tag", {"name": "x" * 256, "is_present": True}),
    ("tag", {"name": 7, "is_present": True}),
    ("lifecycle", {}),
    ("lifecycle", {"state": "asleep"}),
])  # fmt: skip
def test_what_we_never_write_is_refused(kind: str, payload: dict[str, object]) -> None:
    with pytest.raises(CorruptObject, match=f"record 7 of the ledger is no {kind}"):
        parse(a_record(kind, payload))


def test_what_we_write_is_read() -> None:
    told = accession_record(OBJECT, 3, at=AT)
    event = parse(a_record("event", dict(told.payload)))
    assert isinstance(event, SaidEvent)
    assert (event.event.event_type, event.accession) == ("accession", 3)
    tag = parse(a_record("tag", {"name": "maps", "is_present": False, "by": "ada"}))
    assert isinstance(tag, SaidTag)
    assert (tag.name, tag.is_present, tag.by) == ("maps", False, "ada")
    state = parse(a_record("lifecycle", {"state": "frozen"}))
    assert isinstance(state, SaidState)
    assert state.state == "frozen"


@pytest.mark.django_db
def test_a_bad_record_costs_none_of_the_others(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    shelf.index(object_id)
    shelf.ledger.append(
        [
            NewRecord("tag", object_id, {"name": "maps", "is_present": True}),
            NewRecord("tag", object_id, {"name": 7}),
            NewRecord("tag", "no identifier", {"name": "x", "is_present": True}),
            NewRecord("note", object_id, {"of": "others"}),
            NewRecord("tag", object_id, {"name": "plans", "is_present": True}),
        ]
    )
    bad: list[CorruptObject] = []
    assert apply_records(shelf.ledger.read(), bad.append) == set()
    assert len(bad) == 2
    assert set(Tag.objects.values_list("name", flat=True)) == {"maps", "plans"}
    with pytest.raises(CorruptObject):
        apply_records(shelf.ledger.read())


@pytest.mark.django_db
@given(
    member=st.sampled_from(["fixity", "sealing"]),
    said=st.dictionaries(
        st.sampled_from(["run_id", "version", "outcome", "counts", "size_bytes", "lines", "actor"]),
        json_values,
        max_size=7,
    ),
    date_time=json_values,
)
def test_rows_of_storage_come_of_what_was_written_or_are_one_error(
    member: str, said: dict[str, object], date_time: object
) -> None:
    payload = {"event_id": OBJECT, "date_time": date_time, member: said}
    with pytest.raises(CorruptObject, match="record 7 of the ledger"):
        apply_to_rows(a_record("event", payload))
    assert not FixityCheck.objects.exists()


@pytest.mark.django_db
def test_an_event_that_comes_twice_is_one(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    shelf.index(object_id)
    for _ in range(2):
        apply_records(shelf.ledger.read())
    assert Event.objects.filter(version__isnull=True).count() == 2
