"""A package goes in; a proven archival object comes out: the whole way, by the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.archives import Archive
from tests.ingest.packages import CONTENT, a_bag, a_cern_sip, a_folder, a_tar
from tests.judges.fixtures import Judge

pytestmark = pytest.mark.slow


def the_one(submissions: list[dict[str, object]]) -> dict[str, object]:
    (submission,) = submissions
    return submission


def is_empty(archive: Archive) -> bool:
    """Say whether nothing but the declaration of the root lies in storage."""
    return not [
        file
        for file in archive.storage_root.rglob("*")
        if file.is_file() and "=ocfl_object" in str(file)
    ]


def test_a_folder_becomes_an_object_with_every_byte(archive: Archive, tmp_path: Path) -> None:
    submission = the_one(archive.ingest(a_folder(tmp_path / "fonds")))
    assert submission["verdict"] == "accepted"
    assert submission["version"] == 1
    target = tmp_path / "out"
    answer = archive.run(
        "object", "export", str(submission["object_id"]), "--as", "folder", "--to", target
    )
    assert answer.code == 0, answer.err
    for name, data in CONTENT.items():
        assert (target / "representations/original/data" / name).read_bytes() == data


def test_a_bag_comes_back_as_it_came(archive: Archive, tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", info="Source-Organization: Museum\nExternal-Identifier: M-1\n")
    submission = the_one(archive.ingest(a_tar(bag, tmp_path / "bag.tar.gz")))
    assert submission["verdict"] == "accepted"
    target = tmp_path / "out"
    answer = archive.run(
        "object", "export", str(submission["object_id"]), "--as", "original", "--to", target
    )
    assert answer.code == 0, answer.err
    sent = {p.relative_to(bag): p.read_bytes() for p in bag.rglob("*") if p.is_file()}
    back = {p.relative_to(target): p.read_bytes() for p in target.rglob("*") if p.is_file()}
    assert back == sent


def test_an_equal_outside_identifier_makes_a_version(archive: Archive, tmp_path: Path) -> None:
    info = "Source-Organization: Museum\nExternal-Identifier: M-1\n"
    first = the_one(archive.ingest(a_bag(tmp_path / "one", info=info)))
    more = {**CONTENT, "new.txt": b"one more\n"}
    second = the_one(archive.ingest(a_bag(tmp_path / "two", more, info=info)))
    assert second["object_id"] == first["object_id"]
    assert (first["version"], second["version"]) == (1, 2)


def test_unchanged_files_are_not_stored_twice(archive: Archive, tmp_path: Path) -> None:
    sip = a_cern_sip(tmp_path)
    first = the_one(archive.ingest(sip))
    again = the_one(archive.ingest(sip))
    assert again["object_id"] == first["object_id"]
    papers = [p for p in archive.storage_root.rglob("paper.txt") if p.is_file()]
    assert len(papers) == 1


def test_an_object_can_be_named(archive: Archive, tmp_path: Path) -> None:
    first = the_one(archive.ingest(a_folder(tmp_path / "a")))
    answer = archive.run(
        "ingest", a_folder(tmp_path / "b"), "--object", str(first["object_id"]), "--json"
    )
    second = the_one(answer.json()["submissions"])
    assert (second["object_id"], second["version"]) == (first["object_id"], 2)


def test_two_folders_are_two_objects(archive: Archive, tmp_path: Path) -> None:
    one, two = archive.ingest(a_folder(tmp_path / "a"), a_folder(tmp_path / "b"))
    assert one["object_id"] != two["object_id"]


def test_an_object_that_is_not_there_refuses(archive: Archive, tmp_path: Path) -> None:
    answer = archive.run(
        "ingest",
        a_folder(tmp_path / "a"),
        "--object",
        "01890000-0000-7000-8000-000000000000",
        "--json",
    )
    assert answer.code == 1
    assert the_one(answer.json()["submissions"])["verdict"] == "refused"
    assert is_empty(archive)


def test_an_altered_bag_is_refused_with_every_fault(archive: Archive, tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    (bag / "data/list.csv").write_bytes(b"name,berth\nAda,13\nIgnace,14\n")
    (bag / "data/empty.txt").unlink()
    (bag / "data/extra.txt").write_bytes(b"x")
    answer = archive.run("ingest", bag, "--json")
    assert answer.code == 1
    assert "Traceback" not in answer.err
    submission = the_one(answer.json()["submissions"])
    assert submission["verdict"] == "refused"
    faults = {f.get("path") for f in submission["findings"] if f["severity"] == "error"}  # type: ignore[attr-defined]  # JSON
    assert {"data/list.csv", "data/empty.txt", "data/extra.txt"} <= faults
    assert is_empty(archive)
    shown = archive.run("quarantine", "show", str(submission["submission_id"]), "--json").json()
    assert shown["verdict"] == "refused"


def test_a_refused_package_can_be_mended_and_sent_again(archive: Archive, tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    data = (bag / "data/list.csv").read_bytes()
    (bag / "data/list.csv").write_bytes(b"altered")
    assert the_one(archive.ingest(bag))["verdict"] == "refused"
    (bag / "data/list.csv").write_bytes(data)
    assert the_one(archive.ingest(bag))["verdict"] == "accepted"


def test_a_dry_run_tells_and_keeps_nothing(archive: Archive, tmp_path: Path) -> None:
    answer = archive.run("ingest", a_folder(tmp_path / "a"), "--dry-run", "--json")
    assert answer.code == 0
    submission = the_one(answer.json()["submissions"])
    assert submission["verdict"] == "would_accept"
    assert submission["object_id"] is None
    assert is_empty(archive)
    assert not list((archive.home / "work/submissions").iterdir())


def test_a_dry_run_of_a_bad_bag_tells_why(archive: Archive, tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag")
    (bag / "data/list.csv").unlink()
    answer = archive.run("ingest", bag, "--dry-run", "--json")
    assert answer.code == 1
    assert the_one(answer.json()["submissions"])["verdict"] == "would_refuse"
    assert not list((archive.home / "quarantine").iterdir())


def test_the_receipt_says_what_came_and_what_was_found(archive: Archive, tmp_path: Path) -> None:
    submission = the_one(archive.ingest(a_bag(tmp_path / "bag")))
    receipt = archive.run("submission", "show", str(submission["submission_id"]), "--json").json()
    assert receipt["verdict"] == "accepted"
    assert receipt["object_id"] == submission["object_id"]
    assert {step["name"] for step in receipt["steps"]} >= {"unpack", "verify", "seal", "index"}
    assert all(len(file["digests"]["sha512"]) == 128 for file in receipt["files"])
    assert {file["path"] for file in receipt["files"]} >= {f"data/{name}" for name in CONTENT}


def test_the_worst_verdict_is_the_exit_code(archive: Archive, tmp_path: Path) -> None:
    bad = a_bag(tmp_path / "bad")
    (bad / "data/list.csv").unlink()
    answer = archive.run("ingest", a_folder(tmp_path / "good"), bad, "--json")
    assert answer.code == 1
    verdicts = [each["verdict"] for each in answer.json()["submissions"]]
    assert verdicts == ["accepted", "refused"]


def test_nothing_there_is_wrong_usage(archive: Archive, tmp_path: Path) -> None:
    answer = archive.run("ingest", tmp_path / "nothing", "--json")
    assert answer.code == 2
    assert "no such file" in answer.json()["error"]["message"]


@pytest.mark.tool("ocfl-py")
def test_outside_judges_find_nothing(archive: Archive, tmp_path: Path, ocfl_judge: Judge) -> None:
    archive.ingest(a_folder(tmp_path / "fonds"), a_bag(tmp_path / "bag"), a_cern_sip(tmp_path))
    assert ocfl_judge(archive.storage_root) == []


def test_the_archive_itself_is_not_taken_in(archive: Archive) -> None:
    answer = archive.run("ingest", archive.home, "--json")
    assert answer.code == 1
    assert "holds this archive" in json.dumps(answer.json())


def test_a_queued_submission_is_done_by_a_worker(archive: Archive, tmp_path: Path) -> None:
    answer = archive.run("ingest", a_folder(tmp_path / "a"), "--no-wait", "--json")
    assert answer.code == 0
    submission = the_one(answer.json()["submissions"])
    assert submission["verdict"] == "queued"
    assert archive.run("worker", "--once").code == 0
    shown = archive.run("submission", "show", str(submission["submission_id"]), "--json").json()
    assert shown["verdict"] == "accepted"
