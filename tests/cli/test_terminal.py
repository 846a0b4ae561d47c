"""What a person at a terminal sees: a bar, and an end by Ctrl-C from which work goes on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from muniment.cli import __file__ as cli
from tests.cli.terminal import Terminal
from tests.open_archives import OpenArchive

pytestmark = pytest.mark.slow


@pytest.fixture
def bag(archive: OpenArchive, tmp_path: Path) -> Path:
    (tmp_path / "bag").mkdir()
    for number in range(20):
        (tmp_path / "bag" / f"{number}.txt").write_bytes(b"x")
    assert archive.run("bag", "create", tmp_path / "bag").code == 0
    return tmp_path / "bag"


def at_terminal(archive: OpenArchive, *words: str | Path) -> Terminal:
    return Terminal(archive.command(*words), archive.home.parent, archive.environment())


def test_a_bar_shows_on_a_terminal(archive: OpenArchive, bag: Path) -> None:
    with at_terminal(archive, "bag", "validate", bag) as terminal:
        terminal.wait_for("Validating: ")
        assert terminal.end() == 0
        assert "valid (20 files" in terminal.shown


def test_no_bar_shows_when_quiet_is_asked_for(archive: OpenArchive, bag: Path) -> None:
    with at_terminal(archive, "bag", "validate", bag, "-q") as terminal:
        assert terminal.end() == 0
        assert "Validating" not in terminal.shown


def test_no_bar_shows_in_a_file(archive: OpenArchive, bag: Path) -> None:
    assert archive.apart.run("bag", "validate", bag).err == ""


def test_ctrl_c_ends_an_ingest_and_the_next_worker_goes_on(
    archive: OpenArchive, tmp_path: Path
) -> None:
    (tmp_path / "letters").mkdir()
    for number in range(2000):
        (tmp_path / "letters" / f"{number}.txt").write_text(f"letter {number}")
    with at_terminal(archive, "ingest", tmp_path / "letters") as terminal:
        terminal.wait_for("ingest: ")
        terminal.type("\x03")
        assert terminal.end() == 3
        assert "Stopped. What was under way goes on with the next worker." in terminal.shown
        assert "Traceback" not in terminal.shown
    (job,) = archive.run("job", "list", "--json").json()["jobs"]
    assert job["state"] in {"queued", "running"}
    archive.run("worker", "--once")
    (row,) = archive.run("submission", "list", "--json").json()["submissions"]
    assert row["verdict"] == "accepted"
    assert archive.run("job", "show", str(job["id"]), "--json").json()["attempts"] == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["pipeline", "steps", "--json"], 0),
        (["completion", "bash"], 0),
        (["job", "show", "7", "--json"], 1),
        (["object", "list", "--json"], 0),
    ],
    ids=str,
)
def test_a_reader_who_has_seen_enough_is_no_error(
    archive: OpenArchive, words: list[str], code: int
) -> None:
    command = archive.start(*words)
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()
    with command:
        said = command.stderr.read()
    assert (command.returncode, said) == (code, b"")


def test_only_a_new_user_is_ever_asked_for_anything() -> None:
    asking = re.compile(r"(?<![\w.])input\(|getpass\.getpass\(|prompt\(")
    asks = {path.name for path in Path(cli).parent.glob("*.py") if asking.search(path.read_text())}
    assert asks <= {"user.py"}


def test_without_a_terminal_nobody_is_asked(archive: OpenArchive) -> None:
    answer = archive.run("user", "add")
    assert (answer.code, answer.out) == (2, "")
    assert "a user needs a name" in answer.err
