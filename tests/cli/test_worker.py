"""`muniment worker` as a service manager starts and stops it."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil
import pytest

from muniment.runtime.priority import NICENESS
from tests.archives import Archive
from tests.eventually import eventually


def test_once_ends_when_nothing_is_due(archive: Archive) -> None:
    answer = archive.run("worker", "--once")
    assert (answer.code, answer.out) == (0, "")
    assert "Ran 0 jobs." in answer.err


def test_once_runs_what_is_queued(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_bytes(b"Dear archive")
    archive.run("ingest", tmp_path / "letter.txt", "--no-wait")
    assert "Ran 1 jobs." in archive.run("worker", "--once").err
    states = [each["state"] for each in archive.run("job", "show", "1", "--json").json()["history"]]
    assert states[:2] == ["queued", "running"]


def test_other_queues_are_left_alone(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_bytes(b"Dear archive")
    archive.run("ingest", tmp_path / "letter.txt", "--no-wait")
    assert "Ran 0 jobs." in archive.run("worker", "--once", "--queues", "slow,night").err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_is_a_supervisor_with_executors_and_ends_well(
    archive: Archive, number: signal.Signals
) -> None:
    worker = archive.start("worker", "--concurrency", "2", "--grace", "1")
    eventually(lambda: len(psutil.Process(worker.pid).children()) == 2, within_s=30)
    executors = psutil.Process(worker.pid).children()
    eventually(lambda: {each.nice() for each in executors} == {NICENESS}, within_s=30)
    worker.send_signal(number)
    _, said = worker.communicate(timeout=30)
    assert worker.returncode == 0
    assert said.endswith(b"What was not finished goes on with the next worker.\n")


def test_a_worker_without_processes_is_wrong_usage(archive: Archive) -> None:
    assert archive.run("worker", "--concurrency", "0").code == 2
