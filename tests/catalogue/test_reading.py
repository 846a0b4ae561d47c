"""Who may read an object: the table of access spec §5, and one answer of function and filter."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.administration.models import AuditEntry
from muniment.administration.reading import granted, granted_level
from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.models import IntellectualEntity, ReadingPolicy
from muniment.catalogue.queries.entities import entity_for, list_entities, readable, totals
from muniment.catalogue.queries.search import search
from muniment.catalogue.search.types import Document
from muniment.catalogue.services.reading_policies import Reading, reading_of, set_reading
from muniment.catalogue.types import ReadingPolicyName
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor, Level, Role, may
from muniment.runtime.clock import Clock, FakeClock
from muniment.runtime.errors import (
    InvalidArgument,
    ObjectMissing,
    PermissionDenied,
    VersionConflict,
)
from muniment.runtime.registry import provide

pytestmark = pytest.mark.django_db
EDITOR = Actor("eve", frozenset({Role.EDITOR, Role.READER}))
READER = Actor("rea", frozenset({Role.READER}))
MEMBER = Actor("mem", frozenset({Role.READER}), groups=frozenset({"maps"}))
OWNER = Actor("ada", frozenset({Role.DEPOSITOR, Role.READER}))
ANYBODY = Actor("anonymous", frozenset({Role.ANONYMOUS}))
NAMES = {"editor": EDITOR, "reader": READER, "member": MEMBER, "owner": OWNER, "anybody": ANYBODY}
MOMENT = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> FakeClock:
    made = FakeClock(MOMENT)
    provide(Clock, made)  # type: ignore[type-abstract]  # a port is a Protocol
    Group.objects.get_or_create(name="maps")
    return made


def an_object(owner: str = "ada") -> IntellectualEntity:
    return IntellectualEntity.objects.create(
        object_id=uuid4(),
        owner=owner,
        title="Letters",
        head=1,
        created_at=MOMENT,
        modified_at=MOMENT,
        file_count=2,
        size_bytes=7,
    )


def name_of(entity: IntellectualEntity) -> ObjectId:
    return ObjectId(str(entity.object_id))


def decide(entity: IntellectualEntity, wanted: Reading, *, actor: Actor = EDITOR) -> Reading:
    seen = reading_of(actor, name_of(entity))
    return set_reading(name_of(entity), wanted, seen=seen, actor=actor, clock=FakeClock(MOMENT))


def a_reading(policy: str, **more: object) -> Reading:
    groups = ("maps",) if policy == "groups" else ()
    return Reading(ReadingPolicyName(policy), groups, **more)  # type: ignore[arg-type]  # a test's


@pytest.mark.parametrize(
    ("policy", "others", "readers"),
    [
        ("staff", Level.NONE, {"editor": 3, "owner": 3}),
        ("registered", Level.NONE, {"editor": 3, "owner": 3, "reader": 3, "member": 3}),
        ("public", Level.NONE, {"editor": 3, "owner": 3, "reader": 3, "member": 3}),
        ("metadata-only", Level.NONE, {"editor": 3, "owner": 3, "reader": 1, "member": 1}),
        ("groups", Level.NONE, {"editor": 3, "owner": 3, "member": 3}),
        ("groups", Level.METADATA, {"editor": 3, "owner": 3, "member": 3, "reader": 1}),
        ("groups", Level.PREVIEW, {"editor": 3, "owner": 3, "member": 3, "reader": 1}),
    ],
)
def test_each_policy_opens_what_the_table_says(
    policy: str, others: Level, readers: dict[str, int]
) -> None:
    entity = an_object()
    decide(entity, a_reading(policy, others_level=others))
    seen = {
        name: 3 if may(actor, "object.export", entity) else 1
        for name, actor in NAMES.items()
        if may(actor, "object.read", entity)
    }
    assert seen == readers


POLICIES = st.builds(
    a_reading,
    st.sampled_from(["staff", "registered", "public", "metadata-only", "groups"]),
    embargo_until=st.none() | st.dates(date(2026, 11, 28), date(2026, 12, 2)),
    embargo_level=st.sampled_from([Level.NONE, Level.METADATA, Level.PREVIEW]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=POLICIES, actor=st.sampled_from(sorted(NAMES)), at_least=st.sampled_from(Level))
def test_function_and_filter_give_the_same_answer(
    wanted: Reading, actor: str, at_least: Level
) -> None:
    """Access spec §5: one function and one query filter that gives the same answer."""
    entity = an_object()
    decide(entity, wanted)
    rows = granted(NAMES[actor], IntellectualEntity.objects.all(), at_least)
    is_shown = rows.filter(pk=entity.pk).exists()
    if at_least is not Level.NONE:
        assert is_shown is (granted_level(NAMES[actor], entity) >= at_least)
    for action in ("object.read", "object.export"):
        shown = readable(NAMES[actor], action).filter(pk=entity.pk).exists()
        assert shown is may(NAMES[actor], action, entity)


def test_an_object_that_nobody_decided_of_is_for_staff_and_its_owner() -> None:
    entity = an_object()
    assert {n for n, actor in NAMES.items() if may(actor, "object.read", entity)} == {
        "editor",
        "owner",
    }


def test_an_embargo_holds_back_until_the_end_of_its_day_and_lifts_itself(clock: FakeClock) -> None:
    entity = an_object()
    wanted = a_reading("registered", embargo_until=date(2026, 11, 30), embargo_level=Level.METADATA)
    decide(entity, wanted)
    assert may(READER, "object.read", entity)
    assert not may(READER, "object.export", entity)
    assert may(OWNER, "object.export", entity)
    clock.at = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
    assert not may(READER, "object.export", entity)
    clock.at = datetime(2026, 12, 1, tzinfo=UTC)
    assert may(READER, "object.export", entity)


def test_what_may_not_be_read_is_not_there_and_what_may_not_be_done_is_refused() -> None:
    hidden, shown = an_object(), an_object()
    decide(shown, a_reading("metadata-only"))
    with pytest.raises(ObjectMissing):
        entity_for(READER, name_of(hidden))
    assert entity_for(READER, name_of(shown)) == shown
    with pytest.raises(PermissionDenied):
        entity_for(READER, name_of(shown), action="object.export")
    with pytest.raises(PermissionDenied):
        entity_for(READER, name_of(shown), action="object.describe")


def test_lists_counts_search_and_facets_show_the_same() -> None:
    entities = [an_object("bob") for _ in range(4)]
    for entity in entities[:3]:
        decide(entity, a_reading("registered"))
    index = search_index()
    index.rebuild(
        Document(
            object_id=str(each.object_id),
            owner=each.owner,
            title="Letters",
            description="",
            names=(),
            archived_at=MOMENT,
            modified_at=MOMENT,
            file_count=2,
            size_bytes=7,
            facets={"owner": [each.owner], "source": ["local"]},
        )
        for each in entities
    )
    from muniment.catalogue.search.types import SearchQuery

    found = search(READER, "letters", index=index, options=SearchQuery(facets=("source",)))
    assert found.total == 3
    assert [(each.value, each.count) for each in found.facets["source"]] == [("local", 3)]
    assert len(list_entities(READER).rows) == 3
    assert totals(READER).entity_count == 3
    assert totals(READER).file_count == 6


@pytest.mark.parametrize("count", [3, 30])
def test_a_list_is_one_query_however_long(count: int) -> None:
    for _ in range(count):
        decide(an_object("bob"), a_reading("registered"))
    with CaptureQueriesContext(connection) as asked:
        assert len(list_entities(READER, limit=100).rows) == count
    assert len(asked) == 1


@pytest.mark.parametrize(
    "actor",
    [READER, OWNER, Actor("x", frozenset({Role.AUDITOR})), ANYBODY],
    ids=["reader", "owner", "auditor", "anybody"],
)
def test_nobody_else_decides(actor: Actor) -> None:
    entity = an_object()
    with pytest.raises((PermissionDenied, ObjectMissing)):
        set_reading(
            name_of(entity), a_reading("public"), seen=Reading(), actor=actor, clock=FakeClock()
        )
    assert not ReadingPolicy.objects.exists()


def test_of_two_who_decide_the_second_is_told() -> None:
    entity = an_object()
    decide(entity, a_reading("registered"))
    with pytest.raises(VersionConflict):
        set_reading(
            name_of(entity), a_reading("public"), seen=Reading(), actor=EDITOR, clock=FakeClock()
        )
    assert reading_of(EDITOR, name_of(entity)).policy == "registered"


@pytest.mark.parametrize(
    "wanted",
    [
        Reading(ReadingPolicyName.GROUPS),
        Reading(ReadingPolicyName.GROUPS, ("no such group",)),
        Reading(ReadingPolicyName.STAFF, ("maps",)),
        Reading(ReadingPolicyName.PUBLIC, others_level=Level.METADATA),
        Reading(ReadingPolicyName.GROUPS, ("maps",), others_level=Level.DOWNLOAD),
        Reading(ReadingPolicyName.PUBLIC, embargo_level=Level.MANAGE),
    ],
    ids=str,
)
def test_a_policy_that_makes_no_sense_is_refused(wanted: Reading) -> None:
    entity = an_object()
    with pytest.raises(InvalidArgument):
        decide(entity, wanted)


def test_each_decision_is_in_the_audit_trail_with_what_was_before() -> None:
    entity = an_object()
    decide(entity, a_reading("registered"))
    decide(entity, a_reading("staff"))
    first, second = AuditEntry.objects.filter(action="object.policy").order_by("number")
    assert (first.actor, first.thing) == ("eve", str(entity.object_id))
    assert first.detail["after"] == second.detail["before"]
    assert second.detail["after"]["policy"] == "staff"
    assert not may(READER, "object.read", entity), "closed again at once"
