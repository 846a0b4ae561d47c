"""An archive with something of everything, and words for every command that changes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tests.archives import ArchiveTemplate
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
        archive.run("webhook", "add", "https://hooks.example/a", "--owner", "ada")
        yield archive
    made.remove()


def words_of(archive: OpenArchive, command: str) -> list[str]:
    """Return a command that changes this archive, or would."""
    objects = archive.run("object", "list", "--json").json()["objects"]
    refused = archive.run("quarantine", "list", "--json").json()["quarantine"]
    object_id, submission = objects[0]["object_id"], refused[0]["submission_id"]
    pipeline = archive.home.parent / "pipeline.json"
    pipeline.write_text(archive.run("pipeline", "show", "default", "--json").out)
    rights = archive.home.parent / "rights.json"
    rights.write_text('[{"basis": "copyright"}]')
    (archive.home.parent / "folder").mkdir(exist_ok=True)
    (archive.home.parent / "folder" / "a").touch()
    arguments: dict[str, list[str]] = {
        "bag create": ["folder"],
        "audit export": [],
        "group remove": ["editors"],
        "group set": ["editors", "--role", "auditor"],
        "ingest": [str(archive.home.parent / "letter.txt")],
        "init": ["--reset"],
        "job cancel": ["3"],
        "job prune": [],
        "job release": ["3"],
        "job retry": ["4"],
        "migrate": [],
        "object describe": [object_id, "--set", "title=Another"],
        "object export": [object_id, "--to", "out"],
        "object reading": [object_id, "--policy", "registered"],
        "object rights": [object_id, "--set", str(rights)],
        "object tag": [object_id, "--add", "x"],
        "pipeline save": ["pipeline.json"],
        "quarantine remove": [submission],
        "queue pause": ["default"],
        "quarantine again": [submission],
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
        "webhook add": ["https://hooks.example/b", "--owner", "ada"],
        "webhook remove": ["1"],
    }
    return [*command.split(), *arguments[command]]
