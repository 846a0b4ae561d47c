from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, OperationalError, connection

from muniment.runtime import errors
from muniment.work import leases
from muniment.work.execution import Surroundings, execute
from muniment.work.heartbeat import Heartbeat
from muniment.work.interruptions import Interrupted, TimeLimit
from muniment.work.kinds import JobContext
from muniment.work.models import DomainEvent, Job
from muniment.work.outbox import add
from muniment.work.services import cancel
from muniment.work.types import JobState, Times
from tests.eventually import eventually
from tests.work.builders import (
    ADA,
    BOB,
    QUICK,
    a_claim,
    a_job,
    a_kind,
    fresh,
    give_to_another_worker,
    make_due,
    raising,
    run_job,
    run_next,
    states_of,
)

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["muniment.work"])


def _until_interrupted(context: JobContext) -> None:
    """Work until `check` raises; a test that never gets there runs into the deadline."""

    def is_interrupted() -> bool:
        context.check()
        return False

    eventually(is_interrupted, within_s=10)


def test_a_job_that_returns_has_succeeded() -> None:
    job = run_job(lambda _: {"n": 1})
    assert (job.state, job.result, job.attempts) == ("succeeded", {"n": 1}, 1)


def test_a_job_acts_for_who_asked_for_it() -> None:
    names: list[str] = []
    kind = a_kind(lambda context: names.append(context.actor.name))
    a_job(kind, actor=BOB)
    run_next(kind)
    assert names == ["bob"]


def test_a_bad_package_fails_the_job() -> None:
    job = run_job(raising(errors.InvalidPackage("bag without bagit.txt")))
    assert (job.state, job.error_class) == ("failed", "invalid-package")
    assert job.error_text == "bag without bagit.txt"


def test_a_bug_is_held_at_once_with_its_story() -> None:
    job = run_job(raising(ZeroDivisionError("division by zero")))
    assert (job.state, job.held_reason, job.attempts) == ("held", "bug", 1)
    assert "ZeroDivisionError: division by zero" in job.error_story


def test_a_decision_is_waited_for() -> None:
    job = run_job(raising(errors.DecisionNeeded("whose object?", ["add", "refuse"])))
    assert (job.state, job.held_reason) == ("held", "decision needed")
    assert job.choices == ["add", "refuse"]


def test_a_system_failure_is_tried_again_until_the_attempts_are_used_up() -> None:
    kind = a_kind(raising(errors.StorageUnavailable("no disk")), max_attempts=3)
    job = a_job(kind)
    run_next(kind)
    assert fresh(job).run_after > job.run_after
    make_due(job)
    run_next(kind)
    make_due(job)
    run_next(kind)
    assert (fresh(job).state, fresh(job).held_reason) == ("held", "attempts used up")
    assert states_of(job) == ["queued", *["running", "queued"] * 2, "running", "held"]


def test_a_locked_database_in_a_job_is_tried_again() -> None:
    job = run_job(raising(OperationalError("database is locked")))
    assert (job.state, job.attempts) == ("queued", 1)


def test_a_job_can_put_itself_off_without_using_up_attempts() -> None:
    at = datetime(2100, 1, 1, tzinfo=UTC)
    job = run_job(lambda context: context.reschedule(at, reason="on tape"), max_attempts=1)
    assert (job.state, job.attempts, job.run_after) == ("queued", 0, at)
    assert job.changes.latest("pk").note == "on tape"


def test_a_running_job_is_cancelled_at_its_next_check() -> None:
    def handler(context: JobContext) -> None:
        cancel(context.job_id, actor=ADA)
        _until_interrupted(context)

    job = run_job(handler)
    assert job.state == "cancelled"
    assert job.ended_at is not None


def test_a_job_that_ends_before_it_sees_the_cancellation_has_succeeded() -> None:
    job = run_job(lambda context: cancel(context.job_id, actor=ADA).pk)
    assert job.state == "succeeded"


def test_a_worker_that_lost_its_lease_stops_and_writes_nothing() -> None:
    def handler(context: JobContext) -> None:
        give_to_another_worker(Job.objects.get(pk=context.job_id))
        _until_interrupted(context)

    job = run_job(handler)
    assert (job.state, job.result) == ("running", None)
    assert states_of(job) == ["queued", "running"]


def test_a_zombie_that_does_not_check_writes_nothing_either() -> None:
    def handler(context: JobContext) -> str:
        give_to_another_worker(Job.objects.get(pk=context.job_id))
        return "done"

    job = run_job(handler)
    assert (job.state, job.result) == ("running", None)


def test_a_zombie_cannot_commit_in_its_transaction() -> None:
    def handler(context: JobContext) -> None:
        give_to_another_worker(Job.objects.get(pk=context.job_id))
        with context.transaction():
            add("too late")

    run_job(handler)
    assert not DomainEvent.objects.exists()


def test_a_job_over_its_time_limit_is_stopped_and_tried_again() -> None:
    job = run_job(_until_interrupted, hard_limit_s=0.05)
    assert (job.state, job.attempts) == ("queued", 1)
    assert "longer than 0.05 s" in job.error_text


def test_a_job_that_ignores_its_time_limit_is_cut_over_its_head() -> None:
    abandoned = threading.Event()
    kind = a_kind(lambda _: abandoned.wait(10), hard_limit_s=0.02, max_attempts=1)
    job = a_job(kind)
    heartbeat = Heartbeat(QUICK)
    outcome = execute(a_claim(kind), Surroundings(heartbeat, abandon=abandoned.set))
    heartbeat.close()
    assert outcome is None
    assert (fresh(job).state, fresh(job).held_reason) == ("held", "attempts used up")
    assert "did not stop" in fresh(job).error_text


@pytest.mark.parametrize("exc", [KeyboardInterrupt(), SystemExit(3)], ids=repr)
def test_who_ends_the_process_gets_the_job_given_back(exc: BaseException) -> None:
    kind = a_kind(raising(exc))
    job = a_job(kind)
    with pytest.raises(type(exc)):
        run_next(kind)
    assert (fresh(job).state, fresh(job).attempts) == ("queued", 0)


def test_a_job_with_newer_arguments_waits_for_a_newer_worker() -> None:
    ran: list[int] = []
    kind = a_kind(lambda _: ran.append(1))
    job = a_job(kind)
    Job.objects.filter(pk=job.pk).update(arguments_version=2)
    assert run_next(kind) is JobState.QUEUED
    assert not ran
    assert fresh(job).attempts == 0
    assert fresh(job).run_after > job.run_after


def test_progress_is_in_the_database_when_the_job_ends() -> None:
    job = run_job(lambda context: context.progress(4, 5, "files", "four"))
    assert (job.progress_done, job.progress_total, job.progress_unit) == (4, 5, "files")


def test_progress_reaches_the_database_while_the_job_runs() -> None:
    def handler(context: JobContext) -> None:
        context.progress(1, 2, "files", "half")
        row = Job.objects.filter(pk=context.job_id, progress_done=1)
        eventually(row.exists, within_s=10)

    assert run_job(handler).state == "succeeded"


def test_a_long_job_keeps_its_lease() -> None:
    def handler(context: JobContext) -> None:
        first = Job.objects.get(pk=context.job_id).lease_until
        assert first is not None
        eventually(Job.objects.filter(pk=context.job_id, lease_until__gt=first).exists, within_s=10)

    assert run_job(handler).state == "succeeded"


def test_a_heartbeat_without_database_makes_the_job_stop_after_its_lease() -> None:
    times = Times(lease_s=0.05, beat_s=0.01, watch_s=0.01)
    kind = a_kind(_until_interrupted)
    a_job(kind)
    claimed = a_claim(kind)
    context = JobContext(claimed, ADA)
    heartbeat = Heartbeat(times)

    def fail(*_: object) -> leases.Beat:
        raise DatabaseError("gone")

    heartbeat._ask = fail  # type: ignore[method-assign,assignment]  # a database that is gone
    with pytest.raises(Interrupted, match="could not be renewed"), heartbeat.beating_for(context):
        _until_interrupted(context)
    heartbeat.close()


def test_a_settlement_waits_for_a_database_that_comes_back() -> None:
    def handler(context: JobContext) -> str:
        connection.ensure_connection()
        connection.connection.close()  # as a restarted server would
        return "done"

    assert run_job(handler).result == "done"


def test_a_lost_lease_outranks_every_other_order() -> None:
    kind = a_kind(_until_interrupted)
    a_job(kind)
    context = JobContext(a_claim(kind), ADA)
    context.interrupt(TimeLimit("first"))
    context.interrupt(TimeLimit("second"))
    with pytest.raises(TimeLimit, match="first"):
        context.check()
