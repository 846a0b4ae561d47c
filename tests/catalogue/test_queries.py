"""Reads: filtered by what the actor may see, paged, with a fixed number of queries."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from muniment.catalogue.models import IntellectualEntity
from muniment.catalogue.queries.entities import entity_for, list_entities, resolve, totals
from muniment.catalogue.queries.files import formats_of, list_files, representations_at
from muniment.catalogue.queries.history import (
    EventFilter,
    difference,
    list_events,
    rights_of,
    tags_of,
    terms_of,
    versions_of,
)
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import SYSTEM, Actor, Role, actor_with
from muniment.runtime.errors import InvalidArgument, ObjectMissing, PermissionDenied, VersionMissing
from tests.catalogue.shelves import Content, Shelf
from tests.information.aip.builders import A_LICENCE

pytestmark = pytest.mark.django_db

ADA = actor_with("ada", Role.DEPOSITOR)
AUDITOR = actor_with("otto", Role.AUDITOR)
READER = actor_with("rita", Role.READER)


def archived(shelf: Shelf, *contents: Content) -> IntellectualEntity:
    """Archive one object with these versions."""
    object_id: ObjectId | None = None
    for content in contents or (Content(),):
        object_id = shelf.seal(content, object_id).object_id
    assert object_id is not None
    shelf.index(object_id)
    return IntellectualEntity.objects.get(object_id=object_id)


@pytest.mark.parametrize(("actor", "owners"), [
    (SYSTEM, ["bob", "ada"]), (AUDITOR, ["bob", "ada"]), (ADA, ["ada"]), (READER, []),
])  # fmt: skip
def test_a_list_holds_what_the_actor_may_see(shelf: Shelf, actor: Actor, owners: list[str]) -> None:
    archived(shelf, Content(owner="ada"))
    archived(shelf, Content(owner="bob"))
    assert sorted(each.owner for each in list_entities(actor).rows) == sorted(owners)
    assert totals(actor).entity_count == len(owners)


def test_what_one_may_not_see_is_missing_and_what_one_may_not_do_is_denied(shelf: Shelf) -> None:
    entity = archived(shelf, Content(owner="bob"))
    object_id = ObjectId(str(entity.object_id))
    with pytest.raises(ObjectMissing):
        entity_for(ADA, object_id)
    with pytest.raises(PermissionDenied):
        entity_for(AUDITOR, object_id, action="object.describe")
    assert entity_for(AUDITOR, object_id) == entity


def test_pages_of_objects_follow_each_other(shelf: Shelf) -> None:
    for _ in range(5):
        archived(shelf)
    found, after = [], ""
    for _ in range(3):
        page = list_entities(SYSTEM, limit=2, after=after)
        found += [each.object_id for each in page.rows]
        after = page.next
    assert found == sorted(found, reverse=True)
    assert (len(found), after) == (5, "")


def test_a_cursor_of_something_else_is_refused(shelf: Shelf) -> None:
    entity = archived(shelf, Content(files={"a": b"a", "b": b"b"}))
    foreign = list_files(entity, limit=1).next
    for ask in (
        lambda: list_entities(SYSTEM, after=foreign),
        lambda: list_events(entity, after=foreign),
        lambda: list_files(entity, after="x"),
    ):
        with pytest.raises(InvalidArgument, match="cursor"):
            ask()


def test_an_object_is_found_by_all_its_names(shelf: Shelf) -> None:
    identifiers = [("cern-sip:cds", "2650"), ("doi", "10.17181/abc:1")]
    entity = archived(shelf, Content(identifiers=identifiers))
    whole = str(entity.object_id)
    for text in (
        whole,
        whole.upper(),
        f"urn:uuid:{whole}",
        whole[:13],
        whole.replace("-", "")[:20],
        "2650",
        "cern-sip:cds:2650",
        "10.17181/abc:1",
        "doi:10.17181/abc:1",
    ):
        assert resolve(SYSTEM, text) == whole
    for text in ("cern-sip:2650", "nothing", whole[:3], "", "ffffffff"):
        with pytest.raises(ObjectMissing):
            resolve(SYSTEM, text)
    with pytest.raises(ObjectMissing):
        resolve(READER, whole)


def test_a_name_of_several_objects_lists_them(shelf: Shelf) -> None:
    first = archived(shelf, Content(identifiers=[("a", "1")]))
    second = archived(shelf, Content(identifiers=[("b", "1")]))
    with pytest.raises(InvalidArgument) as caught:
        resolve(SYSTEM, "1")
    assert str(first.object_id) in str(caught.value)
    assert str(second.object_id) in str(caught.value)


def test_files_are_paged_by_path(shelf: Shelf) -> None:
    names = ["b/1", "a", "b/0", "x" * 240 + "/2", "x" * 240 + "/1"]
    entity = archived(shelf, Content(files={name: name.encode() for name in names}))
    found, after = [], ""
    for _ in range(5):
        page = list_files(entity, limit=1, after=after)
        found += [each.path for each in page.rows]
        after = page.next
    assert found[:3] == ["a", "b/0", "b/1"]
    assert (sorted(found), after) == (sorted(names), "")


def test_files_of_an_older_version_and_by_name(shelf: Shelf) -> None:
    entity = archived(
        shelf, Content(files={"Map.tif": b"1", "b": b"2"}), Content(files={"c": b"3"})
    )
    assert [each.path for each in list_files(entity, version=1).rows] == ["Map.tif", "b"]
    assert [each.path for each in list_files(entity, version=1, name="map").rows] == ["Map.tif"]
    assert [each.path for each in list_files(entity).rows] == ["c"]
    for number in (0, 3):
        with pytest.raises(VersionMissing):
            list_files(entity, version=number)


def test_the_difference_says_what_became_of_each_file(shelf: Shelf) -> None:
    old = {"same": b"0", "gone": b"1", "edited": b"2", "old name": b"3", "looked at": b"4"}
    new = {"same": b"0", "come": b"5", "edited": b"6", "new name": b"3", "looked at": b"4"}
    entity = archived(
        shelf,
        Content(files=old, terms=[("subject", "maps", "")]),
        Content(files=new, described={"looked at": {"validity": "invalid"}}, title="Other"),
    )
    found = difference(entity, 1, 2)
    assert [each.path for each in found.added] == ["come"]
    assert [each.path for each in found.removed] == ["gone"]
    assert [new.path for _, new in found.changed] == ["edited"]
    assert [(old.path, new.path) for old, new in found.renamed] == [("old name", "new name")]
    assert [new.path for _, new in found.described_anew] == ["looked at"]
    assert found.terms_added == (("title", "Other", "en"),)
    assert found.terms_removed == (("title", "A harbour", "en"), ("subject", "maps", ""))
    assert difference(entity, 1, 1).is_empty
    back = difference(entity, 2, 1)
    assert [each.path for each in back.added] == ["gone"]


def test_events_are_newest_first_and_filtered(shelf: Shelf) -> None:
    content = Content(file_events=[("a.txt", "validation", "failure")])
    entity = archived(shelf, content, Content(title="x"))
    kinds = [each.type for each in list_events(entity).rows if each.version == 2]
    assert kinds in (
        ["modification", "format identification"],
        ["format identification", "modification"],
    )  # the same moment
    (failed,) = list_events(entity, wanted=EventFilter(outcome="failure")).rows
    of_file = list_events(entity, wanted=EventFilter(file_id=str(failed.file_id)))
    assert of_file.rows == (failed,)
    assert len(list_events(entity, wanted=EventFilter(type="format identification")).rows) == 2


def test_pages_of_events_follow_each_other(shelf: Shelf) -> None:
    entity = archived(shelf, *(Content(title=str(n)) for n in range(4)))
    whole = [each.event_id for each in list_events(entity).rows]
    found, after = [], ""
    for _ in range(3):
        page = list_events(entity, limit=6, after=after)
        found += [each.event_id for each in page.rows]
        after = page.next
    assert (found, after) == (whole, "")


@pytest.mark.parametrize("count", [3, 30])
def test_no_list_asks_more_for_more_rows(
    shelf: Shelf, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    files = {f"{n}.txt": str(n).encode() for n in range(count)}
    failures = [(path, "validation", "failure") for path in files]
    entity = archived(shelf, Content(files=files, file_events=failures))
    for _ in range(count - 1):
        archived(shelf, Content(files={}))
    with django_assert_num_queries(1):
        assert len(list_entities(SYSTEM).rows) == count
    with django_assert_num_queries(1):
        totals(SYSTEM)
    with django_assert_num_queries(1):
        page = list_files(entity)
        assert {each.representation.name for each in page.rows} == {"original"}
    with django_assert_num_queries(2):
        events = list_events(entity).rows
        assert all([each.agent.name for each in event.linked_agents.all()] for event in events)
        assert len([each.representation for each in events]) == count + 4
    with django_assert_num_queries(5):
        versions_of(entity)
        terms_of(entity, 1)
        tags_of(entity)
        representations_at(entity, 1)
        list(formats_of(entity, 1))


def test_rights_are_those_of_the_version_asked_for(shelf: Shelf) -> None:
    entity = archived(shelf, Content(), Content(rights=[A_LICENCE]))
    assert rights_of(entity, 1) == []
    (found,) = rights_of(entity, 2)
    assert (found.basis, found.statement["terms"]) == ("license", "CC BY 4.0")
    assert found.statement["granted"][0]["act"] == "disseminate"
