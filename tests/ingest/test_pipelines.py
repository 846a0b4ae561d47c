"""Pipelines are data that is checked before it is kept."""

from __future__ import annotations

import pytest

from muniment.ingest.models import Pipeline
from muniment.ingest.services.pipelines import (
    DEFAULT_STEPS,
    check_steps,
    ensure_default_pipeline,
    pipeline_named,
    save_pipeline,
)
from muniment.runtime.actor import SYSTEM, Role, actor_with
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import InvalidArgument, ObjectMissing, PermissionDenied

FULL = [{"name": name} for name in DEFAULT_STEPS]
SHORT = [{"name": n} for n in ("receive", "unpack", "verify", "describe", "seal", "index")]


def without(name: str) -> list[dict[str, str]]:
    return [step for step in FULL if step["name"] != name]


@pytest.mark.parametrize("name", ["receive", "unpack", "verify", "describe", "seal", "index"])
def test_the_steps_that_make_an_object_must_be_there(name: str) -> None:
    with pytest.raises(InvalidArgument, match=name):
        check_steps(without(name))


@pytest.mark.parametrize("name", ["scan", "identify", "validate_formats", "characterise"])
def test_the_other_steps_may_be_left_out(name: str) -> None:
    assert len(check_steps(without(name))) == len(FULL) - 1


def test_steps_out_of_order_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="order"):
        check_steps(list(reversed(FULL)))


def test_a_step_after_the_sealing_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="between verify and describe"):
        check_steps([*SHORT, {"name": "scan"}])


def test_a_step_named_twice_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="scan"):
        check_steps([*FULL[:4], {"name": "scan"}, *FULL[4:]])


def test_an_unknown_step_is_named_with_the_known_ones() -> None:
    with pytest.raises(InvalidArgument, match=r"polish.*receive, unpack"):
        check_steps([*FULL[:4], {"name": "polish"}, *FULL[4:]])


def test_an_unknown_parameter_is_named_with_the_known_ones() -> None:
    steps = [
        {**step, "parameters": {"speed": 9}} if step["name"] == "scan" else step for step in FULL
    ]
    with pytest.raises(InvalidArgument, match=r"speed.*without_scanner"):
        check_steps(steps)


def test_a_wrong_value_is_refused_with_the_right_ones() -> None:
    bad = {"name": "scan", "parameters": {"without_scanner": "maybe"}}
    with pytest.raises(InvalidArgument, match="skip, hold, never"):
        check_steps([bad if step["name"] == "scan" else step for step in FULL])


@pytest.mark.django_db
def test_there_is_one_default_pipeline_however_often_it_is_asked_for() -> None:
    first = ensure_default_pipeline(clock=FakeClock())
    again = ensure_default_pipeline(clock=FakeClock())
    assert first.pk == again.pk
    assert pipeline_named(None).name == "default"


@pytest.mark.django_db
def test_saving_again_replaces_the_steps() -> None:
    for steps in (FULL, SHORT):
        save_pipeline("quick", steps, title="Quick", actor=SYSTEM, clock=FakeClock())
    assert [step["name"] for step in Pipeline.objects.get(name="quick").steps] == [
        step["name"] for step in SHORT
    ]


@pytest.mark.django_db
def test_a_missing_pipeline_is_named_with_those_that_there_are() -> None:
    ensure_default_pipeline(clock=FakeClock())
    with pytest.raises(ObjectMissing, match=r"'quick'.*default"):
        pipeline_named("quick")


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.DEPOSITOR, Role.AUDITOR, Role.EDITOR, Role.READER])
def test_only_those_who_may_change_pipelines(role: Role) -> None:
    with pytest.raises(PermissionDenied):
        save_pipeline("x", FULL, title="", actor=actor_with("ada", role), clock=FakeClock())


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "a b", "a/b", "ä?"])
def test_a_name_is_plain(name: str) -> None:
    with pytest.raises(InvalidArgument):
        save_pipeline(name, FULL, title="", actor=SYSTEM, clock=FakeClock())
