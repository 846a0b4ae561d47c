"""Tags are hung on through the ledger."""

from __future__ import annotations

import pytest

from muniment.catalogue.models import Tag
from muniment.catalogue.services import tag_object
from muniment.information.identifiers import ObjectId, new_object_id
from muniment.runtime.actor import SYSTEM, Role, actor_with
from muniment.runtime.errors import InvalidArgument, ObjectMissing, PermissionDenied
from tests.catalogue.shelves import Shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def object_id(shelf: Shelf) -> ObjectId:
    sealed = shelf.seal()
    shelf.index(sealed.object_id)
    return sealed.object_id


def test_tags_are_added_and_removed(shelf: Shelf, object_id: ObjectId) -> None:
    def tag(add: list[str], remove: list[str]) -> tuple[str, ...]:
        return tag_object(object_id, add=add, remove=remove, actor=SYSTEM, ledger=shelf.ledger)

    assert tag(["b", " a  c "], []) == ("a c", "b")
    assert tag(["d"], ["b"]) == ("a c", "d")
    assert tag(["b"], []) == ("a c", "b", "d")
    assert set(Tag.objects.present().values_list("name", flat=True)) == {"a c", "b", "d"}


def test_a_change_that_changes_nothing_leaves_no_record(shelf: Shelf, object_id: ObjectId) -> None:
    for _ in range(2):
        tag_object(object_id, add=["a"], remove=["z"], actor=SYSTEM, ledger=shelf.ledger)
    (record,) = [each for each in shelf.ledger.read() if each.kind == "tag"]
    assert record.payload == {"name": "a", "is_present": True, "by": "muniment"}


@pytest.mark.parametrize(("add", "remove"), [([""], []), (["x" * 256], []), (["a"], ["a"])])
def test_a_tag_that_cannot_be_is_refused(
    shelf: Shelf, object_id: ObjectId, add: list[str], remove: list[str]
) -> None:
    with pytest.raises(InvalidArgument):
        tag_object(object_id, add=add, remove=remove, actor=SYSTEM, ledger=shelf.ledger)


def test_who_may_only_read_hangs_no_tag(shelf: Shelf, object_id: ObjectId) -> None:
    with pytest.raises(PermissionDenied):
        tag_object(object_id, add=["a"], actor=actor_with("eve", Role.AUDITOR), ledger=shelf.ledger)


def test_an_object_that_one_may_not_see_is_missing(shelf: Shelf, object_id: ObjectId) -> None:
    with pytest.raises(ObjectMissing):
        tag_object(object_id, add=["a"], actor=actor_with("x", Role.READER), ledger=shelf.ledger)
    with pytest.raises(ObjectMissing):
        tag_object(new_object_id(), add=["a"], actor=SYSTEM, ledger=shelf.ledger)
