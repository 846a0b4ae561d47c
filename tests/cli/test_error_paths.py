"""What goes wrong around a command is told in a sentence, with an exit code, never a traceback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.archives import Answer
from tests.open_archives import OpenArchive

pytestmark = pytest.mark.slow

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
