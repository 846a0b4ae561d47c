"""What goes wrong around a command is told in a sentence, with an exit code, never a traceback."""

from __future__ import annotations

import ctypes
import os
import socket
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.archives import Answer, Archive
from tests.open_archives import OpenArchive

READING = [
    ["object", "list"],
    ["job", "list"],
    ["queue", "show"],
    ["schedule", "list"],
    ["submission", "list"],
    ["quarantine", "list"],
    ["pipeline", "list"],
    ["fixity", "report"],
    ["search", "x"],
    ["recover"],
    ["worker", "--once"],
]
reading = pytest.mark.parametrize("words", READING, ids=" ".join)


def assert_is_told(answer: Answer, code: int, *pieces: str) -> None:
    """One sentence on standard error, nothing on standard output."""
    assert (answer.code, answer.out) == (code, ""), answer.err
    assert "Traceback" not in answer.err
    assert answer.err.startswith("muniment: ")
    assert len(answer.err.splitlines()) == 1, answer.err
    for piece in pieces:
        assert piece in answer.err


@reading
def test_without_an_archive(archive: OpenArchive, tmp_path: Path, words: list[str]) -> None:
    answer = archive.run(*words, MUNIMENT_HOME=str(tmp_path / "nowhere"))
    assert_is_told(answer, 2, "there is no archive in", "muniment init")
    assert not (tmp_path / "nowhere").exists()


@reading
def test_with_wrong_settings(archive: OpenArchive, words: list[str]) -> None:
    answer = archive.run(*words, MUNIMENT_TOOL_HELPERS="0")
    assert_is_told(answer, 2, "tool_helpers", "MUNIMENT_TOOL_HELPERS")


@reading
def test_with_a_database_of_a_newer_version(archive: OpenArchive, words: list[str]) -> None:
    _remember(
        archive,
        "INSERT INTO django_migrations (app, name, applied) VALUES"
        " ('work', '9999_from_the_future', '2099-01-01')",
    )
    answer = archive.run(*words)
    assert_is_told(answer, 3, "newer Muniment", "work.9999_from_the_future", "upgrade")


@pytest.mark.parametrize("words", [*READING, ["ingest", "."]], ids=" ".join)
def test_with_a_database_of_an_older_version(archive: OpenArchive, words: list[str]) -> None:
    _remember(archive, "DELETE FROM django_migrations WHERE name = '0002_claim_by_turns'")
    assert_is_told(archive.run(*words), 3, "lacks 1 changes", "muniment migrate")


def _remember(archive: OpenArchive, statement: str) -> None:
    from django.db import connection

    with archive.entered(), connection.cursor() as cursor:
        cursor.execute(statement)


@reading
def test_without_a_database(archive: OpenArchive, words: list[str]) -> None:
    if archive.database:
        _remember(archive, "DROP TABLE django_migrations")
    else:
        for file in archive.home.glob("muniment.sqlite3*"):
            file.unlink()
    assert_is_told(archive.run(*words), 3, "muniment migrate", "muniment rebuild")


def test_a_lost_database_is_made_anew_by_rebuild(archive: OpenArchive) -> None:
    if archive.database:
        pytest.skip("a database on a server is made by its administrator")
    for file in archive.home.glob("muniment.sqlite3*"):
        file.unlink()
    assert archive.run("rebuild").code == 0
    assert archive.run("object", "list").code == 0


@reading
def test_with_a_file_that_is_no_database(archive: OpenArchive, words: list[str]) -> None:
    if archive.database:
        pytest.skip("a file is the database of SQLite only")
    for file in archive.home.glob("muniment.sqlite3*"):
        file.unlink()
    (archive.home / "muniment.sqlite3").write_bytes(b"this is no database at all" * 100)
    assert_is_told(archive.run(*words), 3, "database", "not a database")


def test_with_a_server_that_does_not_answer(archive: OpenArchive) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: a connection is refused
        url = f"postgresql://me:secret@127.0.0.1:{taken.getsockname()[1]}/x"
        answer = archive.apart.run("object", "list", MUNIMENT_DATABASE=url)
    assert_is_told(answer, 3, "the database does not answer", "refused")
    assert "secret" not in answer.err


@pytest.mark.parametrize("words", [["submission", "list"], ["job", "list"]], ids=" ".join)
def test_an_error_is_one_document_where_documents_are_asked_for(
    archive: OpenArchive, tmp_path: Path, words: list[str]
) -> None:
    answer = archive.run(*words, "--json", MUNIMENT_HOME=str(tmp_path / "nowhere"))
    assert answer.json()["error"]["code"] == "invalid-argument"
    assert answer.err == ""


PR_CAPBSET_DROP, OVERRIDES = 24, (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def _obey_permissions() -> None:
    """Let this process, root too, be bound by the bits of files, as people are."""
    libc = ctypes.CDLL(None, use_errno=True)
    for capability in OVERRIDES if os.geteuid() == 0 else ():
        if libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "cannot give up the right to ignore permissions")


def run_as_people(archive: Archive, words: Sequence[str | Path]) -> Answer:
    done = subprocess.run(
        archive.command(*words),
        env=archive.environment(),
        cwd=archive.home.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=_obey_permissions,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def read_only(archive: OpenArchive) -> Iterator[OpenArchive]:
    """An archive that nobody may write."""
    every = [archive.home, *archive.home.rglob("*")]
    modes = {path: path.stat().st_mode for path in every}
    for path in every:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield archive
    for path, mode in modes.items():
        path.chmod(mode)


@pytest.mark.parametrize(
    "words",
    [["queue", "pause", "x"], ["job", "prune", "--yes"], ["ingest", "."], ["recover"], ["init"]],
    ids=" ".join,
)
def test_in_a_home_that_is_read_only(read_only: OpenArchive, words: list[str]) -> None:
    if read_only.database and words[0] in {"queue", "job"}:
        pytest.skip("with a server, these write nothing in the home")
    answer = run_as_people(read_only, words)
    assert answer.code == 3, answer.err
    assert "Traceback" not in answer.err
    assert answer.err.startswith("muniment: ")


def test_a_package_that_may_not_be_read(archive: OpenArchive, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").touch(mode=0o000)
    answer = run_as_people(archive, ["ingest", tmp_path / "secret.txt"])
    assert answer.code in {1, 2, 3}
    assert "Traceback" not in answer.err
    assert "secret.txt" in answer.out + answer.err
    assert "ermission" in answer.out + answer.err


def test_a_settings_file_that_may_not_be_read(archive: OpenArchive) -> None:
    (archive.home / "muniment.toml").chmod(0o000)
    answer = run_as_people(archive, ["object", "list"])
    assert_is_told(answer, 2, "muniment.toml: cannot be read: Permission denied")
