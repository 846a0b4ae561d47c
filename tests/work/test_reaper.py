from __future__ import annotations

import subprocess
import sys

import pytest

from muniment.work import leases
from muniment.work.owner import Owner, this_process
from muniment.work.reaper import reap
from muniment.work.services import cancel
from muniment.work.types import JobState, Settlement, Times
from tests.work.builders import (
    ADA,
    a_claim,
    a_job,
    a_kind,
    a_running_job,
    fresh,
    let_lease_run_out,
    make_due,
    states_of,
)

pytestmark = pytest.mark.django_db


def _a_dead_owner() -> str:
    """Return the owner of a process of this machine that has ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    here = this_process()
    return str(Owner(here.machine, here.boot, here.namespace, str(child.pid), "12345"))


def test_a_live_lease_is_left_alone() -> None:
    a_running_job()
    assert reap() == 0


def test_a_job_whose_lease_is_over_is_queued_with_back_off() -> None:
    job, _ = a_running_job()
    let_lease_run_out(job)
    assert reap() == 1
    left = fresh(job)
    assert (left.state, left.attempts, left.lease_token) == ("queued", 1, None)
    assert (left.run_after - job.run_after).total_seconds() >= 10
    assert states_of(job) == ["queued", "running", "queued"]
    assert "did not renew its lease" in job.changes.latest("pk").note


def test_the_old_worker_can_write_nothing_after_that() -> None:
    job, claimed = a_running_job()
    let_lease_run_out(job)
    reap()
    assert not leases.settle(claimed.lease, Settlement(JobState.SUCCEEDED))


def test_a_job_of_a_worker_that_died_here_goes_on_at_once() -> None:
    job = a_job()
    a_claim(owner=_a_dead_owner())
    assert reap() == 1
    assert a_claim().lease.job_id == job.pk


def test_a_second_death_in_one_job_makes_it_wait() -> None:
    job = a_job()
    a_claim(owner=_a_dead_owner())
    reap()
    a_claim(owner=_a_dead_owner())
    reap()
    assert (fresh(job).run_after - job.run_after).total_seconds() >= 20


def test_a_job_that_kills_its_workers_is_held_with_its_story() -> None:
    kind = a_kind(lambda _: None, max_attempts=2)
    job = a_job(kind)
    for _ in range(2):
        a_claim(kind)
        let_lease_run_out(job)
        reap(Times(worker_loss_s=0))
        make_due(job)
    left = fresh(job)
    assert (left.state, left.held_reason, left.error_class) == (
        "held",
        "worker lost",
        "worker-lost",
    )
    assert "all 2 attempts are used up" in left.error_text
    assert states_of(job) == ["queued", "running", "queued", "running", "held"]


def test_a_job_that_was_to_be_cancelled_is_cancelled() -> None:
    job, _ = a_running_job()
    cancel(job.pk, actor=ADA)
    let_lease_run_out(job)
    reap()
    assert fresh(job).state == "cancelled"


def test_hundreds_of_lost_jobs_are_taken_back() -> None:
    for _ in range(101):
        job, _ = a_running_job()
        let_lease_run_out(job)
    assert reap() == 101
    assert reap() == 0
