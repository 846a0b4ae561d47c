"""`muniment check` says what is fit for use, and what to do where something is not."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.archives import Answer
from tests.ingest.signatures import a_signature_database
from tests.open_archives import OpenArchive


def checks_in(answer: Answer) -> list[dict[str, Any]]:
    """Return the checks; each bad one says what to do, and the exit code is the worst one's."""
    document = answer.json()
    assert all(check["advice"] for check in document["checks"] if check["level"] != "ok")
    bad = [check["name"] for check in document["checks"] if check["level"] == "error"]
    assert (answer.code, document["ok"]) == ((3, False) if bad else (0, True))
    found: list[dict[str, Any]] = document["checks"]
    return found


def the_check(archive: OpenArchive, name: str, **environment: str) -> dict[str, Any]:
    """Return what is said of one thing."""
    checks = checks_in(archive.run("check", "--json", timeout_s=120.0, **environment))
    (found,) = [check for check in checks if check["name"] == name]
    return found


def test_every_part_is_looked_at(archive: OpenArchive, tmp_path: Path) -> None:
    signatures = a_signature_database(tmp_path / "signatures")
    answer = archive.run("check", "--json", MUNIMENT_CLAMAV_DATABASE=str(signatures))
    names = [check["name"] for check in checks_in(answer)]
    assert answer.code == 0
    assert names[:9] == [
        "configuration",
        "disk",
        "storage",
        "ledger",
        "database",
        "work",
        "schedules",
        "clock",
        "isolation",
    ]
    assert {"exiftool", "ffprobe", "clamscan", "bwrap", "virus check", "pygfried"} <= set(names)


def test_people_read_advice_below_each_bad_line(archive: OpenArchive) -> None:
    answer = archive.run("check", MUNIMENT_DISK_RESERVE_BYTES=str(1 << 60))
    assert answer.code == 3
    lines = answer.out.splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("ERROR  disk"))
    assert lines[at + 1].strip() == "→ free some space: new work is refused"


@pytest.mark.parametrize(("share", "level"), [(0.4, "ok"), (0.7, "advice"), (1.1, "error")])
def test_free_space_is_compared_with_the_reserve(
    archive: OpenArchive, share: float, level: str
) -> None:
    status = os.statvfs(archive.home)
    reserve = int(status.f_bavail * status.f_frsize * share)
    found = the_check(archive, "disk", MUNIMENT_DISK_RESERVE_BYTES=str(reserve))
    assert found["level"] == level


@pytest.mark.tool("clamscan")
def test_a_scanner_without_signatures_is_an_error(archive: OpenArchive, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = the_check(archive, "virus check", MUNIMENT_CLAMAV_DATABASE=str(tmp_path / "empty"))
    assert (found["level"], found["advice"]) == ("error", "run freshclam")


@pytest.mark.parametrize(
    ("name", "value"),
    [("MUNIMENT_TOOL_HELPERS", "0"), ("MUNIMENT_DISK_RESERVE_BYTES", "much")],
)
def test_a_wrong_setting_is_named(archive: OpenArchive, name: str, value: str) -> None:
    (check,) = checks_in(archive.run("check", "--json", timeout_s=120.0, **{name: value}))
    assert check["name"] == "configuration"
    assert name.removeprefix("MUNIMENT_").lower() in check["said"]


@pytest.mark.parametrize(
    ("hosts", "level", "said"),
    [
        ("", "ok", "nothing is fetched"),
        ("a.example, b.example:8443", "ok", "fetch.txt from: a.example, b.example:8443"),
        ("https://a.example/", "error", "fetch_hosts"),
    ],
)
def test_the_hosts_that_files_are_fetched_from_are_listed(
    archive: OpenArchive, hosts: str, level: str, said: str
) -> None:
    found = the_check(archive, "fetching", MUNIMENT_FETCH_HOSTS=hosts)
    assert found["level"] == level
    assert said in found["said"]


def test_without_an_archive_it_says_how_to_make_one(archive: OpenArchive, tmp_path: Path) -> None:
    found = the_check(archive, "archive", MUNIMENT_HOME=str(tmp_path / "nowhere"))
    assert (found["level"], found["advice"]) == ("error", "muniment init")


def test_a_variable_that_is_no_setting_is_advised_of(archive: OpenArchive) -> None:
    answer = archive.run("check", "--json", MUNIMENT_TOOL_HELPER="3")
    said = [check["said"] for check in checks_in(answer) if check["level"] == "advice"]
    assert "MUNIMENT_TOOL_HELPER is set, and is no setting" in said


def _without_work(archive: OpenArchive) -> None:
    (archive.home / "work").rename(archive.home / "elsewhere")


def _of_the_future(archive: OpenArchive) -> None:
    (archive.storage_root / "0=ocfl_1.1").rename(archive.storage_root / "0=ocfl_2.0")


def _without_name(archive: OpenArchive) -> None:
    (archive.storage_root / "0=ocfl_1.1").unlink()


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (_without_work, "is not there"),
        (_of_the_future, "0=ocfl_2.0"),
        (_without_name, "says of itself: nothing"),
    ],
)
def test_a_storage_that_is_not_whole_is_an_error(
    archive: OpenArchive, break_it: Callable[[OpenArchive], None], said: str
) -> None:
    break_it(archive)
    found = the_check(archive, "storage")
    assert found["level"] == "error"
    assert said in found["said"]


@pytest.mark.parametrize(
    ("statement", "said", "advice"),
    [
        (
            "DELETE FROM django_migrations WHERE name = '0002_claim_by_turns'",
            "1 changes are missing",
            "muniment migrate",
        ),
        (
            "UPDATE django_migrations SET name = '9999_x' WHERE name = '0002_claim_by_turns'",
            "newer Muniment: work.9999_x",
            "upgrade",
        ),
        ("DROP TABLE django_migrations", "changes are missing", "muniment migrate"),
    ],
)
def test_tables_of_another_version_are_an_error(
    archive: OpenArchive, statement: str, said: str, advice: str
) -> None:
    _say(archive, statement)
    found = the_check(archive, "database")
    assert found["level"] == "error"
    assert said in found["said"]
    assert advice in found["advice"]


def _say(archive: OpenArchive, statement: str) -> None:
    from django.db import connection

    with archive.entered(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_work_is_not_asked_about_without_its_tables(archive: OpenArchive) -> None:
    _say(archive, "DROP TABLE django_migrations")
    names = {check["name"] for check in checks_in(archive.run("check", "--json"))}
    assert not {"work", "schedules"} & names
    assert "clock" in names


def test_what_is_held_or_paused_is_advised_of(archive: OpenArchive, tmp_path: Path) -> None:
    from muniment.work.models import Job

    (tmp_path / "letter.txt").touch()
    archive.run("ingest", tmp_path / "letter.txt", "--no-wait")
    assert the_check(archive, "work")["said"] == "1 jobs wait, none is held"
    with archive.entered():
        Job.objects.update(state="held", held_reason="bug")
    archive.run("queue", "pause", "night")
    said = [check for check in checks_in(archive.run("check", "--json")) if check["name"] == "work"]
    assert [check["said"] for check in said] == ["1 jobs are held", "queue night is paused"]
    assert [check["advice"] for check in said] == [
        "muniment job list --state held",
        "muniment queue resume night",
    ]


@pytest.mark.parametrize(("hours", "level"), [(0, "ok"), (5, "advice"), (100, "error")])
def test_a_schedule_that_nobody_runs_raises_an_alarm(
    archive: OpenArchive, hours: int, level: str
) -> None:
    from muniment.work.models import Schedule

    with archive.entered():
        Schedule.objects.exclude(name="fixity").delete()
        Schedule.objects.update(next_run_at=datetime.now(UTC) - timedelta(hours=hours))
    found = the_check(archive, "schedules")
    assert found["level"] == level
    assert level == "ok" or "muniment worker" in found["advice"]


def _a_tool(folder: Path, name: str, script: str) -> str:
    """Put a program before all others; return the PATH that does it."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("#!/bin/sh\necho oops >&2; exit 7\n", "ended with 7: oops"),
        ("#!/no/such/interpreter\n", "cannot be started"),
        ("#!/bin/sh\nprintf '\\377\\n'\n", "\\xff"),
    ],
)
def test_a_tool_that_is_broken_is_told(
    archive: OpenArchive, tmp_path: Path, script: str, said: str
) -> None:
    path = _a_tool(tmp_path / "tools", "ffprobe", script)
    assert said in the_check(archive, "ffprobe", PATH=path)["said"]


def test_a_tool_that_is_not_there_is_advised_of(archive: OpenArchive, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = the_check(archive, "exiftool", PATH=str(tmp_path / "empty"))
    assert (found["level"], found["said"]) == ("advice", "not installed")
    assert "apt install" in found["advice"]


def test_without_a_scanner_it_is_said_that_nothing_is_scanned(
    archive: OpenArchive, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    found = the_check(archive, "virus check", PATH=str(tmp_path / "empty"))
    assert (found["level"], found["said"]) == ("advice", "no scanner: packages are not scanned")


@pytest.mark.parametrize(("level", "expected"), [("rlimit", "advice"), ("bwrap", "ok")])
def test_the_isolation_level_is_shown(archive: OpenArchive, level: str, expected: str) -> None:
    from muniment.runtime.contained.isolation import isolation_level

    isolation_level.cache_clear()
    try:
        found = the_check(archive, "isolation", MUNIMENT_ISOLATION=level)
    finally:
        isolation_level.cache_clear()
        isolation_level()  # found out now: another test may look without the rights for it
    assert (found["said"], found["level"]) == (level, expected)


@pytest.mark.tool("faketime")
@pytest.mark.parametrize(
    ("offset", "level", "said"),
    [("2020-01-01 00:00:00", "error", "before this release"), ("+1h", "advice", "s apart")],
)
def test_a_clock_that_is_wrong_is_told(
    archive: OpenArchive, offset: str, level: str, said: str
) -> None:
    from tests.work.processes import environment_with_clock

    faked = environment_with_clock(offset) | {"NO_FAKE_STAT": "1", "FAKETIME_NO_CACHE": "1"}
    document = archive.apart.run("check", "--json", timeout_s=120.0, **faked).json()
    (found,) = [check for check in document["checks"] if check["name"] == "clock"]
    assert found["level"] == level
    assert said in found["said"]


def test_a_ledger_that_is_cut_short_is_told(archive: OpenArchive, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear archive")
    archive.run("ingest", tmp_path / "letter.txt")
    assert the_check(archive, "ledger")["level"] == "ok"
    (day,) = (archive.home / "ledger").glob("*.jsonl")
    day.write_bytes(day.read_bytes().splitlines(keepends=True)[0])
    found = the_check(archive, "ledger")
    assert found["level"] == "error"
    assert "what lies between is lost" in found["said"]
