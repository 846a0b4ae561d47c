"""An outside identifier stands for one object, from before its first byte on."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest
from django.db import connection

from muniment.catalogue.models import Identifier, Reservation
from muniment.catalogue.services import (
    Choice,
    Reserved,
    release_object,
    reserve_object,
)
from muniment.information.identifiers import ObjectId, new_object_id
from muniment.information.premis import Identifier as Outside
from muniment.runtime.actor import Actor, Role, actor_with
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import (
    DecisionNeeded,
    InvalidArgument,
    ObjectMissing,
    PermissionDenied,
)
from tests.catalogue.shelves import Content, Shelf

pytestmark = pytest.mark.django_db

ADA = actor_with("ada", Role.DEPOSITOR)
BOB = actor_with("bob", Role.DEPOSITOR)
CLARA = actor_with("clara", Role.ARCHIVIST)
RECORD = Outside("cern-sip:cds", "2650")
OTHER = Outside("doi", "10.1/x")


def reserve(
    *identifiers: Outside,
    actor: Actor = ADA,
    requested: ObjectId | None = None,
    decision: Choice | None = None,
) -> Reserved:
    return reserve_object(
        identifiers, requested=requested, actor=actor, clock=FakeClock(), decision=decision
    )


def archived(shelf: Shelf, *identifiers: Outside, owner: str = "ada") -> ObjectId:
    pairs = [(each.type, each.value) for each in identifiers]
    sealed = shelf.seal(Content(identifiers=pairs, owner=owner))
    shelf.index(sealed.object_id)
    return sealed.object_id


def test_without_an_identifier_each_submission_is_a_new_object() -> None:
    assert reserve().object_id != reserve().object_id
    assert reserve().head == 0


def test_two_first_submissions_of_one_object_get_the_same_one() -> None:
    first, second = reserve(RECORD), reserve(RECORD, OTHER)
    assert first.object_id == second.object_id
    assert reserve(OTHER).object_id == first.object_id
    assert second.identifiers == (RECORD, OTHER)


def test_a_known_identifier_stands_for_its_object(shelf: Shelf) -> None:
    object_id = archived(shelf, RECORD)
    assert reserve(RECORD) == Reserved(object_id, 1, (RECORD,))


def test_a_reservation_goes_when_the_identifier_comes(shelf: Shelf) -> None:
    reserved = reserve(RECORD)
    shelf.seal(Content(identifiers=[(RECORD.type, RECORD.value)]), reserved.object_id)
    shelf.index(reserved.object_id)
    assert not Reservation.objects.exists()
    assert str(Identifier.objects.get().entity.object_id) == reserved.object_id


def test_another_depositor_needs_a_decision(shelf: Shelf) -> None:
    archived(shelf, RECORD)
    with pytest.raises(DecisionNeeded, match="bob hands in a version") as caught:
        reserve(RECORD, OTHER, actor=BOB)
    assert caught.value.choices == ("add-version", "new-object", "refuse")
    assert not Reservation.objects.exists()


def test_another_depositor_needs_a_decision_before_the_first_version_is_sealed_too() -> None:
    reserve(RECORD)
    with pytest.raises(DecisionNeeded):
        reserve(RECORD, actor=BOB)


def test_the_decision_to_add_is_followed(shelf: Shelf) -> None:
    object_id = archived(shelf, RECORD)
    reserved = reserve(RECORD, OTHER, actor=BOB, decision=Choice.ADD_VERSION)
    assert (reserved.object_id, reserved.identifiers) == (object_id, (RECORD, OTHER))


def test_the_decision_for_a_new_object_leaves_the_identifier_where_it_is(shelf: Shelf) -> None:
    object_id = archived(shelf, RECORD)
    reserved = reserve(RECORD, actor=BOB, decision=Choice.NEW_OBJECT)
    assert reserved.object_id != object_id
    assert reserved.identifiers == ()


def test_an_archivist_may_add_to_anybodys_object(shelf: Shelf) -> None:
    object_id = archived(shelf, RECORD)
    assert reserve(RECORD, actor=CLARA).object_id == object_id


def test_identifiers_of_two_objects_need_a_decision(shelf: Shelf) -> None:
    first, second = archived(shelf, RECORD), archived(shelf, OTHER)
    with pytest.raises(DecisionNeeded, match=f"{first}, {second}"):
        reserve(RECORD, OTHER)
    assert reserve(RECORD, OTHER, decision=Choice.ADD_VERSION) == Reserved(first, 1, (RECORD,))


def test_a_requested_object_gets_the_version_and_the_new_identifier(shelf: Shelf) -> None:
    object_id = archived(shelf)
    assert reserve(OTHER, requested=object_id) == Reserved(object_id, 1, (OTHER,))


def test_a_requested_object_that_is_not_there_is_missing() -> None:
    with pytest.raises(ObjectMissing):
        reserve(requested=new_object_id())


def test_a_requested_object_of_somebody_else_needs_a_decision(shelf: Shelf) -> None:
    object_id = archived(shelf)
    with pytest.raises(DecisionNeeded):
        reserve(requested=object_id, actor=BOB)


@pytest.mark.parametrize(
    "identifier", [Outside("", "x"), Outside("x", " "), Outside("x", "é" * 501)]
)
def test_an_identifier_that_no_index_holds_is_refused(identifier: Outside) -> None:
    with pytest.raises(InvalidArgument):
        reserve(identifier)


def test_who_may_not_submit_reserves_nothing() -> None:
    with pytest.raises(PermissionDenied):
        reserve(RECORD, actor=actor_with("eve", Role.READER))


def test_an_object_that_comes_to_nothing_gives_its_identifiers_back(shelf: Shelf) -> None:
    release_object(reserve(RECORD).object_id)
    assert reserve(RECORD, actor=BOB).head == 0


def test_releasing_an_archived_object_changes_nothing(shelf: Shelf) -> None:
    object_id = archived(shelf, RECORD)
    release_object(object_id)
    assert reserve(RECORD).object_id == object_id


@pytest.mark.django_db(transaction=True)
def test_submissions_at_the_same_moment_meet_at_one_object() -> None:
    found = _at_once(8, [RECORD, OTHER])
    assert len(found) == 8
    assert len({each.object_id for each in found}) == 1
    assert Reservation.objects.count() == 2


def _at_once(count: int, identifiers: Sequence[Outside]) -> list[Reserved]:
    found: list[Reserved] = []
    start = threading.Barrier(count)

    def run() -> None:
        start.wait()
        found.append(reserve(*identifiers))
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found
