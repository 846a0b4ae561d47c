"""A clock that is set back: every wait is as long as it was meant to be.

Rows are moved into the future, as a clock that was ahead would have written them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import FakeClock
from muniment.work import leases, outbox, schedules
from muniment.work.models import Delivery, Job, JobChange, Schedule
from muniment.work.outbox import Event
from muniment.work.schedules import Plan, next_time
from muniment.work.setback import mend
from muniment.work.types import JobState, Settlement
from muniment.work.worker import Worker
from tests.work.builders import QUICK, a_claim, a_job, a_kind, a_running_job, fresh, states_of

pytestmark = pytest.mark.django_db

GAPS = [timedelta(seconds=5), timedelta(hours=1), timedelta(days=2), timedelta(days=3650)]
every_gap = pytest.mark.parametrize("gap", GAPS, ids=str)


def _as_written_ahead(job: Job, gap: timedelta) -> None:
    """Move all that is known of a job by `gap`."""
    JobChange.objects.filter(job=job).update(at=F("at") + gap)
    rows = Job.objects.filter(pk=job.pk)
    rows.update(run_after=F("run_after") + gap, created_at=F("created_at") + gap)
    rows.filter(state=JobState.RUNNING.value).update(
        lease_until=F("lease_until") + gap, heartbeat_at=F("heartbeat_at") + gap
    )


def _wait_s(job: Job) -> float:
    return (fresh(job).run_after - datetime.now(UTC)).total_seconds()


@every_gap
def test_a_job_that_was_to_run_at_once_runs_at_once(gap: timedelta) -> None:
    job = a_job()
    _as_written_ahead(job, gap)
    assert mend() == 1
    assert a_claim().lease.job_id == job.pk


@every_gap
def test_a_back_off_is_as_long_as_it_was(gap: timedelta) -> None:
    job, claimed = a_running_job()
    leases.settle(claimed.lease, Settlement(JobState.QUEUED, delay_s=500))
    _as_written_ahead(job, gap)
    assert mend() == 1
    assert _wait_s(job) == pytest.approx(500, abs=60)


def test_a_wait_that_began_before_now_is_left_alone() -> None:
    job, claimed = a_running_job()
    leases.settle(claimed.lease, Settlement(JobState.QUEUED, delay_s=7000))
    before = fresh(job).run_after
    assert mend() == 0
    assert fresh(job).run_after == before


def test_the_history_says_why_and_a_second_look_finds_nothing() -> None:
    job = a_job()
    _as_written_ahead(job, timedelta(days=2))
    mend()
    assert "the clock was set back by 2 days" in job.changes.latest("pk").note
    assert states_of(job) == ["queued", "queued"]
    assert mend() == 0


def test_a_lease_of_a_lost_worker_ends_within_its_span() -> None:
    job, _ = a_running_job()
    _as_written_ahead(job, timedelta(days=2))
    assert mend() == 1
    until = fresh(job).lease_until
    assert until is not None
    assert 0 < (until - datetime.now(UTC)).total_seconds() < 61
    assert mend() == 0


def test_a_worker_keeps_its_job_over_a_mend() -> None:
    job, claimed = a_running_job()
    _as_written_ahead(job, timedelta(days=2))
    mend()
    assert leases.settle(claimed.lease, Settlement(JobState.SUCCEEDED))
    assert fresh(job).state == "succeeded"


def test_many_jobs_are_mended_in_batches() -> None:
    kind = a_kind(lambda _: None)
    for _ in range(205):
        a_job(kind)
    JobChange.objects.update(at=F("at") + timedelta(days=1))
    Job.objects.update(run_after=F("run_after") + timedelta(days=1))
    assert mend() == 205


def test_an_event_is_delivered_at_once() -> None:
    heard: list[Event] = []
    outbox.subscribe("test", ["said"], heard.append)
    outbox.add("said", entity="a")
    Delivery.objects.update(due_at=F("due_at") + timedelta(minutes=5))
    assert outbox.drain() == 0
    assert mend() == 1
    assert outbox.drain() == 1
    assert len(heard) == 1


def test_a_delivery_that_failed_waits_no_longer_than_a_back_off() -> None:
    def fail(_: Event) -> None:
        raise ValueError("broken")

    outbox.subscribe("test", ["said"], fail)
    outbox.add("said", entity="a")
    outbox.drain()
    assert mend() == 0
    Delivery.objects.update(due_at=F("due_at") + timedelta(days=2))
    assert mend() == 1
    assert (Delivery.objects.get().due_at - datetime.now(UTC)).total_seconds() < 1


def _nightly() -> Schedule:
    now = FakeClock(datetime.now(UTC))
    return schedules.add(Plan("nightly", "30 2 * * *", "test-echo"), actor=SYSTEM, clock=now)


def test_a_schedule_comes_at_its_next_time() -> None:
    schedule = _nightly()
    first = schedule.next_run_at
    Schedule.objects.update(next_run_at=first + timedelta(days=40))
    assert mend() == 1
    schedule.refresh_from_db()
    assert schedule.next_run_at == first
    assert mend() == 0


def test_a_paused_schedule_is_left_alone() -> None:
    schedule = _nightly()
    later = schedule.next_run_at + timedelta(days=40)
    Schedule.objects.update(next_run_at=later, is_enabled=False)
    assert mend() == 0


def test_a_time_that_comes_twice_fires_twice() -> None:
    schedule = _nightly()
    night = datetime.now(UTC) - timedelta(hours=1)
    for _ in range(2):
        Schedule.objects.update(next_run_at=night)
        assert schedules.fire_due() == 1
        leases.settle(a_claim().lease, Settlement(JobState.SUCCEEDED))
    assert Job.objects.count() == 2
    schedule.refresh_from_db()
    assert schedule.last_job_id == Job.objects.latest("pk").pk


@given(
    st.integers(0, 2 * 366 * 86_400).map(lambda s: FakeClock().at + timedelta(seconds=s)),
    st.floats(0, 1),
    st.sampled_from(["30 2 * * *", "15 * * * *", "0 3 * * 1", "*/20 1-4 * * *"]),
)
def test_no_instant_before_a_due_time_finds_an_earlier_one(
    began: datetime, part: float, cron: str
) -> None:
    """So a schedule is mended only when the clock was set back, in nights with 25 hours too."""
    due = next_time(cron, "Europe/Zurich", began)
    between = began + (due - began) * part
    if between < due:
        assert next_time(cron, "Europe/Zurich", between) >= due


def test_a_worker_mends_before_it_looks_for_work() -> None:
    job = a_job()
    _as_written_ahead(job, timedelta(days=2))
    Worker(times=QUICK).run_until_idle()
    assert fresh(job).state == "succeeded"
