from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from muniment.runtime.actor import SYSTEM
from muniment.work import limits
from muniment.work.claiming import Wanted, _statement, _values, claim
from muniment.work.models import Job
from muniment.work.services import enqueue
from muniment.work.types import Claimed, Dimension
from tests.work.builders import ADA, a_claim, a_job, fresh, states_of

pytestmark = pytest.mark.django_db


def _claimed_numbers(queues: tuple[str, ...] = (), *, most: int = 9) -> list[int]:
    found: list[Claimed | None] = [
        claim("worker", Wanted(["test-echo"], queues)) for _ in range(most)
    ]
    return [each.lease.job_id for each in found if each is not None]


def test_a_claim_leases_the_job_and_counts_the_attempt() -> None:
    job = a_job(arguments={"a": [1]})
    claimed = a_claim(owner="worker")
    leased = fresh(job)
    assert (leased.state, leased.attempts, leased.lease_owner) == ("running", 1, "worker")
    assert leased.lease_token == claimed.lease.token
    assert leased.lease_until is not None
    assert leased.heartbeat_at is not None
    assert leased.lease_until - leased.heartbeat_at == timedelta(seconds=60)
    assert (claimed.arguments, claimed.lease.attempt) == ({"a": [1]}, 1)
    assert states_of(job) == ["queued", "running"]


def test_every_claim_has_a_token_of_its_own() -> None:
    a_job()
    a_job()
    assert a_claim().lease.token != a_claim().lease.token


def test_the_most_urgent_comes_first_then_the_oldest() -> None:
    late, early = a_job(priority=0), a_job(priority=0)
    urgent = a_job(priority=5)
    unimportant = a_job(priority=-5)
    assert _claimed_numbers() == [urgent.pk, late.pk, early.pk, unimportant.pk]


def test_a_job_that_was_put_off_waits() -> None:
    enqueue("test-echo", {}, actor=SYSTEM, run_after=fresh(a_job()).created_at + timedelta(hours=1))
    assert len(_claimed_numbers()) == 1


def test_a_worker_takes_only_kinds_that_it_knows() -> None:
    a_job()
    assert claim("worker", Wanted(["other"])) is None
    assert claim("worker", Wanted([])) is None


@pytest.mark.parametrize(("queues", "count"), [((), 2), (("a",), 1), (("a", "b"), 2), (("c",), 0)])
def test_a_worker_takes_only_from_its_queues(queues: tuple[str, ...], count: int) -> None:
    a_job(queue="a")
    a_job(queue="b")
    assert len(_claimed_numbers(queues)) == count


@pytest.mark.parametrize(
    ("dimension", "name"),
    [(Dimension.QUEUE, "q"), (Dimension.GROUP, "g"), (Dimension.KIND, "test-echo")],
)
def test_no_more_jobs_run_than_a_limit_allows(dimension: Dimension, name: str) -> None:
    limits.set_limit(dimension, name, max_running=2, actor=ADA)
    for _ in range(4):
        a_job(queue="q", group="g")
    assert len(_claimed_numbers()) == 2


def test_a_full_group_does_not_hold_up_the_others() -> None:
    limits.set_limit(Dimension.GROUP, "partner", max_running=1, actor=ADA)
    first, _, other = a_job(group="partner"), a_job(group="partner"), a_job(group="")
    assert _claimed_numbers() == [first.pk, other.pk]


def test_nothing_of_a_paused_queue_starts_until_it_is_resumed() -> None:
    a_job(queue="q")
    limits.pause(Dimension.QUEUE, "q", actor=ADA)
    assert _claimed_numbers() == []
    limits.resume(Dimension.QUEUE, "q", actor=ADA)
    assert len(_claimed_numbers()) == 1


def _queries_of_a_claim() -> int:
    with CaptureQueriesContext(connection) as queries:
        a_claim()
    return len(queries)


def test_a_claim_takes_as_many_queries_whatever_waits() -> None:
    for _ in range(3):
        a_job()
    few = _queries_of_a_claim()
    for _ in range(30):
        a_job()
    assert _queries_of_a_claim() == few


@pytest.mark.parametrize("turn", ["", "m"])
@pytest.mark.parametrize(
    ("queues", "index"),
    [((), "job_claim"), (("default",), "job_claim_queue"), (("default", "other"), "job_claim")],
)
def test_a_claim_reads_its_index_in_order_and_sorts_nothing(
    queues: tuple[str, ...], index: str, turn: str
) -> None:
    Job.objects.bulk_create(
        Job(kind="test-echo", asked_by="xyz"[number % 3], priority=number % 3, run_after=Now())
        for number in range(2000)
    )
    wanted = Wanted(["test-echo"], queues, turn)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ANALYZE work_job")
            cursor.execute("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        values = _values("o", uuid.UUID(int=0), wanted, 60.0)
        cursor.execute(f"{explain} {_statement(wanted)}", values)
        plan = "\n".join(str(row) for row in cursor.fetchall())
    assert index in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
