"""`recover` brings the catalogue up to storage: what storage has is found, once, and cheaply."""

from __future__ import annotations

import shutil
from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from muniment.catalogue.dumping import dump
from muniment.catalogue.models import IntellectualEntity, Version
from muniment.catalogue.services import tag_object
from muniment.catalogue.services.accession import tell_ledger
from muniment.catalogue.services.catching_up import catch_up
from muniment.catalogue.services.indexing import index_up_to
from muniment.catalogue.services.rebuilding import drop_rebuilt_rows
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import SYSTEM, Role, actor_with
from muniment.runtime.errors import PermissionDenied
from muniment.storage import copies
from muniment.storage.fixity.running import FixityRun, Scope, check_fixity
from muniment.storage.models import Copy, FixityCheck
from muniment.storage.types import Recovered, RecoveryAction
from muniment.work.models import DomainEvent
from tests.catalogue.shelves import Content, Shelf
from tests.storage.damage import bury_a_folder, lose

pytestmark = pytest.mark.django_db


def caught_up(shelf: Shelf) -> list[Recovered]:
    return catch_up(shelf.archive, actor=SYSTEM)


def said(shelf: Shelf) -> list[tuple[str, str]]:
    """Catch up; return what was done with which object."""
    return [(each.action.value, each.object_id) for each in caught_up(shelf)]


def kinds(shelf: Shelf) -> list[object]:
    return [record.payload["event_type"] for record in shelf.ledger.read()]


def forget_everything() -> None:
    """Lose every row that storage and ledger can give back."""
    drop_rebuilt_rows()
    copies.drop_rebuilt_rows()


def test_an_archive_at_rest_needs_nothing(shelf: Shelf) -> None:
    for _ in range(2):
        shelf.index(shelf.store().object_id)
    assert caught_up(shelf) == []


def test_a_version_that_only_storage_has_is_catalogued_once(shelf: Shelf) -> None:
    object_id = shelf.seal().object_id
    (done,) = caught_up(shelf)
    assert done.as_json() == {
        "action": "indexed",
        "path": str(shelf.root.path_of(object_id)),
        "reason": "the catalogue lacked versions 1 to 1",
        "object_id": object_id,
    }
    assert Copy.objects.filter(object_id=object_id).count() == 1
    assert kinds(shelf) == ["fixity check", "accession"]
    assert DomainEvent.objects.filter(name="entity changed", entity=object_id).count() == 1
    assert caught_up(shelf) == []
    assert kinds(shelf) == ["fixity check", "accession"]


def test_newer_versions_of_a_known_object_are_catalogued(shelf: Shelf) -> None:
    first = shelf.store()
    shelf.index(first.object_id)
    shelf.seal(Content(title="Second"), first.object_id)
    shelf.seal(Content(title="Third"), first.object_id)
    (done,) = caught_up(shelf)
    assert done.reason == "the catalogue lacked versions 2 to 3"
    assert IntellectualEntity.objects.get().title == "Third"
    assert Copy.objects.filter(object_id=first.object_id).count() == 3


def test_the_rows_are_those_that_a_rebuild_makes(shelf: Shelf) -> None:
    first = shelf.seal(Content(file_events=[("a.txt", "validation", "failure")]))
    shelf.seal(Content(files={"z": b"z"}), first.object_id)
    caught_up(shelf)
    before = list(dump())
    shelf.rebuild()
    assert list(dump()) == before


def test_a_lost_database_comes_back_with_all_that_the_ledger_says(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    shelf.index(object_id)
    tag_object(object_id, add=["maps"], actor=SYSTEM, ledger=shelf.ledger)
    check_fixity(FixityRun(uuid4(), Scope.ALL), shelf.archive, actor=SYSTEM)
    shelf.rebuild()
    before, told = list(dump()), kinds_of_all(shelf)
    forget_everything()
    assert said(shelf) == [("indexed", object_id)]
    assert list(dump()) == before
    assert FixityCheck.objects.count() == 1
    assert kinds_of_all(shelf) == told


def kinds_of_all(shelf: Shelf) -> list[str]:
    return [record.kind for record in shelf.ledger.read()]


def test_a_version_whose_telling_was_cut_off_is_told(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    with transaction.atomic():
        index_up_to(object_id, None, root=shelf.root)
    assert said(shelf) == [("recorded", object_id)]
    assert kinds(shelf) == ["fixity check", "accession"]
    assert DomainEvent.objects.filter(name="entity changed", entity=object_id).count() == 1
    assert caught_up(shelf) == []


def test_a_version_that_the_ledger_knows_already_is_not_told_again(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    with transaction.atomic():
        index_up_to(object_id, None, root=shelf.root)
    with suppress(ZeroDivisionError), transaction.atomic():
        tell_ledger([object_id], shelf.archive)
        _ = 1 / 0  # the process ends here, as far as the database can tell
    assert said(shelf) == [("recorded", object_id)]
    assert kinds(shelf) == ["fixity check", "accession"]
    assert Version.objects.get().ledger_seq == 2


def test_copies_that_are_in_no_row_are_recorded(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    shelf.index(object_id)
    Copy.objects.all().delete()
    assert said(shelf) == [("recorded", object_id)]
    assert Copy.objects.get().number == 1


def test_an_object_at_rest_is_not_read(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    shelf.index(object_id)
    inventory = shelf.root.path_of(object_id) / "inventory.json"
    inventory.unlink()
    inventory.mkdir()  # reading it would fail
    assert caught_up(shelf) == []


@pytest.mark.parametrize("count", [3, 30])
def test_the_number_of_queries_does_not_grow(
    shelf: Shelf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        shelf.index(shelf.store(Content(files={})).object_id)
    with django_assert_num_queries(5):
        assert caught_up(shelf) == []


def test_what_cannot_be_read_is_told_and_the_others_are_taken_in(shelf: Shelf) -> None:
    broken, sound = shelf.seal().object_id, shelf.seal().object_id
    lose(shelf.root, broken, "v1/content/metadata/preservation/premis.xml")
    for _ in range(2):
        found = {each.object_id: each for each in caught_up(shelf)}
        assert found[broken].action is RecoveryAction.LEFT_ALONE
        assert "premis.xml" in found[broken].reason
    assert IntellectualEntity.objects.get().object_id.hex == sound.replace("-", "")


def test_the_versions_before_a_bad_one_are_taken_in(shelf: Shelf) -> None:
    first = shelf.seal()
    shelf.seal(Content(title="Second"), first.object_id)
    lose(shelf.root, first.object_id, "v2/content/metadata/preservation/premis.xml")
    assert [action for action, _ in said(shelf)] == ["indexed", "left alone"]
    assert IntellectualEntity.objects.get().head == 1


def test_of_two_objects_with_one_identifier_the_second_is_told(shelf: Shelf) -> None:
    for _ in range(2):
        shelf.seal(Content(identifiers=[("doi", "10.1/x")]))
    indexed, left = sorted(caught_up(shelf), key=lambda each: each.action.value)
    assert (indexed.action, left.action) == (RecoveryAction.INDEXED, RecoveryAction.LEFT_ALONE)
    assert "doi:10.1/x" in left.reason


def test_an_object_that_storage_lost_is_told_and_its_rows_stay(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    shelf.index(object_id)
    shelf.root.path_of(object_id).rename(shelf.folder / "gone")
    for _ in range(2):
        (done,) = caught_up(shelf)
        assert (done.action, done.object_id) == (RecoveryAction.LEFT_ALONE, object_id)
        assert "storage does not have the object" in done.reason
    assert (IntellectualEntity.objects.count(), Copy.objects.count()) == (1, 1)


def test_a_version_that_storage_lost_is_told_and_its_rows_stay(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    folder, backup = shelf.root.path_of(object_id), shelf.folder / "backup"
    shutil.copytree(folder, backup)
    shelf.store(Content(title="Second"), object_id)
    shelf.index(object_id)
    shutil.rmtree(folder)
    backup.rename(folder)
    (done,) = caught_up(shelf)
    assert done.reason == "storage has versions up to 1; rows are there up to version 2"
    assert done.action is RecoveryAction.LEFT_ALONE
    assert (IntellectualEntity.objects.get().head, Copy.objects.count()) == (2, 2)


def test_a_copy_of_which_nothing_is_left_is_told(shelf: Shelf) -> None:
    object_id = shelf.store().object_id
    shelf.root.path_of(object_id).rename(shelf.folder / "gone")
    (done,) = caught_up(shelf)
    assert (done.action, done.object_id) == (RecoveryAction.LEFT_ALONE, object_id)
    assert Copy.objects.count() == 1


def test_a_folder_that_cannot_be_listed_is_told_and_the_rest_is_taken_in(shelf: Shelf) -> None:
    object_id = shelf.seal().object_id
    bury_a_folder(shelf.folder / "storage")
    told = caught_up(shelf)
    assert [(each.action, each.object_id) for each in told] == [
        (RecoveryAction.INDEXED, object_id),
        (RecoveryAction.LEFT_ALONE, ""),
    ]
    assert "cannot list" in told[1].reason


def test_progress_names_every_object(shelf: Shelf) -> None:
    ids = {shelf.seal().object_id for _ in range(3)}
    seen: list[tuple[int, str]] = []
    catch_up(shelf.archive, actor=SYSTEM, on_progress=lambda n, _, name: seen.append((n, name)))
    assert [number for number, _ in seen] == [1, 2, 3]
    assert {ObjectId(name) for _, name in seen} == ids


def test_only_who_operates_the_archive_may_recover(shelf: Shelf) -> None:
    with pytest.raises(PermissionDenied):
        catch_up(shelf.archive, actor=actor_with("eve", Role.ARCHIVIST))
