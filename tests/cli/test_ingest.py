"""`muniment ingest` as people read it, and what waits for a decision."""

from __future__ import annotations

import signal
import threading
from pathlib import Path

import pytest

from tests.eventually import eventually
from tests.ingest.packages import CONTENT, a_bag, a_folder
from tests.open_archives import OpenArchive

INFO = "Source-Organization: Museum\nExternal-Identifier: M-1\n"


def test_an_accepted_package_is_one_line(archive: OpenArchive, tmp_path: Path) -> None:
    answer = archive.run("ingest", a_bag(tmp_path / "letters"))
    first, *_ = answer.out.splitlines()
    assert first.startswith("letters: accepted  ")
    assert first.endswith(" v1")


def test_a_refused_package_names_five_faults_and_where_the_others_are(
    archive: OpenArchive, tmp_path: Path
) -> None:
    content = {f"{number}.txt": b"x" for number in range(8)}
    bag = a_bag(tmp_path / "bag", content)
    for name in content:
        (bag / "data" / name).unlink()
    answer = archive.run("ingest", bag)
    assert answer.code == 1
    lines = answer.out.splitlines()
    assert lines[0] == "bag: refused"
    assert sum(line.startswith("    error: ") for line in lines) == 5
    assert "more: muniment submission show " in lines[-1]
    submission = lines[-1].split()[-1]
    assert archive.run("quarantine", "show", submission).out.count("data/") >= 8


def test_a_path_that_is_not_there_is_told(archive: OpenArchive, tmp_path: Path) -> None:
    answer = archive.run("ingest", tmp_path / "nowhere")
    assert answer.code in {1, 2}
    assert "nowhere" in answer.out + answer.err
    assert "Traceback" not in answer.err


def test_a_package_that_only_waits_has_no_verdict_yet(archive: OpenArchive, tmp_path: Path) -> None:
    answer = archive.run("ingest", a_folder(tmp_path / "letters"), "--no-wait")
    assert answer.out == "letters: queued\n"
    (row,) = archive.run("submission", "list", "--json").json()["submissions"]
    shown = archive.run("submission", "show", row["submission_id"])
    assert "letters: queued" in shown.out
    document = archive.run("submission", "show", row["submission_id"], "--json").json()
    assert (document["verdict"], document["choices"]) == ("queued", None)


@pytest.fixture
def contested(archive: OpenArchive, tmp_path: Path) -> str:
    """The identifier of Bob's submission, which claims an object of ours."""
    assert archive.run("ingest", a_bag(tmp_path / "ours", info=INFO)).code == 0
    bag = a_bag(tmp_path / "bob", {**CONTENT, "bob.txt": b"Bob was here\n"}, info=INFO)
    with archive.entered():
        from muniment.ingest.services.submissions import SubmissionRequest, submit
        from muniment.runtime.actor import Role, actor_with
        from muniment.site.bootstrap import clock

        bob = actor_with("bob", Role.DEPOSITOR)
        submission = submit(SubmissionRequest(bag), actor=bob, clock=clock())
    archive.run("worker", "--once")
    return str(submission.submission_id)


def test_what_must_be_decided_is_shown_with_its_choices(
    archive: OpenArchive, contested: str
) -> None:
    document = archive.run("submission", "show", contested, "--json").json()
    assert document["verdict"] == "held"
    assert set(document["choices"]) == {"add-version", "new-object", "refuse"}
    assert document["reason"] in archive.run("submission", "show", contested).out


@pytest.mark.parametrize(
    ("choice", "code", "verdict", "objects"),
    [
        ("add-version", 0, "accepted", 1),
        ("new-object", 0, "accepted", 2),
        ("refuse", 1, "refused", 1),
    ],
)
def test_a_decision_lets_the_submission_end(
    archive: OpenArchive, contested: str, choice: str, code: int, verdict: str, objects: int
) -> None:
    answer = archive.run("submission", "decide", contested, choice, "--json")
    assert answer.code == code
    assert [each["verdict"] for each in answer.json()["submissions"]] == [verdict]
    found = archive.run("object", "list", "--json").json()["objects"]
    assert len(found) == objects


def test_a_decision_can_be_tried_first(archive: OpenArchive, contested: str) -> None:
    answer = archive.run("submission", "decide", contested, "add-version", "--dry-run")
    assert answer.code == 3
    assert "bob: held" in answer.out
    assert "can be chosen; nothing was done" in answer.err
    assert archive.run("submission", "show", contested, "--json").json()["verdict"] == "held"


def test_held_submissions_can_be_listed_alone(archive: OpenArchive, contested: str) -> None:
    found = archive.run("submission", "list", "--state", "held", "--json").json()["submissions"]
    assert [each["submission_id"] for each in found] == [contested]
    assert contested in archive.run("submission", "list", "--state", "held").out


@pytest.mark.parametrize("as_json", [True, False])
def test_a_watched_folder_is_left_by_a_signal(
    archive: OpenArchive, tmp_path: Path, as_json: bool
) -> None:
    inbox = tmp_path / "inbox"
    a_folder(inbox / "letters")
    before = signal.getsignal(signal.SIGTERM)

    def stop_when_taken() -> None:
        eventually(lambda: any((archive.home / "receipts").rglob("*.json")), within_s=60)
        signal.raise_signal(signal.SIGINT)

    watcher = threading.Thread(target=stop_when_taken)
    watcher.start()
    answer = archive.run("ingest", "--watch", inbox, "--interval", "0.05", *["--json"] * as_json)
    watcher.join()
    assert answer.code == 0
    assert "accepted" in answer.out
    assert "Watching" in answer.err
    assert signal.getsignal(signal.SIGTERM) is before


def test_what_is_no_folder_cannot_be_watched(archive: OpenArchive, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    answer = archive.run("ingest", "--watch", tmp_path / "file")
    assert answer.code == 2
    assert "is no folder" in answer.err
