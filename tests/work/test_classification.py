from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import OperationalError

from muniment.runtime import errors
from muniment.work import interruptions as orders
from muniment.work.classification import settlement_of
from muniment.work.retry import RetryPolicy
from muniment.work.types import HeldReason, JobState, Settlement

POLICY = RetryPolicy.PARTNER.value


def _after(exc: BaseException, *, attempts: int = 1) -> Settlement:
    return settlement_of(exc, policy=POLICY, attempts=attempts, max_attempts=3)


@pytest.mark.parametrize(
    "exc",
    [
        errors.InvalidPackage("bad"),
        errors.InvalidArgument("bad"),
        errors.PermissionDenied("no"),
        errors.OnHold("no"),
        errors.WrongState("no"),
        errors.VersionConflict("no"),
        errors.ObjectMissing("no"),
    ],
    ids=repr,
)
def test_a_fault_of_the_content_fails_the_job(exc: errors.MunimentError) -> None:
    settlement = _after(exc)
    assert settlement.state is JobState.FAILED
    assert (settlement.error_class, settlement.error_text) == (exc.code, str(exc))


@pytest.mark.parametrize(
    "exc",
    [
        errors.Locked("busy"),
        errors.StorageUnavailable("gone"),
        errors.NoSpace("full"),
        errors.ToolTimeout("slow"),
        errors.PartnerDown("down"),
        OperationalError("database is locked"),
        orders.TimeLimit("too long"),
    ],
    ids=repr,
)
def test_a_fault_of_ours_is_tried_again_and_then_held(exc: BaseException) -> None:
    again, last = _after(exc, attempts=2), _after(exc, attempts=3)
    assert again.state is JobState.QUEUED
    assert 120 * 0.8 <= again.delay_s <= 120 * 1.2
    assert (last.state, last.held_reason) == (JobState.HELD, HeldReason.ATTEMPTS_USED_UP)


@pytest.mark.parametrize("exc", [ValueError("oops"), errors.MunimentError("odd"), OSError(5, "io")])
def test_a_bug_is_held_at_once_with_its_story(exc: Exception) -> None:
    with pytest.raises(type(exc)) as caught:
        raise exc
    settlement = _after(caught.value)
    assert (settlement.state, settlement.held_reason) == (JobState.HELD, HeldReason.BUG)
    assert "Traceback" in settlement.error_story
    assert "test_classification.py" in settlement.error_story


def test_damage_is_an_incident_and_never_tried_again() -> None:
    settlement = _after(errors.FixityMismatch("differs"))
    assert (settlement.state, settlement.held_reason) == (JobState.HELD, HeldReason.INCIDENT)


def test_a_wrong_setting_is_held_at_once_for_who_can_mend_it() -> None:
    settlement = _after(errors.Misconfigured("no signature database"))
    assert (settlement.state, settlement.held_reason) == (
        JobState.HELD,
        HeldReason.MISCONFIGURED,
    )


def test_a_decision_is_waited_for_with_its_choices() -> None:
    settlement = _after(errors.DecisionNeeded("whose?", ["mine", "yours"]))
    assert (settlement.state, settlement.held_reason) == (JobState.HELD, HeldReason.DECISION)
    assert settlement.choices == ("mine", "yours")


def test_an_order_to_stop_counts_no_attempt() -> None:
    settlement = _after(orders.Stopping("bye"), attempts=3)
    assert (settlement.state, settlement.counts_as_attempt) == (JobState.QUEUED, False)


def test_a_cancelled_job_is_cancelled() -> None:
    assert _after(orders.Cancelled("no more")).state is JobState.CANCELLED


def test_a_rescheduled_job_waits_and_counts_no_attempt() -> None:
    at = datetime(2100, 1, 1, tzinfo=UTC)
    settlement = _after(orders.Rescheduled(at, 0, "tape is slow"), attempts=3)
    assert settlement.state is JobState.QUEUED
    assert (settlement.run_after, settlement.note) == (at, "tape is slow")
    assert not settlement.counts_as_attempt


class _BreakerOpen(errors.PartnerDown):
    counts_as_attempt = False


def test_the_wish_of_a_partner_wins_over_the_policy() -> None:
    assert _after(errors.RateLimited("later", retry_after_s=77)).delay_s == 77


def test_an_open_breaker_uses_up_no_try() -> None:
    settlement = _after(_BreakerOpen("open"), attempts=3)
    assert (settlement.state, settlement.counts_as_attempt) == (JobState.QUEUED, False)


def test_a_long_story_is_cut_from_its_beginning() -> None:
    settlement = _after(ValueError("x" * 100_000))
    assert len(settlement.error_story) == 20_000
    assert settlement.error_story.endswith("x\n")
