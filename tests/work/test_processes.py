"""Several real workers, signals, and clocks that jump."""

from __future__ import annotations

import signal

import psutil
import pytest

from tests.eventually import eventually
from tests.work.processes import Ground, environment_with_clock, is_running, job_of, result_of

pytestmark = pytest.mark.database


def test_two_workers_never_run_one_job_at_once(ground: Ground) -> None:
    ground.run("enqueue", "alone", "60")
    workers = [ground.start("finish"), ground.start("finish")]
    dumps = [result_of(worker) for worker in workers]
    jobs = ground.run("finish")["jobs"]
    assert [(job["state"], job["attempts"]) for job in jobs] == [("succeeded", 1)] * 60
    visits = (ground.home / "visits").read_text().split()
    assert len(visits) == len(set(visits)) == 60
    assert len(dumps) == 2


def test_a_limit_holds_with_several_workers(ground: Ground) -> None:
    ground.run("enqueue", "alone", "40", "one-place")
    ground.run("limit", "one-place", "1")
    for worker in [ground.start("finish") for _ in range(3)]:
        result_of(worker)
    jobs = ground.run("finish")["jobs"]
    assert [(job["state"], job["error"]) for job in jobs] == [("succeeded", "")] * 40


def test_sigterm_lets_the_job_finish(ground: Ground) -> None:
    ground.run("enqueue", "patient", "1")
    worker = ground.start("work")
    ground.has_started()
    worker.send_signal(signal.SIGTERM)
    (ground.home / "go").touch()
    job = job_of(result_of(worker), "patient")
    assert (job["state"], job["result"], job["attempts"]) == ("succeeded", "finished", 1)


@pytest.mark.parametrize("kind", ["patient", "stubborn"])
def test_after_the_grace_the_job_is_given_back_and_not_counted(ground: Ground, kind: str) -> None:
    ground.run("enqueue", kind, "1")
    worker = ground.start("work", GRACE="0.05")
    ground.has_started()
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=20)
    (ground.home / "go").touch()
    job = job_of(ground.run("finish"), kind)
    assert (job["state"], job["attempts"]) == ("succeeded", 1)
    assert job["history"] == ["queued", "running", "queued", "running", "succeeded"]


def test_a_second_sigterm_ends_the_grace(ground: Ground) -> None:
    ground.run("enqueue", "patient", "1")
    worker = ground.start("work")
    ground.has_started()
    worker.send_signal(signal.SIGTERM)
    worker.send_signal(signal.SIGINT)
    job = job_of(result_of(worker), "patient")
    assert (job["state"], job["attempts"]) == ("queued", 0)


def test_an_idle_worker_ends_at_once(ground: Ground) -> None:
    worker = ground.start("work")
    eventually(lambda: signal.SIGTERM in _caught_by(worker.pid), within_s=20)
    worker.send_signal(signal.SIGTERM)
    assert result_of(worker)["jobs"] == []


def _caught_by(pid: int) -> set[int]:
    """Return the signals that a process handles."""
    with open(f"/proc/{pid}/status") as status:  # noqa: PTH123  # a file of the kernel
        mask = next(int(line.split()[1], 16) for line in status if line.startswith("SigCgt"))
    return {number for number in range(1, 65) if mask >> (number - 1) & 1}


def test_a_supervisor_replaces_executors_that_die_and_holds_what_killed_them(
    ground: Ground,
) -> None:
    ground.run("enqueue", "deadly", "1")
    ground.run("enqueue", "patient", "1")
    (ground.home / "go").touch()
    supervisor = ground.start("supervise")
    eventually(
        lambda: {job["state"] for job in ground.run("dump")["jobs"]} == {"held", "succeeded"},
        within_s=40,
    )
    supervisor.send_signal(signal.SIGTERM)
    assert job_of(result_of(supervisor), "deadly")["held_reason"] == "worker lost"


def test_executors_end_with_their_supervisor(ground: Ground) -> None:
    ground.run("enqueue", "patient", "1")
    supervisor = ground.start("supervise", GRACE="0.05")
    ground.has_started()
    executors = [child.pid for child in psutil.Process(supervisor.pid).children()]
    supervisor.kill()
    supervisor.communicate()
    assert len(executors) == 2
    eventually(lambda: not any(is_running(pid) for pid in executors), within_s=20)
    assert job_of(ground.run("dump"), "patient")["state"] == "queued"


@pytest.mark.tool("faketime")
@pytest.mark.parametrize("offset", ["+1d", "-1d"])
def test_when_a_clock_jumps_the_token_guarantees_once(ground: Ground, offset: str) -> None:
    """SQLite: to the other worker the lease is over by a day. PostgreSQL: its own clock counts."""
    ground.run("enqueue", "slow-publish", "1")
    first = ground.start("once")
    ground.has_started()
    second = ground.start("finish", **environment_with_clock(offset))
    (ground.home / "go").touch()
    result_of(first)
    dump = result_of(second)
    job = job_of(dump, "slow-publish")
    assert (job["state"], job["history"].count("succeeded")) == ("succeeded", 1)
    assert dump["events"] == ["published"]


@pytest.mark.tool("faketime")
def test_on_sqlite_a_clock_that_jumps_ahead_takes_the_lease_away(ground: Ground) -> None:
    if ground.vendor != "sqlite":
        pytest.skip("PostgreSQL's own clock counts")
    ground.run("enqueue", "slow-publish", "1")
    first = ground.start("once")
    ground.has_started()
    ground.run("finish", **environment_with_clock("+1d"))
    (ground.home / "go").touch()
    result_of(first)
    job = job_of(ground.run("dump"), "slow-publish")
    assert (job["attempts"], job["result"]) == (2, {"attempt": 2})
