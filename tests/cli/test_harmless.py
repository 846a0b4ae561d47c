"""Names in packages are anybody's: no command lets them move a cursor or colour a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker

from tests.archives import Answer, ArchiveTemplate
from tests.ingest.packages import a_bag
from tests.open_archives import OpenArchive, muniment

NASTY = "a\x9b31mred\u202egnp.txt"


def assert_harmless(answer: Answer) -> None:
    shown = answer.out + answer.err
    harmful = {
        letter
        for letter in shown
        if unicodedata.category(letter) in {"Cc", "Cf"} and letter != "\n"
    }
    assert harmful == set(), shown
    assert "Traceback" not in shown


@pytest.fixture(scope="module")
def visited(
    archive_template: ArchiveTemplate,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[OpenArchive]:
    """An archive that took a package with nasty names in and refused another one."""
    folder = tmp_path_factory.mktemp("visited")
    made = archive_template.copy(folder / "archive")
    archive = OpenArchive(made.home, made.database)
    good = folder / f"good{NASTY}"
    good.mkdir()
    (good / NASTY).write_text("hello")
    bad = a_bag(folder / f"bad{NASTY}", {NASTY: b"one"})
    (bad / "data" / NASTY).write_bytes(b"two")
    with django_db_blocker.unblock():
        taken = archive.run("ingest", good, bad)
        assert_harmless(taken)
        assert "good" in taken.out
        yield archive
    made.remove()


def _words(archive: OpenArchive) -> dict[str, list[str]]:
    object_id = archive.run("object", "list", "--json").json()["objects"][0]["object_id"]
    (refused,) = archive.run("quarantine", "list", "--json").json()["quarantine"]
    return {"OBJECT": [object_id], "REFUSED": [refused["submission_id"]]}


@pytest.mark.parametrize(
    "words",
    [
        "object list",
        "object show OBJECT",
        "object files OBJECT",
        "object events OBJECT",
        "object history OBJECT",
        "object verify OBJECT",
        "search hello",
        "search name:red",
        "submission list",
        "submission show REFUSED",
        "quarantine list",
        "quarantine show REFUSED",
        "job list",
        "job show 1",
        "fixity run --all",
        "fixity report",
    ],
)
def test_a_listing_shows_them_escaped(visited: OpenArchive, words: str) -> None:
    names = _words(visited)
    answer = visited.run(*(part for word in words.split() for part in names.get(word, [word])))
    assert_harmless(answer)
    assert answer.out


def test_a_document_says_them_exactly(visited: OpenArchive) -> None:
    names = _words(visited)
    document = visited.run("object", "files", *names["OBJECT"], "--json").json()
    assert NASTY in [each["path"] for each in document["files"]]


def test_an_error_shows_them_escaped(visited: OpenArchive) -> None:
    answer = visited.run("object", "show", NASTY)
    assert_harmless(answer)
    assert "\\x9b31mred\\u202egnp" in answer.err


@pytest.mark.parametrize(
    "words", [["bag", "validate"], ["ocfl", "validate"], ["eark", "validate"], ["identify"]]
)
def test_commands_without_an_archive_show_them_escaped(tmp_path: Path, words: list[str]) -> None:
    package = tmp_path / NASTY
    package.mkdir()
    (package / NASTY).write_text("hello")
    assert_harmless(muniment(*words, package))
