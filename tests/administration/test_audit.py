"""The audit trail is append-only, without gaps, and tells when somebody changed it."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.administration.models import AuditEntry
from muniment.administration.services.audit import Deed, broken_links, record
from muniment.runtime.actor import Role, actor_with, require
from muniment.runtime.clock import FakeClock
from muniment.runtime.deeds import AuditOutcome, Unit, note, unit_of_work
from muniment.runtime.errors import PermissionDenied

pytestmark = pytest.mark.django_db
ADA = actor_with("ada", Role.ARCHIVIST)
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60)


def lines(count: int = 3) -> list[AuditEntry]:
    clock = FakeClock()
    made = []
    for number in range(count):
        clock.advance(1)
        made.append(record(Deed("object.tag", f"object {number}"), actor=ADA, clock=clock))
    return made


def test_lines_are_numbered_without_gaps() -> None:
    assert [entry.number for entry in lines()] == [1, 2, 3]


def test_an_untouched_trail_holds() -> None:
    lines()
    assert list(broken_links()) == []


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "bob"},
        {"action": "object.read"},
        {"thing": "another"},
        {"outcome": "refused"},
        {"detail": {"more": 1}},
        {"address": "10.0.0.1"},
        {"request_id": "x"},
        {"digest": bytes(32)},
        {"previous": b"\x01" * 32},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_line_is_found(change: dict[str, object]) -> None:
    lines()
    AuditEntry.objects.filter(number=2).update(**change)
    assert 2 in [each.number for each in broken_links()]


def test_a_removed_line_is_found() -> None:
    lines()
    AuditEntry.objects.filter(number=2).delete()
    assert [each.number for each in broken_links()] == [3]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(thing=TEXT, detail=st.dictionaries(TEXT, TEXT | st.integers(-(2**53), 2**53), max_size=3))
def test_any_text_can_be_written_and_verified(thing: str, detail: dict[str, object]) -> None:
    AuditEntry.objects.all().delete()
    record(Deed("x", thing, AuditOutcome.FAILED, detail), actor=ADA, clock=FakeClock())
    assert list(broken_links()) == []


@pytest.mark.django_db(transaction=True)
def test_the_chain_is_one_when_many_write_at_once() -> None:
    start = threading.Barrier(6)

    def write(name: str) -> None:
        try:
            start.wait()
            for number in range(10):
                with transaction.atomic():
                    record(Deed("x", f"{name} {number}"), actor=ADA, clock=FakeClock())
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, "abcdef"))
    assert [each.number for each in AuditEntry.objects.order_by("number")] == list(range(1, 61))
    assert list(broken_links()) == []


def test_lines_of_one_unit_follow_each_other_and_are_written_once() -> None:
    unit = Unit(thing="/here", detail={"command": "x"}, address="::1", request_id="r")
    with unit_of_work(unit):
        for _ in range(2):
            require(ADA, "object.tag")
        require(ADA, "object.read")
    (line,) = AuditEntry.objects.all()
    assert (line.actor, line.action, line.thing) == ("ada", "object.tag", "/here")
    assert (line.outcome, line.detail, line.address) == ("done", {"command": "x"}, "::1")


def test_a_refusal_inside_is_told_beside_what_was_done() -> None:
    with unit_of_work(Unit()):
        require(ADA, "object.tag")
        with contextlib.suppress(PermissionDenied):
            require(ADA, "webhook.change")
    told = AuditEntry.objects.order_by("number").values_list("action", "outcome")
    assert list(told) == [("object.tag", "done"), ("webhook.change", "refused")]


def test_a_unit_that_fails_tells_what_it_had_asked_for_and_the_kind_of_fault() -> None:
    def fail() -> None:
        require(ADA, "object.tag")
        raise RuntimeError("its text may hold a secret")

    with pytest.raises(RuntimeError), unit_of_work(Unit()):
        fail()
    (line,) = AuditEntry.objects.all()
    assert (line.outcome, line.detail) == ("failed", {"ended": "RuntimeError"})


def test_a_dry_unit_leaves_nothing() -> None:
    with unit_of_work(Unit(is_dry=True)):
        require(ADA, "object.tag")
    assert not AuditEntry.objects.exists()


def test_a_unit_of_a_million_things_is_written_as_it_goes() -> None:
    with unit_of_work(Unit()) as unit:
        for number in range(1500):
            note(ADA, "object.tag", number, is_allowed=True)
        assert len(unit.asked) < 1000
    assert AuditEntry.objects.count() == 1500


def test_a_job_inside_a_command_is_a_unit_of_its_own() -> None:
    with unit_of_work(Unit(detail={"command": "ingest"})):
        with unit_of_work(Unit(detail={"job": 1})):
            require(ADA, "object.tag")
        require(ADA, "object.describe")
    told = AuditEntry.objects.order_by("number").values_list("action", "detail")
    assert list(told) == [
        ("object.tag", {"job": 1}),
        ("object.describe", {"command": "ingest"}),
    ]
