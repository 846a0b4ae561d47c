"""Sealing and cataloguing are told in the ledger: once, with one wait, whatever is cut off."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version as version_of
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction

from muniment.catalogue.dumping import dump
from muniment.catalogue.models import Event, Version
from muniment.catalogue.queries.history import EventFilter, list_events
from muniment.catalogue.services.accession import tell_ledger
from muniment.catalogue.services.indexing import index_up_to
from muniment.catalogue.services.rebuilding import drop_rebuilt_rows
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import SYSTEM
from muniment.runtime.errors import StorageUnavailable
from muniment.storage.adapters.local_disk import LocalDisk
from muniment.storage.fixity.running import FixityRun, Scope, check_fixity
from muniment.storage.models import Copy
from muniment.storage.rebuilding import rebuild_rows
from muniment.work.models import DomainEvent
from tests.catalogue.shelves import Shelf

pytestmark = pytest.mark.django_db


class CutOffError(Exception):
    """The process ends here, as far as the database can tell."""


class CountingDisk(LocalDisk):
    """Counts how often somebody waits for a file to be on the disk."""

    def __init__(self) -> None:
        self.waits = 0

    def fsync(self, path: Path) -> None:
        self.waits += 1
        super().fsync(path)


def told(shelf: Shelf) -> list[tuple[object, ...]]:
    """Return type, detail and identifier of each event in the ledger, in its order."""
    return [
        (r.payload["event_type"], r.payload["detail"], r.payload["event_id"])
        for r in shelf.ledger.read()
    ]


def kinds(shelf: Shelf) -> list[object]:
    return [kind for kind, _, _ in told(shelf)]


def cut_off_behind_the_append(shelf: Shelf, object_id: ObjectId) -> None:
    """Leave what a crash leaves: rows of the version, records in the ledger, no rows of those."""
    with transaction.atomic():
        index_up_to(object_id, None, root=shelf.root)
    with suppress(CutOffError), transaction.atomic():
        tell_ledger([object_id], shelf.archive)
        raise CutOffError


def test_a_version_leaves_the_check_of_its_sealing_and_its_accession(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    shelf.index(object_id)
    assert [(kind, detail) for kind, detail, _ in told(shelf)] == [
        ("fixity check", "version 1 was read back and compared before it took its place"),
        ("accession", "version 1 is in the catalogue"),
    ]
    events = Event.objects.filter(version__isnull=True)
    assert {str(each.event_id) for each in events} == {identifier for *_, identifier in told(shelf)}
    assert {each.outcome for each in events} == {"success"}


def test_the_agent_is_the_program_with_its_version(shelf: Shelf) -> None:
    shelf.index(shelf.store().object_id)
    for event in Event.objects.filter(version__isnull=True):
        linked = event.linked_agents.get()
        agent = linked.agent
        said = (agent.name, agent.version, agent.type, linked.role)
        assert said == ("muniment", version_of("muniment"), "software", "executing program")


def test_both_events_cost_one_wait_for_the_disk(shelf: Shelf) -> None:
    disk = CountingDisk()
    shelf = replace(shelf, ledger=replace(shelf.ledger, disk=disk))
    shelf.index(shelf.store().object_id)
    assert disk.waits == 1


def test_every_version_is_told_for_itself(shelf: Shelf) -> None:
    first = shelf.store()
    shelf.index(first.object_id)
    shelf.store(object_id=first.object_id)
    shelf.store(object_id=first.object_id)
    shelf.index(first.object_id)
    details = [str(detail) for kind, detail, _ in told(shelf) if kind == "accession"]
    assert details == [f"version {number} is in the catalogue" for number in (1, 2, 3)]
    marks = Version.objects.order_by("number").values_list("ledger_seq", flat=True)
    assert list(marks) == [2, 4, 6]


def test_indexing_again_tells_nothing_more(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    for _ in range(2):
        shelf.index(object_id)
    assert kinds(shelf) == ["fixity check", "accession"]
    assert DomainEvent.objects.filter(name="entity changed").count() == 1


def test_what_was_appended_before_a_crash_is_found_and_not_told_twice(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    cut_off_behind_the_append(shelf, object_id)
    before = told(shelf)
    assert len(before) == 2
    assert not Event.objects.filter(version__isnull=True).exists()
    shelf.index(object_id)
    assert told(shelf) == before
    assert Event.objects.filter(version__isnull=True).count() == 2
    assert Version.objects.get().ledger_seq == 2
    assert DomainEvent.objects.filter(name="entity changed").count() == 1


@pytest.mark.parametrize("days_later", [0, 3])
def test_nothing_is_told_twice_when_the_clock_was_set_back_before_it_was_told(
    shelf: Shelf, days_later: int
) -> None:
    shelf.clock.at += timedelta(days=40)
    object_id = shelf.store().object_id
    shelf.clock.at -= timedelta(days=40)
    cut_off_behind_the_append(shelf, object_id)
    before = told(shelf)
    shelf.clock.at += timedelta(days=days_later)
    shelf.index(object_id)
    assert told(shelf) == before
    assert Version.objects.get().ledger_seq == 2


def test_a_crash_before_the_append_is_made_good(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    with transaction.atomic():
        index_up_to(object_id, None, root=shelf.root)
    assert shelf.index(object_id).was_there
    assert kinds(shelf) == ["fixity check", "accession"]


def test_of_a_torn_append_only_the_rest_is_told(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    cut_off_behind_the_append(shelf, object_id)
    (journal,) = (shelf.folder / "ledger").glob("*.jsonl")
    first, second = journal.read_bytes().splitlines(keepends=True)
    journal.write_bytes(first + second[:40])
    shelf.index(object_id)
    assert kinds(shelf) == ["fixity check", "accession"]
    assert len({identifier for *_, identifier in told(shelf)}) == 2


def test_a_ledger_that_does_not_take_it_leaves_the_version_to_the_next_call(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    nowhere = shelf.folder / "file"
    nowhere.write_bytes(b"")
    broken = replace(shelf, ledger=replace(shelf.ledger, folder=nowhere / "ledger"))
    with pytest.raises(StorageUnavailable):
        broken.index(object_id)
    assert Version.objects.get().ledger_seq is None
    shelf.index(object_id)
    assert Version.objects.get().ledger_seq == 2


def test_what_was_checked_before_it_was_catalogued_is_in_its_history(shelf: Shelf) -> None:
    sealed = shelf.store()
    check_fixity(FixityRun(uuid4(), Scope.ALL), shelf.archive, actor=SYSTEM)
    shelf.index(sealed.object_id)
    before = list(dump())
    found = Event.objects.filter(version__isnull=True).order_by("type")
    assert [each.type for each in found] == ["accession", "fixity check", "fixity check"]
    drop_rebuilt_rows()
    shelf.rebuild()
    assert list(dump()) == before


def test_the_sealing_has_the_time_at_which_it_ended(shelf: Shelf) -> None:
    object_id = shelf.store(takes_s=7).object_id
    ended_at = shelf.clock.now()
    shelf.clock.advance(60)
    shelf.index(object_id)
    sealing, accession = Event.objects.filter(version__isnull=True).order_by("date_time")
    assert sealing.date_time == ended_at
    assert sealing.date_time - Version.objects.get().created_at == timedelta(seconds=7)
    assert accession.date_time == shelf.clock.now()


def test_where_a_crash_lost_the_moment_the_time_is_the_versions(shelf: Shelf) -> None:
    object_id = shelf.store(takes_s=7).object_id
    Copy.objects.all().delete()
    shelf.index(object_id)
    sealing = Event.objects.get(version__isnull=True, type="fixity check")
    assert sealing.date_time == Version.objects.get().created_at
    assert "after an interruption" in sealing.outcome_detail


def test_copies_know_again_when_they_were_written(shelf: Shelf) -> None:
    object_id = shelf.store(takes_s=7).object_id
    shelf.index(object_id)
    before = Copy.objects.values_list("number", "written_at", "verified_at").get()
    assert before[1] == before[2]
    rebuild_rows(root=shelf.root, ledger=shelf.ledger, actor=SYSTEM)
    assert Copy.objects.values_list("number", "written_at", "verified_at").get() == before


def test_the_history_since_sealing_is_the_ledgers(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    shelf.index(object_id)
    entity = Version.objects.get().entity
    page = list_events(entity, wanted=EventFilter(since_sealing=True))
    assert sorted(each.type for each in page.rows) == ["accession", "fixity check"]
    assert len(list_events(entity).rows) == 4
