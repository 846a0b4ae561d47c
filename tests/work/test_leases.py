from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from muniment.work import leases
from muniment.work.context import JobContext
from muniment.work.interruptions import LeaseLost
from muniment.work.models import DomainEvent, Job
from muniment.work.outbox import add
from muniment.work.services import cancel
from muniment.work.types import HeldReason, JobState, Lease, Progress, Settlement
from tests.work.builders import (
    ADA,
    a_running_job,
    fresh,
    give_to_another_worker,
    let_lease_run_out,
    states_of,
)

pytestmark = pytest.mark.django_db

EVERY_SETTLEMENT = [
    Settlement(JobState.SUCCEEDED, result={"a": 1}),
    Settlement(JobState.FAILED, error_class="invalid", error_text="no"),
    Settlement(JobState.QUEUED, delay_s=5),
    Settlement(JobState.QUEUED, counts_as_attempt=False),
    Settlement(JobState.HELD, held_reason=HeldReason.BUG.value),
    Settlement(JobState.CANCELLED),
]


def _a_lease() -> tuple[Job, Lease]:
    job, claimed = a_running_job()
    return job, claimed.lease


@pytest.mark.parametrize("settlement", EVERY_SETTLEMENT, ids=str)
def test_settling_gives_up_the_lease(settlement: Settlement) -> None:
    job, lease = _a_lease()
    assert leases.settle(lease, settlement)
    left = fresh(job)
    assert left.state == settlement.state
    assert (left.lease_owner, left.lease_token, left.lease_until) == ("", None, None)
    assert states_of(job) == ["queued", "running", settlement.state]


@pytest.mark.parametrize("settlement", EVERY_SETTLEMENT, ids=str)
def test_a_zombie_with_an_old_token_writes_nothing(settlement: Settlement) -> None:
    job, lease = _a_lease()
    give_to_another_worker(job)
    before = Job.objects.filter(pk=job.pk).values().get()
    assert not leases.settle(lease, settlement)
    assert leases.extend(lease, Progress(9, 9), lease_s=60) is None
    assert leases.look(lease) is None
    assert Job.objects.filter(pk=job.pk).values().get() == before
    assert states_of(job) == ["queued", "running"]


def test_a_job_is_settled_once() -> None:
    _, lease = _a_lease()
    assert leases.settle(lease, Settlement(JobState.SUCCEEDED))
    assert not leases.settle(lease, Settlement(JobState.FAILED))


def test_the_token_counts_and_not_the_clock() -> None:
    """A lease whose time is over but that nobody took is still ours (the clock may have jumped)."""
    job, lease = _a_lease()
    let_lease_run_out(job)
    assert leases.settle(lease, Settlement(JobState.SUCCEEDED))


def test_a_heartbeat_renews_the_lease_and_tells_the_progress() -> None:
    job, lease = _a_lease()
    let_lease_run_out(job)
    assert leases.extend(lease, Progress(3, 9, "files", "a.txt"), lease_s=60)
    left = fresh(job)
    assert left.lease_until is not None
    assert left.heartbeat_at is not None
    assert left.lease_until > left.heartbeat_at
    assert (left.progress_done, left.progress_total) == (3, 9)
    assert (left.progress_unit, left.progress_message) == ("files", "a.txt")


def test_a_heartbeat_learns_that_the_job_is_cancelled() -> None:
    job, lease = _a_lease()
    cancel(job.pk, actor=ADA)
    assert leases.extend(lease, Progress(), lease_s=60) == leases.Beat(is_cancelled=True)


def test_a_cancelled_job_does_not_go_back_to_the_queue() -> None:
    job, lease = _a_lease()
    cancel(job.pk, actor=ADA)
    leases.settle(lease, Settlement(JobState.QUEUED))
    assert fresh(job).state == "cancelled"


def test_a_result_and_an_error_are_kept() -> None:
    job, lease = _a_lease()
    leases.settle(lease, Settlement(JobState.SUCCEEDED, result={"é": [1, None]}))
    assert fresh(job).result == {"é": [1, None]}
    assert fresh(job).ended_at is not None


def test_a_job_is_put_off_until_an_instant() -> None:
    job, lease = _a_lease()
    at = datetime(2100, 1, 1, tzinfo=UTC)
    leases.settle(lease, Settlement(JobState.QUEUED, run_after=at))
    assert fresh(job).run_after == at


def test_a_job_is_put_off_by_a_delay() -> None:
    job, lease = _a_lease()
    leases.settle(lease, Settlement(JobState.QUEUED, delay_s=3600))
    assert (fresh(job).run_after - job.created_at).total_seconds() >= 3600


def test_an_attempt_that_does_not_count_is_taken_off() -> None:
    job, lease = _a_lease()
    leases.settle(lease, Settlement(JobState.QUEUED, counts_as_attempt=False))
    assert fresh(job).attempts == 0


def test_a_zombie_cannot_write_in_a_transaction_of_the_job() -> None:
    job, claimed = a_running_job()
    give_to_another_worker(job)
    with pytest.raises(LeaseLost), JobContext(claimed, ADA).transaction():
        add("written by a zombie")
    assert not DomainEvent.objects.exists()


def test_who_holds_the_lease_writes_in_a_transaction_of_the_job() -> None:
    _, claimed = a_running_job()
    with transaction.atomic(), JobContext(claimed, ADA).transaction():
        add("written")
    assert DomainEvent.objects.count() == 1
