"""The overview of the queues."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from muniment.work import limits
from muniment.work.queues import QueueOverview, overview_of_queues
from muniment.work.services import cancel
from muniment.work.types import Dimension, JobState
from tests.work.builders import ADA, BOB, a_job, a_running_job, fresh

pytestmark = pytest.mark.django_db


def _queue(name: str) -> QueueOverview:
    (found,) = [each for each in overview_of_queues(ADA) if each.name == name]
    return found


def test_without_jobs_there_are_no_queues() -> None:
    assert overview_of_queues(ADA) == []


def test_jobs_are_counted_by_state() -> None:
    a_running_job()
    a_job()
    cancel(a_job().pk, actor=ADA)
    found = _queue("default").counts
    assert (found[JobState.RUNNING], found[JobState.QUEUED], found[JobState.CANCELLED]) == (1, 1, 1)
    assert set(found) == set(JobState)


def test_the_oldest_waiting_job_says_since_when() -> None:
    first, _ = a_job(queue="slow"), a_job(queue="slow")
    assert _queue("slow").oldest_waiting_at == fresh(first).created_at


def test_who_runs_waits_no_more() -> None:
    a_running_job()
    assert _queue("default").oldest_waiting_at is None


def test_a_paused_queue_is_there_without_jobs() -> None:
    limits.pause(Dimension.QUEUE, "night", actor=ADA)
    found = _queue("night")
    assert (found.is_paused, found.changed_by, found.counts[JobState.QUEUED]) == (True, "ada", 0)


def test_limits_of_groups_and_kinds_make_no_queue() -> None:
    limits.set_limit(Dimension.GROUP, "partner", max_running=1, actor=ADA)
    assert overview_of_queues(ADA) == []


def test_a_limit_is_shown() -> None:
    limits.set_limit(Dimension.QUEUE, "slow", max_running=2, actor=ADA)
    assert _queue("slow").max_running == 2


def test_who_sees_only_own_jobs_counts_only_own() -> None:
    a_job(actor=ADA)
    a_job(actor=BOB)
    (found,) = overview_of_queues(BOB)
    assert found.counts[JobState.QUEUED] == 1


def _queries() -> int:
    with CaptureQueriesContext(connection) as queries:
        overview_of_queues(ADA)
    return len(queries)


def test_many_queues_cost_as_many_queries_as_few() -> None:
    for number in range(3):
        a_job(queue=f"q{number}")
    few = _queries()
    for number in range(30):
        a_job(queue=f"q{number}")
    assert _queries() == few
