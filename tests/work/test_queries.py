from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from muniment.runtime.actor import SYSTEM, Actor, Role, actor_with
from muniment.runtime.errors import ObjectMissing
from muniment.work import backpressure, limits, queries
from muniment.work.models import Job
from muniment.work.queries import JobFilter
from muniment.work.services import enqueue
from muniment.work.types import Dimension, JobState
from tests.work.builders import ADA, BOB, a_claim, a_job, a_kind, a_running_job, fresh

pytestmark = pytest.mark.django_db


def _seen_by(actor: Actor) -> list[Job]:
    return queries.page_of_jobs(actor)


def test_the_newest_comes_first() -> None:
    first, second = a_job(), a_job()
    assert _seen_by(ADA) == [second, first]


def test_a_depositor_sees_only_own_jobs() -> None:
    a_job(actor=SYSTEM)
    own = a_job(actor=BOB)
    assert _seen_by(BOB) == [own]


@pytest.mark.parametrize("role", [Role.READER, Role.ANONYMOUS])
def test_who_may_read_no_jobs_sees_none(role: Role) -> None:
    a_job(actor=SYSTEM)
    assert _seen_by(actor_with("muniment", role)) == []


def test_a_page_goes_on_after_the_last_one() -> None:
    jobs = [a_job() for _ in range(5)][::-1]
    first = queries.page_of_jobs(ADA, limit=2)
    second = queries.page_of_jobs(ADA, after=first[-1].pk, limit=2)
    assert (first, second) == (jobs[:2], jobs[2:4])


def test_jobs_are_chosen_by_state_kind_and_queue() -> None:
    kind = a_kind(print)
    running, _ = a_running_job()
    other, slow = a_job(kind), a_job(queue="slow")
    assert queries.page_of_jobs(ADA, JobFilter([JobState.RUNNING])) == [running]
    assert queries.page_of_jobs(ADA, JobFilter(kind=kind)) == [other]
    assert queries.page_of_jobs(ADA, JobFilter(queue="slow")) == [slow]


@pytest.mark.parametrize("count", [3, 30])
def test_a_list_takes_one_query_whatever_its_length(count: int) -> None:
    for _ in range(count):
        a_job()
    with CaptureQueriesContext(connection) as made:
        rows = queries.page_of_jobs(ADA)
    assert (len(rows), len(made)) == (count, 1)


def test_one_job_is_shown_to_its_owner_only() -> None:
    job = a_job(actor=SYSTEM)
    assert queries.job_of(job.pk, actor=ADA) == job
    with pytest.raises(ObjectMissing):
        queries.job_of(job.pk, actor=BOB)


def test_the_history_is_in_order() -> None:
    job, _ = a_running_job()
    assert [each.state for each in queries.history_of(job)] == ["queued", "running"]


def test_jobs_are_counted_by_state() -> None:
    a_running_job()
    a_job()
    a_job()
    assert queries.counts_by_state(ADA) == {"queued": 2, "running": 1}


def test_the_next_job_waits_for_nothing() -> None:
    assert queries.why_it_waits(a_job()) == ""


def test_a_running_job_does_not_wait() -> None:
    assert queries.why_it_waits(a_running_job()[0]) == ""


def test_a_job_that_was_put_off_says_until_when() -> None:
    at = datetime(2100, 1, 2, 3, 4, 5, tzinfo=UTC)
    job = enqueue("test-echo", {}, actor=SYSTEM, run_after=at)
    assert queries.why_it_waits(job) == "waits until 2100-01-02 03:04:05Z"


def test_a_job_of_a_paused_queue_says_who_paused_it() -> None:
    limits.pause(Dimension.QUEUE, "q", actor=ADA)
    assert queries.why_it_waits(a_job(queue="q")) == "queue q is paused by ada"


def test_a_job_without_a_slot_says_so() -> None:
    limits.set_limit(Dimension.GROUP, "am-1", max_running=1, actor=ADA)
    a_job(group="am-1")
    a_claim()
    waiting = a_job(group="am-1")
    assert queries.why_it_waits(waiting) == "waiting for a slot: 1/1 of group am-1 run"


def test_a_job_of_a_kind_that_is_not_installed_says_so() -> None:
    job = a_job()
    Job.objects.filter(pk=job.pk).update(kind="gone")
    assert "knows the kind 'gone'" in queries.why_it_waits(fresh(job))


def test_back_pressure_is_a_reason() -> None:
    backpressure.add_gate("disk", lambda: "the disk is nearly full")
    job = a_job(a_kind(print, takes_space=True))
    assert queries.why_it_waits(job) == "the disk is nearly full"


def test_the_rest_of_a_job_is_estimated_from_what_is_done() -> None:
    job, _ = a_running_job()
    job.progress_done, job.progress_total = 25, 100
    assert job.started_at is not None
    assert queries.remaining_s(job, job.started_at + timedelta(seconds=10)) == 30


@pytest.mark.parametrize(("done", "total"), [(0, 10), (5, None)])
def test_without_progress_nothing_is_estimated(done: int, total: int | None) -> None:
    job, _ = a_running_job()
    job.progress_done, job.progress_total = done, total
    assert queries.remaining_s(job, datetime.now(UTC)) is None


def test_of_a_waiting_job_nothing_is_estimated() -> None:
    assert queries.remaining_s(a_job(), datetime.now(UTC)) is None
