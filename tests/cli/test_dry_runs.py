"""A dry run of any command changes neither a file of the archive nor a row of its database."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.lived_in import lived_in, words_of
from tests.cli.test_tree import WRITE
from tests.open_archives import OpenArchive

__all__ = ["lived_in"]


def _rows() -> dict[str, list[str]]:
    from django.apps import apps

    return {
        model.__name__: sorted(
            json.dumps(row, default=str) for row in model._default_manager.values()
        )
        for model in apps.get_models()
    }


def _files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
        and not path.name.startswith("muniment.sqlite3")
        and path.suffix != ".lock"  # of whoever looks; empty, and gone when nobody does
    }


# A dry run of an ingest leaves its own submission, its receipt and its job: that is the report.
TELLS = {"ingest", "quarantine again"}
# What is not possible is told as it would be without the dry run.
NOT_POSSIBLE = {"job release": 1, "submission decide": 1}


@pytest.mark.parametrize("command", sorted(WRITE - TELLS))
@pytest.mark.parametrize("as_json", [True, False], ids=["json", "text"])
def test_a_dry_run_changes_nothing(lived_in: OpenArchive, command: str, as_json: bool) -> None:
    words = [*words_of(lived_in, command), "--dry-run"] + ["--json"] * as_json
    with lived_in.entered():
        rows = _rows()
    files = _files(lived_in.home.parent)
    answer = lived_in.run(*words)
    assert answer.code == NOT_POSSIBLE.get(command, 0), answer.out + answer.err
    assert _files(lived_in.home.parent) == files
    with lived_in.entered():
        assert _rows() == rows
    if as_json:
        answer.json()


def test_a_dry_run_of_an_ingest_keeps_nothing_in_storage(
    archive: OpenArchive, tmp_path: Path
) -> None:
    (tmp_path / "letter.txt").write_text("Dear archive")
    storage = _files(archive.storage_root)
    answer = archive.run("ingest", tmp_path / "letter.txt", "--dry-run", "--json")
    assert [each["verdict"] for each in answer.json()["submissions"]] == ["would_accept"]
    assert _files(archive.storage_root) == storage
    assert archive.run("object", "list", "--json").json()["objects"] == []


def test_a_reset_says_first_what_it_would_destroy(lived_in: OpenArchive) -> None:
    answer = lived_in.run("init", "--reset", "--dry-run")
    assert f"This would destroy everything in {lived_in.home}" in answer.err


@pytest.mark.parametrize("words", [["--dry-run"], ["--object", "x"]])
def test_a_watched_folder_is_never_dry(lived_in: OpenArchive, words: list[str]) -> None:
    answer = lived_in.run("ingest", "--watch", ".", *words)
    assert answer.code == 2
    assert "for good" in answer.err
