"""`muniment queue`: what waits where; a pause lasts, a resume undoes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.open_archives import OpenArchive


@pytest.fixture
def waiting(archive: OpenArchive, tmp_path: Path) -> OpenArchive:
    """An archive in which one submission waits in the queue `default`."""
    (tmp_path / "letter.txt").write_bytes(b"Dear archive")
    assert archive.run("ingest", tmp_path / "letter.txt", "--no-wait").code == 0
    return archive


def _queue(archive: OpenArchive, name: str = "default") -> dict[str, Any]:
    (found,) = archive.run("queue", "show", name, "--json").json()["queues"]
    row: dict[str, Any] = found
    return row


def test_an_archive_without_work_has_no_queues(archive: OpenArchive) -> None:
    assert archive.run("queue", "show", "--json").json() == {"queues": [], "dry_run": False}
    assert archive.run("queue", "show").out == ""


def test_a_queue_shows_its_jobs_by_state_and_since_when_the_oldest_waits(
    waiting: OpenArchive,
) -> None:
    found = _queue(waiting)
    assert found.pop("oldest_waiting_at")
    assert found == {
        "queue": "default",
        "paused": False,
        "changed_by": None,
        "max_running": None,
        "jobs": {
            "queued": 1,
            "running": 0,
            "succeeded": 0,
            "failed": 0,
            "held": 0,
            "cancelled": 0,
        },
    }


def test_people_read_a_line_for_each_queue(waiting: OpenArchive) -> None:
    assert waiting.run("queue", "show").out.startswith(
        "default  open  1 queued  oldest waits since"
    )


def test_nothing_of_a_paused_queue_runs_until_it_is_resumed(waiting: OpenArchive) -> None:
    waiting.run("queue", "pause", "default")
    assert "Ran 0 jobs." in waiting.run("worker", "--once").err
    assert "paused by" in waiting.run("job", "show", "1", "--json").json()["waits"]
    waiting.run("queue", "resume", "default")
    assert "Ran 1 jobs." in waiting.run("worker", "--once").err


def test_a_pause_says_who_paused_and_twice_is_once(waiting: OpenArchive) -> None:
    for _ in range(2):
        (found,) = waiting.run("queue", "pause", "default", "--json").json()["queues"]
        assert (found["paused"], bool(found["changed_by"])) == (True, True)
    assert "paused by" in waiting.run("queue", "show").out


def test_several_queues_are_paused_together(waiting: OpenArchive) -> None:
    answer = waiting.run("queue", "pause", "default", "night", "default", "--json")
    assert [each["queue"] for each in answer.json()["queues"]] == ["default", "night"]


@pytest.mark.parametrize("verb", ["pause", "resume"])
def test_a_dry_run_changes_nothing(waiting: OpenArchive, verb: str) -> None:
    if verb == "resume":
        waiting.run("queue", "pause", "default")
    before = _queue(waiting)
    answer = waiting.run("queue", verb, "default", "--dry-run", "--json").json()
    assert answer["dry_run"] is True
    assert answer["queues"][0]["paused"] is (verb == "pause")
    assert _queue(waiting) == before
    assert waiting.run("queue", verb, "default", "--dry-run").out.startswith("would be: default")


def test_a_queue_that_nobody_knows_is_named_in_a_note(archive: OpenArchive) -> None:
    answer = archive.run("queue", "pause", "defualt")
    assert answer.code == 0
    assert "no job was ever queued in 'defualt'" in answer.err
    assert archive.run("queue", "pause", "defualt").err == ""


def test_showing_a_queue_that_is_not_there_is_exit_1(waiting: OpenArchive) -> None:
    answer = waiting.run("queue", "show", "default", "night")
    assert (answer.code, answer.out) == (1, "")
    assert "there is no queue 'night'" in answer.err


@pytest.mark.parametrize("words", [[], ["pause"], ["resume"], ["stop", "default"]])
def test_wrong_words_are_wrong_usage(archive: OpenArchive, words: list[str]) -> None:
    assert archive.run("queue", *words).code == 2


def test_old_jobs_are_counted_before_they_are_pruned(waiting: OpenArchive) -> None:
    answer = waiting.run("job", "prune")
    assert answer.code == 2
    assert "ended more than 90 days ago" in answer.err
    assert waiting.run("job", "prune", "--dry-run").out == "0 jobs and 0 events would be removed\n"
    assert waiting.run("job", "prune", "--yes", "--json").json() == {
        "removed": {"jobs": 0, "events": 0},
        "dry_run": False,
    }


def test_the_settings_of_pruning_count(waiting: OpenArchive) -> None:
    said = waiting.run("job", "prune", MUNIMENT_KEEP_JOBS_DAYS="7").err
    assert "more than 7 days ago" in said


def test_pruning_removes_what_is_old_and_a_dry_run_only_counts(waiting: OpenArchive) -> None:
    from datetime import UTC, datetime

    from muniment.work.models import Job

    waiting.run("job", "cancel", "1")
    with waiting.entered():
        Job.objects.update(ended_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert waiting.run("job", "prune", "--dry-run", "--json").json()["removed"]["jobs"] == 1
    assert waiting.run("job", "show", "1").code == 0
    assert waiting.run("job", "prune", "--yes").out.startswith("1 jobs")
    assert waiting.run("job", "show", "1").code == 1


def test_a_new_archive_prunes_each_night(archive: OpenArchive) -> None:
    rows = archive.run("schedule", "list", "--json").json()["schedules"]
    assert {"prune": "45 2 * * *"}.items() <= {row["name"]: row["cron"] for row in rows}.items()
