"""An edited description is a new version with the same content."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from muniment.catalogue.models import Event, File, IntellectualEntity, Version
from muniment.catalogue.services import edit_description
from muniment.information.aip import read_aip
from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor, Role, actor_with
from muniment.runtime.errors import (
    FixityMismatch,
    InvalidArgument,
    ObjectMissing,
    PermissionDenied,
    VersionConflict,
)
from muniment.storage.adapters.local import LocalRoot
from muniment.storage.types import SealedVersion, StagedVersion
from tests.catalogue.shelves import Content, Shelf
from tests.storage.damage import rewrite

pytestmark = pytest.mark.django_db

EDITOR = actor_with("emil", Role.EDITOR, address="mailto:emil@example.org")
NEW = DublinCore(
    (
        DublinCoreValue("title", "Le port", "fr"),
        DublinCoreValue("subject", "maps"),
        DublinCoreValue("subject", "plans"),
    )
)


@pytest.fixture
def object_id(shelf: Shelf) -> ObjectId:
    sealed = shelf.seal(Content(identifiers=[("doi", "10.1/x")]))
    shelf.index(sealed.object_id)
    return sealed.object_id


def edit(shelf: Shelf, object_id: ObjectId, record: DublinCore = NEW, actor: Actor = EDITOR) -> int:
    work: Path = shelf.folder / "work" / "edit"
    return edit_description(object_id, record, actor=actor, archive=shelf.archive, work=work).number


def test_a_version_with_the_new_description_is_made(shelf: Shelf, object_id: ObjectId) -> None:
    rows = list(File.objects.order_by("pk").values_list("pk", "last_version"))
    assert edit(shelf, object_id) == 2
    assert IntellectualEntity.objects.get().title == "Le port"
    version = Version.objects.get(number=2)
    assert (version.reason, version.user_name, version.message) == (
        "metadata-edit",
        "emil",
        "Edit the description",
    )
    assert list(File.objects.order_by("pk").values_list("pk", "last_version")) == rows


def test_everything_else_is_carried_over(shelf: Shelf, object_id: ObjectId) -> None:
    edit(shelf, object_id)
    with (
        shelf.root.open_version(object_id, 1) as old,
        shelf.root.open_version(object_id, 2) as new,
    ):
        before = {each.logical_path: each.sha512 for each in old.entries()}
        after = {each.logical_path: each.sha512 for each in new.entries()}
        assert after.keys() == before.keys()
        assert {path for path in before if after[path] != before[path]} == {
            "METS.xml",
            "metadata/descriptive/dc.xml",
            "metadata/preservation/premis.xml",
        }
        digests = {digest: old.fixity_of(digest) for digest in before.values()}
        assert all(
            new.fixity_of(each) == digests[each] for each in digests if each in after.values()
        )
        assert any(digests.values())
        reader = read_aip(new.open)
        assert reader.dublin_core() == NEW
        assert reader.representations() == read_aip(old.open).representations()


def test_the_edit_is_an_event_by_a_person(shelf: Shelf, object_id: ObjectId) -> None:
    edit(shelf, object_id)
    event = Event.objects.get(type="metadata modification")
    assert {(each.agent.name, each.role) for each in event.linked_agents.all()} == {
        ("muniment", "executing program"),
        ("emil", "implementer"),
    }
    assert Event.objects.filter(type="ingestion").count() == 1


def test_the_owner_stays(shelf: Shelf, object_id: ObjectId) -> None:
    edit(shelf, object_id)
    assert IntellectualEntity.objects.get().owner == "ada"
    assert str(IntellectualEntity.objects.get().identifiers.get()) == "doi:10.1/x"


def test_the_same_description_makes_no_version(shelf: Shelf, object_id: ObjectId) -> None:
    assert edit(shelf, object_id) == 2
    assert edit(shelf, object_id) == 2


@pytest.mark.parametrize(
    "value", [DublinCoreValue("colour", "red"), DublinCoreValue("title", "  ")]
)
def test_a_term_that_is_none_is_refused(
    shelf: Shelf, object_id: ObjectId, value: DublinCoreValue
) -> None:
    with pytest.raises(InvalidArgument):
        edit(shelf, object_id, DublinCore((value,)))


@pytest.mark.parametrize(
    ("actor", "error"),
    [
        (actor_with("eve", Role.AUDITOR), PermissionDenied),
        (actor_with("bob", Role.DEPOSITOR), ObjectMissing),
    ],
)
def test_who_may_not_describe_makes_no_version(
    shelf: Shelf, object_id: ObjectId, actor: Actor, error: type[Exception]
) -> None:
    with pytest.raises(error):
        edit(shelf, object_id, actor=actor)
    assert shelf.root.head(object_id) == 1


def test_a_depositor_describes_what_is_its_own(shelf: Shelf, object_id: ObjectId) -> None:
    assert edit(shelf, object_id, actor=actor_with("ada", Role.DEPOSITOR)) == 2


def test_metadata_that_somebody_altered_are_not_carried_on(
    shelf: Shelf, object_id: ObjectId
) -> None:
    path = "v1/content/metadata/preservation/premis.xml"
    sound = (shelf.root.path_of(object_id) / path).read_bytes()
    rewrite(shelf.root, object_id, path, sound.replace(b"10.1/x", b"10.1/y"))
    with pytest.raises(FixityMismatch, match=r"premis\.xml"):
        edit(shelf, object_id)
    assert shelf.root.head(object_id) == 1


class OvertakenRoot(LocalRoot):
    """Somebody else makes a version between the reading and the sealing of an edit."""

    def seal(self, staged: StagedVersion) -> SealedVersion:
        plain = LocalRoot(self.places, self.disk, self.locks)
        plain.seal(replace(staged, message="Mine came first", user_name="mia"))
        return plain.seal(staged)


def test_of_two_edits_of_one_version_the_second_is_a_conflict(
    shelf: Shelf, object_id: ObjectId
) -> None:
    root = OvertakenRoot(shelf.root.places, shelf.root.disk, shelf.root.locks)
    with pytest.raises(VersionConflict, match="at version 2, not 1"):
        edit(replace(shelf, root=root), object_id)
    with shelf.root.open_version(object_id) as version:
        assert (version.number, version.user_name) == (2, "mia")


def test_an_edit_after_a_conflict_stands_on_the_new_head(shelf: Shelf, object_id: ObjectId) -> None:
    edit(shelf, object_id, DublinCore((DublinCoreValue("title", "Hers"),)))
    shelf.clock.advance(1)
    assert edit(shelf, object_id) == 3
