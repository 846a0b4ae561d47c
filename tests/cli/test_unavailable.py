"""A database that is locked or full under a command: a sentence and exit 3, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from muniment.cli.main import main
from tests.ingest.packages import a_folder
from tests.locked import impatient, locked
from tests.open_archives import OpenArchive


def ingest(package: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    """Run the command where the archive is entered; return code and all that it said."""
    code = main(["ingest", str(package), *words])
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    return code, said.out + said.err


@contextmanager
def full() -> Iterator[None]:
    """Let the database have no page more than it has; there is no such switch on a server."""
    if connection.vendor == "postgresql":
        pytest.skip("only SQLite can be told to be full: 2026-11-30, the server's disk is its own")
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1")
    yield


def test_a_locked_database_is_told(
    archive: OpenArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = a_folder(tmp_path / "package")
    with archive.entered():
        with impatient(), locked():
            code, said = ingest(package, capsys)
        assert code == 3
        assert "the database does not answer" in said
        assert ingest(package, capsys)[0] == 0


def test_a_full_database_is_told(
    archive: OpenArchive, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package = a_folder(tmp_path / "package", {f"{n}.txt": b"x" for n in range(2)})
    with archive.entered(), full():
        answers = [ingest(package, capsys, "--no-wait") for _ in range(40)]
    assert answers[0][0] == 0, "there is some room in the last pages"
    assert answers[-1][0] == 3
    assert "no space left for the database" in answers[-1][1]
