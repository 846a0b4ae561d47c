"""`kill -9` at each named place: nothing is lost, nothing is done twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from muniment.information.identifiers import ObjectId
from tests.archives import Archive
from tests.catalogue.shelves import Shelf, make_shelf
from tests.ingest.aftermath import commands, told
from tests.storage.damage import rewrite

KILLED = -9


@pytest.fixture
def shelf(archive: Archive) -> Shelf:
    """The archive's own storage root, with two objects that the catalogue knows."""
    return make_shelf(archive.home)


@pytest.fixture
def object_id(shelf: Shelf, archive: Archive) -> ObjectId:
    sealed = shelf.seal()
    shelf.seal()
    assert archive.run("rebuild").code == 0
    return sealed.object_id


@pytest.mark.parametrize("place", ["rebuild.batch_read", "rebuild.ledger_read"])
def test_a_killed_rebuild_of_a_damaged_root_is_gone_on_with(
    archive: Archive, shelf: Shelf, place: str
) -> None:
    shelf.seal()
    broken, cut = shelf.seal().object_id, shelf.seal().object_id
    rewrite(shelf.root, broken, "inventory.json", b"{}")
    rewrite(shelf.root, cut, "v1/content/representations/original/data/a.txt", b"")
    first, second = archive.home.parent / "first", archive.home.parent / "second"
    (whole,) = commands(archive, f"rebuild --json --dump {first}")
    assert archive.run("rebuild", MUNIMENT_FAILPOINT=place).code == KILLED
    (again,) = commands(archive, f"rebuild --json --dump {second}")
    report = again.json()
    assert (again.code, report["resumed"], report["objects"]) == (1, True, 2)
    assert {each["object_id"] for each in report["problems"]} == {broken, cut}
    assert report["problems"] == whole.json()["problems"]
    assert second.read_bytes() == first.read_bytes()


@pytest.mark.parametrize("place", ["tag.recorded", "index.ledger_applied"])
def test_a_tag_that_is_in_the_ledger_is_found_again(
    archive: Archive, object_id: ObjectId, place: str
) -> None:
    words = ("object", "tag", object_id, "--add", "maps")
    assert archive.run(*words, MUNIMENT_FAILPOINT=place).code == KILLED
    assert archive.run("rebuild").code == 0
    assert archive.run("object", "tag", object_id, "--json").json()["tags"] == ["maps"]
    assert archive.run("search", "tag:maps", "--json").json()["total"] == 1


@pytest.mark.parametrize("place", ["describe.written", "index.written", "index.told"])
def test_an_edit_that_was_killed_is_made_once(
    archive: Archive, object_id: ObjectId, place: str
) -> None:
    words = ("object", "describe", object_id, "--set", "title=New")
    assert archive.run(*words, MUNIMENT_FAILPOINT=place).code == KILLED
    assert archive.run(*words).code == 0
    history = archive.run("object", "history", object_id, "--json").json()
    assert [each["version"] for each in history["versions"]] == [2, 1]
    assert [each["type"] for each in history["events"]].count("accession") == 2
    assert told(archive) == ["fixity check", "accession"] * 2
    assert archive.run("search", "title:new", "--json").json()["total"] == 1


@pytest.mark.parametrize("place", ["recover.indexed", "index.told"])
def test_a_killed_recovery_is_gone_on_with(archive: Archive, shelf: Shelf, place: str) -> None:
    object_id = shelf.seal().object_id
    assert archive.run("recover", MUNIMENT_FAILPOINT=place).code == KILLED
    recovered, again, found, history = commands(
        archive,
        "recover",
        "recover --json",
        "search harbour --json",
        f"object history {object_id} --json",
    )
    assert (recovered.code, again.json()["recovered"]) == (0, [])
    assert told(archive) == ["fixity check", "accession"]
    assert found.json()["total"] == 1
    assert [each["type"] for each in history.json()["events"]] == ["accession", "fixity check"]


def test_every_failpoint_of_the_catalogue_is_killed_at_here() -> None:
    import muniment.catalogue

    folder = Path(muniment.catalogue.__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in folder.rglob("*.py")]
    named = {name for text in texts for name in re.findall(r'failpoint\("([^"]+)"\)', text)}
    here = Path(__file__).read_text(encoding="utf-8")
    assert named
    assert [name for name in named if f'"{name}"' not in here] == []
