from __future__ import annotations

import pytest

from muniment.runtime.actor import SYSTEM, Actor, Role, actor_with
from muniment.runtime.errors import (
    DecisionNeeded,
    InvalidArgument,
    ObjectMissing,
    PermissionDenied,
    WrongState,
)
from muniment.work import leases, services
from muniment.work.kinds import JobContext
from muniment.work.models import Job
from muniment.work.types import HeldReason, JobState, Settlement
from tests.work.builders import ADA, BOB, a_job, a_kind, a_running_job, fresh, run_next, states_of

pytestmark = pytest.mark.django_db


def _a_settled_job(settlement: Settlement) -> Job:
    job, claimed = a_running_job()
    leases.settle(claimed.lease, settlement)
    return fresh(job)


def _a_held_job(*choices: str) -> Job:
    return _a_settled_job(
        Settlement(JobState.HELD, held_reason=HeldReason.DECISION.value, choices=choices)
    )


SUCCEEDED, FAILED = Settlement(JobState.SUCCEEDED), Settlement(JobState.FAILED)
CANCELLED = Settlement(JobState.CANCELLED)


def test_a_queued_job_is_cancelled_at_once() -> None:
    job = services.cancel(a_job().pk, actor=ADA)
    assert (job.state, job.changes.latest("pk").by) == ("cancelled", "ada")


def test_a_held_job_is_cancelled_at_once() -> None:
    job = services.cancel(_a_held_job().pk, actor=ADA)
    assert (job.state, job.held_reason) == ("cancelled", "")


def test_a_running_job_is_asked_to_stop() -> None:
    job, _ = a_running_job()
    asked = services.cancel(job.pk, actor=ADA)
    assert (asked.state, asked.cancel_requested_at is not None) == ("running", True)


def test_cancelling_twice_changes_nothing_more() -> None:
    job = a_job()
    services.cancel(job.pk, actor=ADA)
    services.cancel(job.pk, actor=ADA)
    assert states_of(job) == ["queued", "cancelled"]


@pytest.mark.parametrize("settlement", [SUCCEEDED, FAILED], ids=str)
def test_what_has_ended_cannot_be_cancelled(settlement: Settlement) -> None:
    with pytest.raises(WrongState, match="nothing to cancel"):
        services.cancel(_a_settled_job(settlement).pk, actor=ADA)


def test_the_open_children_are_cancelled_too() -> None:
    parent = a_job()
    child = services.enqueue("test-echo", {}, actor=SYSTEM, parent=parent)
    grandchild = services.enqueue("test-echo", {}, actor=SYSTEM, parent=child)
    services.cancel(parent.pk, actor=ADA)
    assert fresh(child).state == fresh(grandchild).state == "cancelled"


@pytest.mark.parametrize("settlement", [FAILED, CANCELLED], ids=str)
def test_an_ended_job_is_retried_with_all_its_attempts(settlement: Settlement) -> None:
    job = services.retry(_a_settled_job(settlement).pk, actor=ADA)
    assert (job.state, job.attempts, job.ended_at) == ("queued", 0, None)
    assert job.cancel_requested_at is None


def test_a_held_job_can_be_retried() -> None:
    assert services.retry(_a_held_job().pk, actor=ADA).state == "queued"


def test_what_waits_or_has_succeeded_is_not_retried() -> None:
    for job in (a_job(), _a_settled_job(SUCCEEDED)):
        with pytest.raises(WrongState, match="only an ended or held job"):
            services.retry(job.pk, actor=ADA)


def test_a_choice_is_kept_with_the_job_and_in_its_history() -> None:
    job = services.release(_a_held_job("add", "refuse").pk, actor=ADA, choice="add")
    assert job.decision == {"choice": "add", "by": "ada"}
    assert (job.state, job.choices) == ("queued", [])
    assert job.changes.latest("pk").note == "released: add"


def test_only_what_was_offered_can_be_chosen() -> None:
    with pytest.raises(InvalidArgument, match="choices: add, refuse"):
        services.release(_a_held_job("add", "refuse").pk, actor=ADA, choice="burn")


def test_only_a_held_job_is_released() -> None:
    with pytest.raises(WrongState, match="not held"):
        services.release(a_job().pk, actor=ADA)


def test_a_queued_job_can_be_paused_and_released() -> None:
    job = a_job()
    assert services.hold(job.pk, actor=ADA, reason="tonight").held_reason == "paused"
    assert services.release(job.pk, actor=ADA).state == "queued"


def test_only_a_queued_job_can_be_paused() -> None:
    with pytest.raises(WrongState, match="only a queued job"):
        services.hold(_a_held_job().pk, actor=ADA)


def test_a_job_that_is_not_there_is_missing() -> None:
    with pytest.raises(ObjectMissing):
        services.cancel(999_999, actor=ADA)


def test_who_may_not_see_a_job_is_told_that_there_is_none() -> None:
    with pytest.raises(ObjectMissing):
        services.cancel(a_job(actor=SYSTEM).pk, actor=BOB)


def test_who_may_see_but_not_change_is_denied() -> None:
    with pytest.raises(PermissionDenied):
        services.cancel(a_job(actor=BOB).pk, actor=BOB)


WHO_MAY = [
    (Role.ADMINISTRATOR, True),
    (Role.ARCHIVIST, True),
    (Role.MANAGER, False),
    (Role.EDITOR, False),
    (Role.AUDITOR, False),
    (Role.DEPOSITOR, False),
    (Role.READER, False),
    (Role.ANONYMOUS, False),
]


def _is_denied(actor: Actor, job: Job) -> bool:
    try:
        services.cancel(job.pk, actor=actor)
    except (PermissionDenied, ObjectMissing):
        return True
    return False


@pytest.mark.parametrize(("role", "may"), WHO_MAY)
def test_who_may_change_jobs(role: Role, may: bool) -> None:
    job = a_job(actor=SYSTEM)
    assert _is_denied(actor_with("x", role), job) is not may


def _asks_once(context: JobContext) -> object:
    if not context.decision:
        raise DecisionNeeded("whose?", ["mine"])
    return context.decision["choice"]


def test_the_job_hears_the_answer_to_its_question() -> None:
    kind = a_kind(_asks_once)
    job = a_job(kind)
    run_next(kind)
    services.release(job.pk, actor=ADA, choice="mine")
    run_next(kind)
    assert fresh(job).result == "mine"
