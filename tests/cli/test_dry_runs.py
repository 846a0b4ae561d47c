"""A dry run of any command changes neither a file of the archive nor a row of its database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.archives import ArchiveTemplate
from tests.cli.test_tree import WRITE
from tests.ingest.packages import a_bag
from tests.open_archives import OpenArchive


@pytest.fixture(scope="module")
def lived_in(
    archive_template: ArchiveTemplate,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[OpenArchive]:
    """An archive with an object, a refused package, a job that waits and one that was cancelled."""
    folder = tmp_path_factory.mktemp("lived-in")
    made = archive_template.copy(folder / "archive")
    archive = OpenArchive(made.home, made.database)
    (folder / "letter.txt").write_text("Dear archive")
    bad = a_bag(folder / "bad")
    (bad / "data/list.csv").unlink()
    with django_db_blocker.unblock():
        archive.ingest(folder / "letter.txt", bad)
        for _ in range(2):
            archive.run("ingest", folder / "letter.txt", "--no-wait")
        archive.run("job", "cancel", "4")
        archive.run("queue", "pause", "night")
        archive.run("user", "add", "ada", "--no-input")
        archive.run("user", "token", "create", "ada", "--name", "old", "--scope", "read")
        yield archive
    made.remove()


def _words(archive: OpenArchive, command: str) -> list[str]:
    objects = archive.run("object", "list", "--json").json()["objects"]
    refused = archive.run("quarantine", "list", "--json").json()["quarantine"]
    object_id, submission = objects[0]["object_id"], refused[0]["submission_id"]
    pipeline = archive.home.parent / "pipeline.json"
    pipeline.write_text(archive.run("pipeline", "show", "default", "--json").out)
    (archive.home.parent / "folder").mkdir(exist_ok=True)
    (archive.home.parent / "folder" / "a").touch()
    arguments = {
        "bag create": ["folder"],
        "group remove": ["editors"],
        "group set": ["editors", "--role", "auditor"],
        "init": ["--reset"],
        "job cancel": ["3"],
        "job prune": [],
        "job release": ["3"],
        "job retry": ["4"],
        "migrate": [],
        "object describe": [object_id, "--set", "title=Another"],
        "object export": [object_id, "--to", "out"],
        "object reading": [object_id, "--policy", "registered"],
        "object tag": [object_id, "--add", "x"],
        "pipeline save": ["pipeline.json"],
        "quarantine remove": [submission],
        "queue pause": ["default"],
        "queue resume": ["night"],
        "rebuild": [],
        "recover": [],
        "schedule add": ["nightly", "0 0 * * *", "fixity"],
        "schedule remove": ["fixity"],
        "submission decide": [submission, "refuse"],
        "user add": ["eve", "--no-input"],
        "user change": ["ada", "--group", "editors", "--force-password", "--sign-out"],
        "user token create": ["ada", "--name", "new", "--scope", "read"],
        "user token revoke": ["ada", "--name", "old"],
    }
    return [*command.split(), *arguments[command], "--dry-run"]


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
    words = _words(lived_in, command) + ["--json"] * as_json
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
