"""`muniment job`, `muniment schedule`, `muniment migrate` as people and scripts call them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.archives import Archive


@pytest.fixture
def queued(archive: Archive, tmp_path: Path) -> Archive:
    """An archive with one queued job, number 1."""
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_bytes(b"Dear archive")
    assert archive.run("ingest", tmp_path / "letters", "--no-wait").code == 0
    return archive


def _job(archive: Archive) -> dict[str, Any]:
    found: dict[str, Any] = archive.run("job", "show", "1", "--json").json()
    return found


def test_a_list_is_one_document(queued: Archive) -> None:
    document = queued.run("job", "list", "--json").json()
    assert [(job["id"], job["kind"], job["state"]) for job in document["jobs"]] == [
        (1, "submission", "queued")
    ]
    assert document["next"] is None


def test_a_list_goes_on_where_the_page_ended(queued: Archive) -> None:
    assert queued.run("job", "list", "--limit", "1", "--json").json()["next"] == 1
    assert queued.run("job", "list", "--after", "1", "--json").json()["jobs"] == []


def test_a_list_for_people_has_a_line_for_each_job(queued: Archive) -> None:
    answer = queued.run("job", "list", "--state", "queued", "--kind", "submission")
    assert answer.out.split() == ["1", "submission", "queued"]


def test_a_job_is_shown_with_its_history(queued: Archive) -> None:
    assert [each["state"] for each in _job(queued)["history"]] == ["queued"]
    assert "queued" in queued.run("job", "show", "1").out


def test_a_job_is_cancelled_and_retried(queued: Archive) -> None:
    assert queued.run("job", "cancel", "1", "--json").json()["state"] == "cancelled"
    assert queued.run("job", "retry", "1", "--json").json()["state"] == "queued"
    assert [each["state"] for each in _job(queued)["history"]] == ["queued", "cancelled", "queued"]


def test_a_dry_run_changes_nothing(queued: Archive) -> None:
    assert queued.run("job", "cancel", "1", "--dry-run").out.startswith("would be:")
    assert _job(queued)["state"] == "queued"


def test_only_a_held_job_is_released(queued: Archive) -> None:
    answer = queued.run("job", "release", "1", "--json")
    assert (answer.code, answer.json()["error"]["code"]) == (1, "wrong-state")


def test_a_job_that_is_not_there(archive: Archive) -> None:
    answer = archive.run("job", "show", "7")
    assert (answer.code, answer.out) == (1, "")
    assert "there is no job 7" in answer.err


def test_wrong_words_are_wrong_usage(archive: Archive) -> None:
    assert archive.run("job", "show", "seven").code == 2
    assert archive.run("job").code == 2


def _schedules(archive: Archive) -> set[str]:
    return {each["name"] for each in archive.run("schedule", "list", "--json").json()["schedules"]}


def test_a_schedule_is_added_listed_and_removed(archive: Archive) -> None:
    words = [
        "schedule",
        "add",
        "nightly",
        "30 2 * * *",
        "submission",
        "--time-zone",
        "Europe/Paris",
    ]
    assert archive.run(*words, "--dry-run", "--json").json()["dry_run"] is True
    of_each_archive = {"audit", "deposits", "fixity", "prune"}
    assert _schedules(archive) == of_each_archive
    assert archive.run(*words).code == 0
    assert _schedules(archive) == {"nightly", *of_each_archive}
    assert "nightly: submission" in archive.run("schedule", "list").out
    assert archive.run(*words).code == 1
    assert archive.run("schedule", "remove", "nightly", "--json").json()["removed"] == "nightly"
    assert archive.run("schedule", "remove", "nightly").code == 1


@pytest.mark.parametrize(
    "words",
    [
        ["x", "never", "submission"],
        ["x", "* * * * *", "no-such-kind"],
        ["x", "* * * * *", "submission", "--time-zone", "Mars/Base"],
        ["x", "* * * * *", "submission", "--arguments", "{"],
        ["x", "* * * * *", "submission", "--arguments", "[]"],
    ],
)
def test_a_wrong_schedule_is_wrong_usage(archive: Archive, words: list[str]) -> None:
    answer = archive.run("schedule", "add", *words)
    assert (answer.code, answer.err.count("\n")) == (2, 1)


def test_the_tables_of_a_new_archive_are_up_to_date(archive: Archive) -> None:
    assert archive.run("migrate", "--json").json() == {"applied": []}
    assert archive.run("migrate", "--dry-run", "--json").json() == {"missing": []}
    assert "up to date" in archive.run("migrate").err


def test_the_commands_of_the_framework_are_there(archive: Archive) -> None:
    answer = archive.run("manage", "showmigrations", "work")
    assert "[X] 0001_initial" in answer.out
