"""`muniment fixity`: exit codes, both forms of answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archives import Archive


@pytest.fixture
def object_id(archive: Archive, tmp_path: Path) -> str:
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "a.txt").write_bytes(b"Dear reader\n")
    (submission,) = archive.ingest(folder)
    return str(submission["object_id"])


def content(archive: Archive, name: str) -> Path:
    (path,) = archive.storage_root.rglob(f"v1/content/**/{name}")
    return path


def test_sound_objects_end_well(archive: Archive, object_id: str) -> None:
    answer = archive.run("fixity", "run", "--all", "--json")
    (check,) = answer.json()["checks"]
    assert answer.code == 0
    assert (check["object_id"], check["outcome"]) == (object_id, "correct")


def test_damage_ends_with_one_and_names_the_file(archive: Archive, object_id: str) -> None:
    content(archive, "a.txt").unlink()
    answer = archive.run("fixity", "run", object_id)
    assert answer.code == 1
    assert "missing: v1/content/representations/original/data/a.txt" in answer.out


def test_what_could_not_be_read_ends_with_three(archive: Archive, object_id: str) -> None:
    path = content(archive, "a.txt")
    path.unlink()
    path.mkdir()
    assert archive.run("fixity", "run", object_id, "--json").code == 3


def test_the_report_tells_what_the_run_found(archive: Archive, object_id: str) -> None:
    content(archive, "a.txt").unlink()
    archive.run("fixity", "run", "--all")
    answer = archive.run("fixity", "report", "--json")
    report = answer.json()
    assert answer.code == 1
    assert (report["objects"], report["outcomes"]["missing"]) == (1, 1)
    assert report["damaged"][0]["object_id"] == object_id
    assert "1 objects" in archive.run("fixity", "report").out


def test_nothing_is_due_on_the_first_day(archive: Archive, object_id: str) -> None:
    answer = archive.run("fixity", "run", "--due", "--json")
    assert (answer.code, answer.json()) == (0, {"checks": [], "ledger": []})


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 2),
        (["--all", "--due"], 2),
        (["not-an-id"], 2),
        (["01a20b38-94c9-7bbc-9837-66e021ebcfa8"], 1),
        (["01a20b38-94c9-7bbc-9837-66e021ebcfa8", "--all"], 2),
    ],
)
def test_a_wrong_request_has_its_exit_code(archive: Archive, words: list[str], code: int) -> None:
    assert archive.run("fixity", "run", *words).code == code


def test_a_damaged_ledger_ends_a_run_of_all_with_one(archive: Archive, object_id: str) -> None:
    (day,) = (archive.home / "ledger").glob("*.jsonl")
    day.write_bytes(b"nonsense\n" + day.read_bytes())
    answer = archive.run("fixity", "run", "--all")
    assert answer.code == 1
    assert f"ledger {day.name}: Line 1 is not a ledger record." in answer.out
    assert archive.run("fixity", "run", object_id).code == 0
