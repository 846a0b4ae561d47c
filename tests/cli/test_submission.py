"""What was handed in, what was refused and what is asked, on the command line."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.archives import Archive
from tests.eventually import eventually
from tests.ingest.packages import a_bag, a_folder


@pytest.fixture
def refused(archive: Archive, tmp_path: Path) -> str:
    """The identifier of a submission that was refused."""
    bag = a_bag(tmp_path / "bag")
    (bag / "data/list.csv").unlink()
    (submission,) = archive.ingest(bag)
    return str(submission["submission_id"])


def test_an_archive_without_submissions_says_how_to_begin(archive: Archive) -> None:
    assert "muniment ingest" in archive.run("submission", "list").out
    assert archive.run("quarantine", "list").out == "The quarantine is empty.\n"


def test_the_list_goes_on_after_a_page(archive: Archive, tmp_path: Path) -> None:
    archive.ingest(a_folder(tmp_path / "a"), a_folder(tmp_path / "b"))
    first = archive.run("submission", "list", "--limit", "1", "--json").json()
    rest = archive.run("submission", "list", "--before", str(first["next"]), "--json").json()
    sources = [row["source_path"] for row in (*first["submissions"], *rest["submissions"])]
    assert [source.rpartition("/")[2] for source in sources] == ["b", "a"]


def test_the_quarantine_shows_every_fault(archive: Archive, refused: str) -> None:
    assert refused in archive.run("quarantine", "list").out
    shown = archive.run("quarantine", "show", refused).out
    assert "data/list.csv" in shown
    assert "send it again" in shown


@pytest.mark.parametrize(("more", "verdict"), [([], "refused"), (["--dry-run"], "would_refuse")])
def test_what_is_in_quarantine_is_handed_in_once_more(
    archive: Archive, refused: str, more: list[str], verdict: str
) -> None:
    answer = archive.run("quarantine", "again", refused, "--json", *more)
    (submission,) = answer.json()["submissions"]
    assert answer.code == 1
    assert submission["verdict"] == verdict
    assert submission["submission_id"] != refused


def test_removing_from_quarantine_wants_a_yes(archive: Archive, refused: str) -> None:
    answer = archive.run("quarantine", "remove", refused)
    assert answer.code == 2
    assert "--yes" in answer.err
    assert (archive.home / "quarantine" / refused).is_dir()


def test_what_is_removed_from_quarantine_keeps_its_receipt(archive: Archive, refused: str) -> None:
    assert archive.run("quarantine", "remove", refused, "--yes").code == 0
    assert not (archive.home / "quarantine" / refused).exists()
    assert archive.run("submission", "show", refused, "--json").json()["verdict"] == "refused"


@pytest.mark.parametrize(
    ("name", "code"), [("not-a-uuid", 2), ("01890000-0000-7000-8000-000000000000", 1)]
)
def test_a_submission_that_is_not_there(archive: Archive, name: str, code: int) -> None:
    answer = archive.run("submission", "show", name)
    assert answer.code == code
    assert name in answer.err


def test_deciding_what_is_not_asked_is_refused(archive: Archive, refused: str) -> None:
    answer = archive.run("submission", "decide", refused, "refuse")
    assert answer.code == 1
    assert "no decision" in answer.err


def test_a_watched_folder_takes_what_settles_once(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    a_folder(folder / "letters")
    process = archive.start("ingest", "--watch", folder, "--interval", "0.2", "--json")

    def is_accepted() -> bool:
        rows = archive.run("submission", "list", "--json").json()["submissions"]
        return [row["verdict"] for row in rows] == ["accepted"]

    try:
        eventually(is_accepted, within_s=90)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert process.returncode == 0
    assert is_accepted()
