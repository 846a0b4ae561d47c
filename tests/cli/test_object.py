"""`muniment object …` over a real storage root, in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from muniment.cli.main import main
from muniment.cli.object_changing import Change, edited
from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.identifiers import ObjectId, new_object_id
from muniment.runtime.errors import InvalidArgument
from tests.catalogue.shelves import Content, Shelf, make_shelf

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("MUNIMENT_HOME", str(home))
    return make_shelf(home)


@pytest.fixture
def object_id(shelf: Shelf) -> ObjectId:
    content = Content(
        identifiers=[("cern-sip:cds", "2650")],
        files={"a.txt": b"a", "b\x7f[31m\u202e.txt": b"b"},
        file_events=[("a.txt", "validation", "failure")],
        terms=[("subject", "maps", "en")],
    )
    sealed = shelf.seal(content)
    second = Content(files={"c.txt": b"a", "d.txt": b"d"}, identifiers=content.identifiers)
    shelf.seal(second, sealed.object_id)
    shelf.index(sealed.object_id)
    return sealed.object_id


class Command:
    """Runs commands and reads what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def json(self, *words: str) -> Any:  # noqa: ANN401  # a document of any shape
        assert main([*words, "--json"]) == 0
        return json.loads(self._capsys.readouterr().out)

    def text(self, *words: str) -> str:
        assert main(words) == 0
        return self._capsys.readouterr().out

    def refused(self, *words: str) -> tuple[int, str]:
        code = main(words)
        return code, self._capsys.readouterr().err


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


def test_an_empty_archive_says_how_to_begin(shelf: Shelf, command: Command) -> None:
    assert "muniment ingest" in command.text("object", "list")
    assert command.json("object", "list") == {"objects": [], "next": None}


def test_objects_are_listed(object_id: ObjectId, command: Command) -> None:
    (found,) = command.json("object", "list")["objects"]
    assert (found["object_id"], found["version"], found["file_count"]) == (object_id, 2, 2)
    assert object_id in command.text("object", "list")


@pytest.mark.parametrize("name", ["cern-sip:cds:2650", "2650", "urn:uuid:{}", "{}"])
def test_an_object_is_shown_by_any_of_its_names(
    object_id: ObjectId, command: Command, name: str
) -> None:
    document = command.json("object", "show", name.format(object_id), "--version", "1")
    assert document["object_id"] == object_id
    assert document["shown_version"]["reason"] == "ingest"
    assert document["dublin_core"][1] == {"term": "subject", "value": "maps", "language": "en"}
    assert document["formats"][0]["count"] == 2


def test_show_reads_like_a_page(object_id: ObjectId, command: Command) -> None:
    text = command.text("object", "show", object_id)
    assert text.startswith("A harbour\n")
    assert f"urn:uuid:{object_id}" in text
    assert "2 files, 2 B" in text


@pytest.mark.parametrize("verb", ["show", "history", "diff", "events", "files", "tag", "rights"])
def test_a_name_that_means_nothing_is_exit_1(shelf: Shelf, command: Command, verb: str) -> None:
    code, err = command.refused("object", verb, new_object_id())
    assert code == 1
    assert "there is no object" in err


def test_the_history_tells_every_version(object_id: ObjectId, command: Command) -> None:
    versions = command.json("object", "history", object_id)["versions"]
    assert [each["version"] for each in versions] == [2, 1]
    assert "Version 2" in command.text("object", "history", object_id)


def test_the_difference_of_the_two_newest_versions(object_id: ObjectId, command: Command) -> None:
    found = command.json("object", "diff", object_id)
    assert [each["new"]["path"] for each in found["renamed"]] == ["c.txt"]
    assert [each["path"] for each in found["added"]] == ["d.txt"]
    text = command.text("object", "diff", object_id)
    assert "renamed  a.txt -> c.txt" in text
    assert "- subject: maps" in text
    assert "hold the same" in command.text("object", "diff", object_id, "2", "2")


def test_one_version_has_no_difference(shelf: Shelf, command: Command) -> None:
    sealed = shelf.seal()
    shelf.index(sealed.object_id)
    code, err = command.refused("object", "diff", sealed.object_id)
    assert (code, "one version only" in err) == (1, True)


def test_control_characters_of_names_are_made_visible(
    object_id: ObjectId, command: Command
) -> None:
    text = command.text("object", "files", object_id, "--version", "1")
    assert "b\\x7f[31m\\u202e.txt" in text
    assert "\u202e" not in text


def test_files_are_paged(object_id: ObjectId, command: Command) -> None:
    first = command.json("object", "files", object_id, "--limit", "1")
    second = command.json("object", "files", object_id, "--limit", "1", "--after", first["next"])
    assert [first["files"][0]["path"], second["files"][0]["path"]] == ["c.txt", "d.txt"]
    assert second["next"] is None
    assert len(first["files"][0]["digests"]["sha512"]) == 128


def test_events_are_filtered(object_id: ObjectId, command: Command) -> None:
    (found,) = command.json("object", "events", object_id, "--outcome", "failure")["events"]
    assert (found["type"], found["agents"][0]["name"]) == ("validation", "Muniment")
    assert "validation" in command.text("object", "events", object_id, "--file", found["file_id"])
    assert "No event" in command.text("object", "events", object_id, "--type", "deletion")


def test_tags_are_hung_on_shown_and_searched(object_id: ObjectId, command: Command) -> None:
    assert "--add" in command.text("object", "tag", object_id)
    words = ("object", "tag", object_id, "--add", "maps", "--add", "old")
    assert command.json(*words, "--dry-run")["tags"] == ["maps", "old"]
    assert command.json("object", "tag", object_id)["tags"] == []
    assert command.json(*words)["tags"] == ["maps", "old"]
    assert command.json("object", "tag", object_id, "--remove", "old")["tags"] == ["maps"]
    assert command.json("search", "tag:maps")["total"] == 1
    assert command.json("search", "tag:old")["total"] == 0


def test_describing_makes_a_version(object_id: ObjectId, command: Command) -> None:
    words = ("object", "describe", object_id, "--set", "title=New", "--add", "subject@fr=cartes")
    assert command.json(*words, "--dry-run")["version"] == 2
    found = command.json(*words)
    assert found["version"] == 3
    assert found["dublin_core"][-1] == {"term": "subject", "value": "cartes", "language": "fr"}
    assert command.json("object", "history", object_id)["versions"][0]["reason"] == "metadata-edit"
    assert command.json("search", "title:new")["total"] == 1


def test_rights_are_empty_with_a_word(object_id: ObjectId, command: Command) -> None:
    assert "No rights are stated" in command.text("object", "rights", object_id)
    assert command.json("object", "rights", object_id)["rights"] == []


def test_rights_are_stated_from_a_file(
    object_id: ObjectId, command: Command, tmp_path: Path
) -> None:
    granted = {"act": "publish", "restrictions": ["disallow"], "ends_at": "2090"}
    file = tmp_path / "rights.json"
    file.write_text(json.dumps([{"basis": "license", "terms": "CC0", "granted": [granted]}]))
    words = ("object", "rights", object_id, "--set", str(file))
    command.json(*words, "--dry-run")
    assert command.json("object", "rights", object_id)["rights"] == []
    found = command.json(*words)["rights"]
    assert (found[0]["basis"], found[0]["granted"][0]["act"]) == ("license", "publish")
    text = command.text("object", "rights", object_id)
    assert "license: CC0" in text
    assert "publish, disallow, until 2090" in text
    file.write_text(json.dumps(command.json("object", "rights", object_id)))
    assert command.json(*words)["rights"] == found, "what is shown can be set again"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "JSON"),
        ("{}", "list"),
        ("[1]", "basis"),
        ('[{"basis": 1}]', "basis"),
        ('[{"basis": "x", "terms": []}]', "terms"),
        ('[{"basis": "x", "notes": [1]}]', "notes"),
        ('[{"basis": "x", "granted": [{}]}]', "act 1"),
        ('[{"basis": "x", "granted": "publish"}]', "granted"),
        ('[{"basis": "x", "granted": [{"act": "y", "ends_at": "soon"}]}]', "soon"),
    ],
)
def test_a_wrong_file_of_rights_is_refused(
    object_id: ObjectId, command: Command, tmp_path: Path, text: str, told: str
) -> None:
    file = tmp_path / "rights.json"
    file.write_text(text)
    code, said = command.refused("object", "rights", object_id, "--set", str(file))
    assert code == 2
    assert told in said


def test_verifying_reads_every_byte(object_id: ObjectId, shelf: Shelf, command: Command) -> None:
    (check,) = command.json("object", "verify", object_id)["checks"]
    assert check["outcome"] == "correct"
    (path,) = shelf.root.path_of(object_id).glob("v1/content/**/a.txt")
    path.chmod(0o600)
    path.write_bytes(b"x")
    assert main(["object", "verify", object_id]) == 1


@pytest.mark.parametrize(("form", "expected"), [
    ("folder", "representations/original/data/c.txt"),
    ("bag", "data/representations/original/data/c.txt"),
])  # fmt: skip
def test_a_version_is_exported(
    object_id: ObjectId, command: Command, tmp_path: Path, form: str, expected: str
) -> None:
    target = tmp_path / "out"
    done = command.json("object", "export", object_id, "--form", form, "--to", str(target))
    assert (done["version"], done["path"]) == (2, str(target))
    assert (target / expected).read_bytes() == b"a"


def test_a_folder_that_is_there_takes_the_export_in(
    object_id: ObjectId, command: Command, tmp_path: Path
) -> None:
    done = command.json("object", "export", object_id, "--form", "zip", "--to", str(tmp_path))
    assert done["path"] == str(tmp_path / f"{object_id}.zip")


RECORD = DublinCore(
    (
        DublinCoreValue("title", "T", "en"),
        DublinCoreValue("subject", "a"),
        DublinCoreValue("subject", "b", "fr"),
    )
)


@pytest.mark.parametrize(
    ("sets", "adds", "removes", "expected"),
    [
        (["title=X"], [], [], [("title", "X", ""), ("subject", "a", ""), ("subject", "b", "fr")]),
        (["subject=x", "subject=y"], [], [],
         [("title", "T", "en"), ("subject", "x", ""), ("subject", "y", "")]),
        ([], ["creator@de=C=D"], ["subject=a"],
         [("title", "T", "en"), ("subject", "b", "fr"), ("creator", "C=D", "de")]),
        ([], [], ["subject"], [("title", "T", "en")]),
        ([], [], ["subject@fr"], [("title", "T", "en"), ("subject", "a", "")]),
    ],
)  # fmt: skip
def test_terms_are_set_added_and_removed(
    sets: list[str], adds: list[str], removes: list[str], expected: list[tuple[str, str, str]]
) -> None:
    found = edited(
        RECORD,
        sets=[Change.parse(each) for each in sets],
        adds=[Change.parse(each) for each in adds],
        removes=[Change.parse(each) for each in removes],
    )
    assert [(each.term, each.value, each.language) for each in found] == expected


@pytest.mark.parametrize(("sets", "removes"), [(["title"], []), (["title="], []), ([], ["date"])])
def test_an_edit_that_says_nothing_is_refused(sets: list[str], removes: list[str]) -> None:
    with pytest.raises(InvalidArgument):
        edited(
            RECORD,
            sets=[Change.parse(each) for each in sets],
            adds=[],
            removes=[Change.parse(each) for each in removes],
        )


def test_a_change_without_a_term_is_refused() -> None:
    with pytest.raises(InvalidArgument):
        Change.parse("=x")
