"""The catalogue is dropped and comes back equal, as far as storage and ledger can be read."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.dumping import DUMPED, dump
from muniment.catalogue.models import (
    Event,
    IntellectualEntity,
    OwnerTotal,
    RebuildRun,
    Reservation,
    SearchDocument,
    SearchFacet,
    Tag,
)
from muniment.catalogue.queries.search import search
from muniment.catalogue.services import Sources, rebuild, tag_object
from muniment.catalogue.services.indexing import apply_ledger
from muniment.catalogue.services.rebuilding import rebuilt_models
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import SYSTEM, Role, actor_with
from muniment.runtime.errors import PermissionDenied
from muniment.storage.ledger.records import NewRecord
from tests.catalogue.shelves import Content, Shelf

pytestmark = pytest.mark.django_db

EVENT = "0198a5d2-0000-7000-8000-00000000000a"


def fill(shelf: Shelf) -> ObjectId:
    """Seal two objects, one of them twice, and let things happen to them."""
    first = shelf.seal(
        Content(
            identifiers=[("cern-sip:cds", "1")],
            terms=[("subject", "maps", "en"), ("subject", "cartes", "fr")],
            file_events=[("a.txt", "validation", "failure")],
        )
    )
    shelf.seal(Content(files={"a.txt": b"other", "z": b"z"}), first.object_id)
    other = shelf.seal(Content(owner="bob", title="Letters"))
    for object_id in (first.object_id, other.object_id):
        shelf.index(object_id)
    tag_object(first.object_id, add=["maps", "old"], actor=SYSTEM, ledger=shelf.ledger)
    tag_object(first.object_id, remove=["old"], actor=SYSTEM, ledger=shelf.ledger)
    event = {
        "event_id": EVENT,
        "event_type": "fixity check",
        "outcome": "success",
        "agents": [{"name": "Muniment", "version": "1", "role": "executing program"}],
    }
    state = {"state": "withdrawn", "by": "ada"}
    apply_ledger(
        shelf.ledger.append(
            [
                NewRecord("event", first.object_id, event),
                NewRecord("lifecycle", other.object_id, state),
            ]
        )
    )
    return first.object_id


def test_every_model_of_the_catalogue_says_whether_it_is_rebuilt() -> None:
    found = list(apps.get_app_config("catalogue").get_models())
    assert len(found) > 15
    assert all(isinstance(getattr(model, "rebuilt", None), bool) for model in found)


def test_every_rebuilt_column_is_dumped_or_named_here() -> None:
    of_search: set[type[models.Model]] = {SearchDocument, SearchFacet}
    # Keys of rows, and what the dump says by other words.
    replaced = {"id", "entity", "representation", "event", "agent", "object_id", "key"}
    for model in set(rebuilt_models()) - of_search:
        columns = {field.name for field in model._meta.concrete_fields}
        assert columns - set(DUMPED[model]) <= replaced, model


def test_the_dump_after_equals_the_dump_before(shelf: Shelf) -> None:
    fill(shelf)
    before = list(dump())
    report = shelf.rebuild()
    assert list(dump()) == before
    assert (report.objects, report.versions, report.files, report.problems) == (2, 3, 4, ())
    assert len(before) > 20


def test_rebuilding_twice_gives_the_same(shelf: Shelf) -> None:
    fill(shelf)
    shelf.rebuild()
    once = list(dump())
    shelf.rebuild()
    assert list(dump()) == once


def test_search_and_counts_come_back(shelf: Shelf) -> None:
    object_id = fill(shelf)
    shelf.rebuild()
    page = search(SYSTEM, "tag:maps format:x-fmt/111 outcome:failure", index=search_index())
    assert [hit.object_id for hit in page.hits] == [object_id]
    counts = OwnerTotal.objects.order_by("owner").values_list("owner", "entity_count", "file_count")
    assert list(counts) == [("ada", 1, 2), ("bob", 1, 2)]


def test_what_is_not_derivable_stays(shelf: Shelf) -> None:
    fill(shelf)
    Reservation.objects.create(
        type="doi",
        value="10.1/x",
        object_id="0198a5d2-0000-7000-8000-00000000000b",
        reserved_at=shelf.clock.now(),
    )
    shelf.rebuild()
    assert Reservation.objects.count() == 1


def test_the_versions_before_a_bad_one_come_back(shelf: Shelf) -> None:
    broken = fill(shelf)
    content = shelf.root.path_of(broken) / "v2" / "content"
    (content / "metadata/preservation/premis.xml").unlink()
    report = shelf.rebuild()
    assert {each.object_id for each in report.problems} == {broken}
    assert IntellectualEntity.objects.get(object_id=broken).head == 1


def test_a_mended_object_comes_back_with_what_the_ledger_says(shelf: Shelf) -> None:
    broken = fill(shelf)
    before = list(dump())
    path = shelf.root.path_of(broken) / "inventory.json"
    content = path.read_bytes()
    path.chmod(0o600)
    path.write_bytes(b"")
    shelf.rebuild()
    path.write_bytes(content)
    shelf.rebuild()
    assert list(dump()) == before


def test_an_object_that_only_the_ledger_knows_is_reported(shelf: Shelf) -> None:
    lost = "0198a5d2-0000-7000-8000-0000000000ff"
    shelf.ledger.append([NewRecord("tag", lost, {"name": "x", "is_present": True})])
    (problem,) = shelf.rebuild().problems
    assert (problem.object_id, problem.code) == (lost, "corrupt-object")


def test_an_interrupted_rebuild_is_gone_on_with(shelf: Shelf) -> None:
    first = fill(shelf)
    before = list(dump())
    IntellectualEntity.objects.exclude(object_id=first).update(title="half")
    RebuildRun.objects.create(started_at=shelf.clock.now(), started_by="x")
    report = shelf.rebuild()
    assert report.resumed
    assert not RebuildRun.objects.filter(ended_at__isnull=True).exists()
    assert shelf.rebuild().resumed is False
    assert list(dump()) == before


def test_a_rebuild_from_the_start_forgets_the_interrupted_one(shelf: Shelf) -> None:
    fill(shelf)
    RebuildRun.objects.create(started_at=shelf.clock.now(), started_by="x")
    assert shelf.rebuild(from_start=True).resumed is False


def test_only_who_operates_the_archive_may_rebuild(shelf: Shelf) -> None:
    sources = Sources(shelf.root, shelf.ledger, search_index())
    with pytest.raises(PermissionDenied):
        rebuild(sources, actor=actor_with("eve", Role.ARCHIVIST), clock=shelf.clock)


def test_the_ledger_may_come_twice_and_backwards(shelf: Shelf) -> None:
    fill(shelf)
    before = list(dump())
    records = list(shelf.ledger.read())
    apply_ledger(reversed(records))
    apply_ledger(records)
    assert list(dump()) == before
    assert set(Tag.objects.values_list("name", "is_present")) == {("maps", True), ("old", False)}
    assert Event.objects.filter(event_id=EVENT).count() == 1
