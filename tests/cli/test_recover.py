"""`muniment recover`: says what it did, the second time nothing."""

from __future__ import annotations

from tests.archives import Archive
from tests.catalogue.shelves import make_shelf
from tests.storage.damage import rewrite


def test_a_sound_archive_needs_no_recovery(archive: Archive) -> None:
    answer = archive.run("recover", "--json")
    assert (answer.code, answer.json()) == (0, {"recovered": []})
    assert "Nothing to recover." in archive.run("recover").err


def test_leftovers_are_removed_once(archive: Archive) -> None:
    (archive.home / "work/staging/left.1").mkdir(parents=True)
    (archive.storage_root / "abc/def").mkdir(parents=True)
    answer = archive.run("recover", "--json")
    assert answer.code == 0
    assert [each["action"] for each in answer.json()["recovered"]] == ["removed"] * 3
    assert archive.run("recover", "--json").json() == {"recovered": []}


def test_damage_is_left_alone_and_ends_with_one(archive: Archive) -> None:
    broken = archive.storage_root / "abc/def/012/urn%3auuid%3a01a20b38"
    broken.mkdir(parents=True)
    (broken / "0=ocfl_object_1.1").write_bytes(b"ocfl_object_1.1\n")
    answer = archive.run("recover")
    assert answer.code == 1
    assert "left alone" in answer.out


def test_a_version_that_storage_alone_knows_is_catalogued(archive: Archive) -> None:
    object_id = make_shelf(archive.home).seal().object_id
    answer = archive.run("recover", "--json")
    (done,) = answer.json()["recovered"]
    assert (answer.code, done["action"], done["object_id"]) == (0, "indexed", object_id)
    assert archive.run("search", "harbour", "--json").json()["total"] == 1
    assert archive.run("recover", "--json").json() == {"recovered": []}


def test_an_object_that_only_the_catalogue_knows_ends_with_one(archive: Archive) -> None:
    shelf = make_shelf(archive.home)
    object_id = shelf.seal().object_id
    archive.run("recover")
    shelf.root.path_of(object_id).rename(archive.home / "gone")
    answer = archive.run("recover")
    assert answer.code == 1
    assert f"left alone: {shelf.root.path_of(object_id)}" in answer.out
    assert archive.run("object", "show", object_id).code == 0


def test_an_object_that_cannot_be_read_is_told_once(archive: Archive) -> None:
    shelf = make_shelf(archive.home)
    object_id = shelf.seal().object_id
    rewrite(shelf.root, object_id, "inventory.json.sha512", b"nonsense")
    answer = archive.run("recover", "--json")
    assert answer.code == 1
    assert [each["action"] for each in answer.json()["recovered"]] == ["left alone"]
