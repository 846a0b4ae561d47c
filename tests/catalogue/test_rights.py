"""Rights are stated in a new version, hold readers back in time, and come again by a rebuild."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.administration.reading import granted, granted_level
from muniment.catalogue.dumping import dump
from muniment.catalogue.models import ActRestriction, IntellectualEntity, RightsStatement, Version
from muniment.catalogue.queries.history import rights_of
from muniment.catalogue.services import Stated, state_rights
from muniment.catalogue.services.reading_policies import Reading, reading_of, set_reading
from muniment.catalogue.types import ReadingPolicyName
from muniment.information import premis
from muniment.information.aip import read_aip
from muniment.information.identifiers import ObjectId
from muniment.runtime import settings as runtime_settings
from muniment.runtime.actor import Actor, Level, Role, actor_with, may
from muniment.runtime.clock import Clock, FakeClock
from muniment.runtime.errors import (
    InvalidArgument,
    ObjectMissing,
    PermissionDenied,
    VersionConflict,
)
from muniment.runtime.registry import provide
from muniment.storage.verified import verified_opener
from tests.catalogue.shelves import Content, Shelf

pytestmark = pytest.mark.django_db

EDITOR = actor_with("emil", Role.EDITOR)
READER = Actor("rea", frozenset({Role.READER}))
TODAY = datetime(2026, 12, 1, 12, tzinfo=UTC)
FOREVER = premis.RightsGranted(act="disseminate", restrictions=("disallow",))


@pytest.fixture(autouse=True)
def clock() -> FakeClock:
    made = FakeClock(TODAY)
    provide(Clock, made)  # type: ignore[type-abstract]  # a port is a Protocol
    return made


@pytest.fixture
def object_id(shelf: Shelf) -> ObjectId:
    """An object that whoever is signed in may download."""
    sealed = shelf.seal(Content())
    shelf.index(sealed.object_id)
    name = sealed.object_id
    wanted = Reading(ReadingPolicyName.REGISTERED)
    seen = reading_of(EDITOR, name)
    set_reading(name, wanted, seen=seen, actor=EDITOR, clock=FakeClock(TODAY))
    return name


def state(
    shelf: Shelf, object_id: ObjectId, *stated: Stated, actor: Actor = EDITOR, seen: int = 0
) -> int:
    work: Path = shelf.folder / "work" / "rights"
    head = seen or IntellectualEntity.objects.get(object_id=object_id).head
    done = state_rights(object_id, stated, seen=head, actor=actor, archive=shelf.archive, work=work)
    return done.number


def present(object_id: ObjectId) -> list[Stated]:
    entity = IntellectualEntity.objects.get(object_id=object_id)
    return [Stated.of(each.as_json()) for each in rights_of(entity, entity.head)]


def level(object_id: ObjectId) -> Level:
    """What the reader sees; asked of the function and of the filter."""
    entity = IntellectualEntity.objects.get(object_id=object_id)
    found = granted_level(READER, entity)
    for each in Level:
        rows = granted(READER, IntellectualEntity.objects.all(), each)
        assert rows.exists() is (found >= each) or each is Level.NONE
    return found


def limited(act: str = "disseminate", restriction: str = "disallow", **more: str) -> Stated:
    restrictions = (restriction,) if restriction else ()
    granted = premis.RightsGranted(act=act, restrictions=restrictions, **more)  # type: ignore[arg-type]  # texts only
    return Stated(basis="copyright", granted=(granted,))


def test_a_version_with_the_rights_is_made(shelf: Shelf, object_id: ObjectId) -> None:
    stated = Stated(
        basis="license",
        terms="CC BY 4.0",
        notes=("by letter", "of 2026"),
        granted=(replace(FOREVER, notes=("but for the family",), ends_at="2040"),),
    )
    assert state(shelf, object_id, stated) == 2
    version = Version.objects.get(number=2)
    assert (version.reason, version.user_name, version.message) == (
        "metadata-edit",
        "emil",
        "State the rights",
    )
    (row,) = present(object_id)
    assert row == replace(stated, rights_id=row.rights_id)
    with shelf.root.open_version(object_id) as stored:
        units = list(read_aip(verified_opener(stored)).units())
    (written,) = (each for each in units if isinstance(each, premis.RightsStatement))
    assert (written.basis, written.terms, written.granted) == (
        "license",
        "CC BY 4.0",
        stated.granted,
    )


def test_the_same_rights_make_no_version(shelf: Shelf, object_id: ObjectId) -> None:
    state(shelf, object_id, limited())
    assert state(shelf, object_id, *present(object_id)) == 2


def test_what_others_linked_stays_when_a_statement_is_changed(shelf: Shelf) -> None:
    linked = premis.Link(premis.uuid_identifier("0190b1f2-3c4d-7e5f-8a6b-9c0d1e2f3a4b"))
    of_others = premis.RightsStatement(
        identifier=premis.Identifier("local", "R-1"), basis="statute", objects=(linked,)
    )
    name = shelf.seal(Content(rights=[of_others])).object_id
    shelf.index(name)
    (before,) = present(name)
    state(shelf, name, replace(before, terms="Loi"))
    with shelf.root.open_version(name) as stored:
        units = list(read_aip(verified_opener(stored)).units())
    (after,) = (each for each in units if isinstance(each, premis.RightsStatement))
    assert after == replace(of_others, terms="Loi")


def test_of_two_who_state_rights_the_second_is_told(shelf: Shelf, object_id: ObjectId) -> None:
    state(shelf, object_id, limited())
    with pytest.raises(VersionConflict):
        state(shelf, object_id, seen=1)
    assert len(present(object_id)) == 1


def test_who_may_not_decide_may_not_state(shelf: Shelf, object_id: ObjectId) -> None:
    with pytest.raises(PermissionDenied):
        state(shelf, object_id, limited(), actor=actor_with("ada", Role.DEPOSITOR))
    with pytest.raises((ObjectMissing, PermissionDenied)):
        state(shelf, object_id, limited(), actor=READER)
    assert shelf.root.head(object_id) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (Stated(basis=" "), "basis"),
        (Stated(basis="b" * 256), "basis"),
        (limited(act=""), "act"),
        (limited(act="a" * 65), "act"),
        (limited(starts_at="soon"), "no date"),
        (limited(starts_at="OPEN"), "no date"),
        (limited(ends_at="2026-02-30"), "no date"),
        (limited(starts_at="2027", ends_at="2026"), "ends before"),
        (Stated(basis="other", rights_id="0190b1f2-3c4d-7e5f-8a6b-9c0d1e2f3a4b"), "no rights"),
        (Stated(basis="other", granted=(FOREVER,) * 201), "more than"),
    ],
)
def test_a_wrong_statement_is_refused_and_leaves_nothing(
    shelf: Shelf, object_id: ObjectId, wrong: Stated, told: str
) -> None:
    with pytest.raises(InvalidArgument, match=told):
        state(shelf, object_id, wrong)
    assert shelf.root.head(object_id) == 1


def test_too_many_and_doubled_statements_are_refused(shelf: Shelf, object_id: ObjectId) -> None:
    with pytest.raises(InvalidArgument, match="at most"):
        state(shelf, object_id, *[limited()] * 201)
    state(shelf, object_id, limited())
    with pytest.raises(InvalidArgument, match="twice"):
        state(shelf, object_id, *present(object_id) * 2)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (limited(), Level.METADATA),
        (limited(act="Publish", restriction=" Disallow "), Level.METADATA),
        (limited(restriction="conditional"), Level.PREVIEW),
        (limited(act="display", starts_at="2026-12-01", ends_at="2026-12-01"), Level.METADATA),
        (limited(ends_at="2026-12"), Level.METADATA),
        (limited(ends_at="OPEN"), Level.METADATA),
        (limited(ends_at="2026-11"), Level.DOWNLOAD),
        (limited(starts_at="2026-12-02"), Level.DOWNLOAD),
        (limited(restriction=""), Level.DOWNLOAD),
        (limited(restriction="no derivatives"), Level.DOWNLOAD),
        (limited(act="migrate"), Level.DOWNLOAD),
    ],
    ids=lambda each: str(each.granted[0]) if isinstance(each, Stated) else "",
)
def test_rights_hold_readers_back(
    shelf: Shelf, object_id: ObjectId, stated: Stated, expected: Level
) -> None:
    state(shelf, object_id, stated)
    assert level(object_id) is expected
    entity = IntellectualEntity.objects.get(object_id=object_id)
    assert may(READER, "object.preview", entity) is (expected >= Level.PREVIEW)
    assert may(READER, "object.export", entity) is (expected >= Level.DOWNLOAD)
    assert may(EDITOR, "object.export", entity)


def test_a_restriction_ends_by_itself(shelf: Shelf, object_id: ObjectId, clock: FakeClock) -> None:
    state(shelf, object_id, limited(ends_at="2027-05-31"))
    clock.at = datetime(2027, 5, 31, 23, 59, tzinfo=UTC)
    assert level(object_id) is Level.METADATA
    clock.at = datetime(2027, 6, 1, tzinfo=UTC)
    assert level(object_id) is Level.DOWNLOAD


def test_taking_a_statement_away_opens_the_object_again(shelf: Shelf, object_id: ObjectId) -> None:
    state(shelf, object_id, limited(), limited(restriction="conditional"))
    assert level(object_id) is Level.METADATA
    kept = [each for each in present(object_id) if each.granted[0].restrictions == ("conditional",)]
    state(shelf, object_id, *kept)
    assert level(object_id) is Level.PREVIEW
    state(shelf, object_id)
    assert level(object_id) is Level.DOWNLOAD
    assert not ActRestriction.objects.exists()
    assert RightsStatement.objects.count() == 2, "those of earlier versions stay"


def test_which_acts_and_how_far_is_a_setting(
    shelf: Shelf, object_id: ObjectId, monkeypatch: pytest.MonkeyPatch
) -> None:
    state(shelf, object_id, limited(act="lend", restriction="conditional"))
    assert level(object_id) is Level.DOWNLOAD
    monkeypatch.setenv("MUNIMENT_RIGHTS_ACTS", "Lend")
    monkeypatch.setenv("MUNIMENT_RIGHTS_CONDITIONAL_LEVEL", "none")
    runtime_settings.settings.cache_clear()
    try:
        assert level(object_id) is Level.NONE
    finally:
        monkeypatch.undo()
        runtime_settings.settings.cache_clear()


def test_a_rebuild_gives_the_same_restrictions(shelf: Shelf, object_id: ObjectId) -> None:
    state(shelf, object_id, limited(ends_at="2030"), limited(act="publish"))
    before = list(dump())
    assert any(b'"ActRestriction"' in line for line in before)
    shelf.rebuild()
    assert list(dump()) == before
    assert level(object_id) is Level.METADATA


ACTS = st.builds(
    limited,
    st.sampled_from(["disseminate", "display", "migrate"]),
    st.sampled_from(["disallow", "conditional", "", "other"]),
    starts_at=st.sampled_from(["", "2026-11-30", "2026-12-01", "2026-12-02", "2026", "2027"]),
    ends_at=st.sampled_from(["", "OPEN", "2026-11-30", "2026-12-01", "2027"]),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stated=st.lists(ACTS, max_size=3))
def test_function_and_filter_give_the_same_answer(
    shelf: Shelf, object_id: ObjectId, stated: list[Stated]
) -> None:
    entity = IntellectualEntity.objects.get(object_id=object_id)
    ActRestriction.objects.filter(entity=entity).delete()
    caps = [Level.DOWNLOAD]
    for (act,) in (each.granted for each in stated):
        first, last = premis.term_days(act)
        for word in {"disallow", "conditional"} & set(act.restrictions):
            ActRestriction.objects.create(
                entity=entity, act=act.act, restriction=word, starts_on=first, ends_on=last
            )
            is_now = (first or date.min) <= TODAY.date() <= (last or date.max)
            if is_now and act.act != "migrate":
                caps.append(Level.METADATA if word == "disallow" else Level.PREVIEW)
    assert level(object_id) is min(caps)
