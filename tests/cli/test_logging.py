"""The log of real commands: lines of JSON by setting, each of a job saying what it is about."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.archives import Answer
from tests.open_archives import OpenArchive


def records(answer: Answer) -> list[dict[str, Any]]:
    """Return the log; what is said to the person is no part of it."""
    return [json.loads(line) for line in answer.err.splitlines() if line.startswith("{")]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    (tmp_path / "letter.txt").write_text("Dear archive")
    return tmp_path / "letter.txt"


def test_every_record_of_a_job_says_job_step_and_object(archive: OpenArchive, letter: Path) -> None:
    (submission,) = archive.ingest(letter)
    answer = archive.run("ingest", letter, "-v", MUNIMENT_LOG_FORMAT="json")
    of_job = [each for each in records(answer) if "job_id" in each]
    assert {"step", "object_id", "time", "level", "logger", "message"} <= set.intersection(
        *(set(each) for each in of_job)
    )
    assert {each["job_id"] for each in of_job} == {2}
    steps = [each["step"] for each in of_job if each["message"] == "step ended"]
    assert steps[0] == "receive"
    assert steps[-2:] == ["seal", "index"]
    (sealed,) = [each for each in of_job if each["message"] == "version sealed"]
    assert (sealed["step"], len(sealed["object_id"])) == ("seal", 36)
    assert sealed["object_id"] != submission["object_id"]
    assert of_job[-1]["message"] == "job settled"


@pytest.mark.parametrize(
    ("words", "environment", "levels"),
    [
        ([], {}, set()),
        (["-v"], {}, {"info"}),
        ([], {"MUNIMENT_LOG_LEVEL": "info"}, {"info"}),
        (["-q"], {"MUNIMENT_LOG_LEVEL": "debug"}, set()),
        (["-v"], {"MUNIMENT_LOG_LEVEL": "error"}, {"info"}),
    ],
)
def test_the_level_is_that_of_the_setting_unless_the_command_says_otherwise(
    archive: OpenArchive,
    letter: Path,
    words: list[str],
    environment: dict[str, str],
    levels: set[str],
) -> None:
    answer = archive.run(
        "ingest", letter, *words, timeout_s=120.0, **environment, MUNIMENT_LOG_FORMAT="json"
    )
    assert answer.code == 0
    assert {each["level"] for each in records(answer)} == levels


def test_a_job_that_is_held_is_an_error_in_the_log(archive: OpenArchive, letter: Path) -> None:
    archive.run("ingest", letter, "--no-wait")
    with archive.entered():
        from muniment.work.models import Job

        Job.objects.update(arguments={"submission_id": "01890000-0000-7000-8000-000000000000"})
    answer = archive.run("worker", "--once", MUNIMENT_LOG_FORMAT="json")
    (held,) = records(answer)
    assert (held["level"], held["message"], held["job_id"]) == ("error", "job held", 1)
    assert held["error"]


def test_people_read_one_line_for_each_record(archive: OpenArchive, letter: Path) -> None:
    answer = archive.run("ingest", letter, "-v")
    assert 'INFO version sealed (job_id=1, step="seal", object_id=' in answer.err


def test_the_log_never_mixes_with_the_data(archive: OpenArchive, letter: Path) -> None:
    answer = archive.run("ingest", letter, "-vv", "--json", MUNIMENT_LOG_FORMAT="json")
    assert answer.json()["submissions"][0]["verdict"] == "accepted"


def test_a_command_that_needs_no_archive_logs_when_it_is_asked_to(
    archive: OpenArchive, tmp_path: Path
) -> None:
    answer = archive.run("ocfl", "validate", tmp_path / "nowhere", "-v")
    assert (answer.code, len(answer.err.splitlines())) == (2, 1)
