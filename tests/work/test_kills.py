"""What kill -9 does to durable work (archive spec §5): nothing is lost, nothing happens twice."""

from __future__ import annotations

import random
import subprocess

import pytest

from tests.work.processes import FAILPOINTS, Ground, job_of

pytestmark = pytest.mark.database

# One statement on PostgreSQL has no inside; SQLite has one writer and needs no lock under limits.
NEVER_PASSED = {
    "postgresql": {"work.claiming", "work.settling"},
    "sqlite": {"work.claiming-under-limits"},
}
LOSES_THE_JOB_FIRST = {"work.reaping"}


def _assert_all_happened_once(dump: dict[str, object], ground: Ground) -> None:
    """The end of the scenario, whatever happened on the way."""
    jobs = dump["jobs"]
    assert isinstance(jobs, list)
    assert [job["state"] for job in jobs] == ["succeeded"] * 3
    assert [job["history"].count("succeeded") for job in jobs] == [1, 1, 1]
    followers = sorted(job["arguments"]["of"] for job in jobs if job["kind"] == "follow")
    assert followers == ["schedule", "thing"]
    assert (dump["events"], dump["deliveries"]) == (["published"], 0)
    assert (ground.home / "published").read_text() == "whole"


def test_there_are_failpoints() -> None:
    assert {"work.claimed", "work.settling", "work.reaping", "outbox.delivering"} < set(FAILPOINTS)


@pytest.mark.parametrize("name", FAILPOINTS)
def test_after_a_kill_at_a_failpoint_all_ends_well_once(ground: Ground, name: str) -> None:
    if name in LOSES_THE_JOB_FIRST:
        assert ground.dies_at("work.running", "play")
    assert ground.dies_at(name, "play") is (name not in NEVER_PASSED[ground.vendor])
    _assert_all_happened_once(ground.run("play"), ground)


def test_an_attempt_that_a_kill_ended_is_counted(ground: Ground) -> None:
    ground.dies_at("work.running", "play")
    dump = ground.run("play")
    jobs = dump["jobs"]
    assert sorted(job["attempts"] for job in jobs) == [1, 1, 2]
    again = next(job for job in jobs if job["attempts"] == 2)
    assert again["history"] == ["queued", "running", "queued", "running", "succeeded"]


@pytest.mark.parametrize("seed", range(4))
def test_after_kills_at_random_instants_all_ends_well_once(ground: Ground, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(4):
        child = ground.start("play")
        try:
            child.communicate(timeout=chance.uniform(0.3, 1.2))
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
    _assert_all_happened_once(ground.run("play"), ground)


def test_a_job_that_kills_its_workers_is_held_and_the_others_go_on(ground: Ground) -> None:
    ground.run("enqueue", "deadly", "1")
    ground.run("enqueue", "follow", "1")
    for _ in range(2):
        ground.start("finish").communicate(timeout=60)
    dump = ground.run("finish")
    held = job_of(dump, "deadly")
    assert (held["state"], held["held_reason"], held["attempts"]) == ("held", "worker lost", 2)
    assert "all 2 attempts are used up" in held["error"]
    assert job_of(dump, "follow")["state"] == "succeeded"
