"""The audit trail is append-only, without gaps, and tells when somebody changed it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from muniment.administration.models import AuditEntry
from muniment.administration.services.audit import AuditOutcome, Deed, broken_lines, record
from muniment.runtime.actor import Role, actor_with
from muniment.runtime.clock import FakeClock

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
    assert list(broken_lines()) == []


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
    assert 2 in list(broken_lines())


def test_a_removed_line_is_found() -> None:
    lines()
    AuditEntry.objects.filter(number=2).delete()
    assert list(broken_lines()) == [3]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(thing=TEXT, detail=st.dictionaries(TEXT, TEXT | st.integers(-(2**53), 2**53), max_size=3))
def test_any_text_can_be_written_and_verified(thing: str, detail: dict[str, object]) -> None:
    AuditEntry.objects.all().delete()
    record(Deed("x", thing, AuditOutcome.FAILED, detail), actor=ADA, clock=FakeClock())
    assert list(broken_lines()) == []
