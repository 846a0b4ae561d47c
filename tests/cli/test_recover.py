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


def test_a_dry_run_says_what_recovery_does_then(archive: Archive) -> None:
    (archive.home / "work/staging/left.1").mkdir(parents=True)
    (archive.storage_root / "abc/def").mkdir(parents=True)
    (archive.home / "work/submissions/left.2").mkdir(parents=True)
    make_shelf(archive.home).seal()
    foreseen = archive.run("recover", "--dry-run", "--json")
    assert (foreseen.code, foreseen.json()["dry_run"]) == (0, True)
    assert "things would be recovered" in archive.run("recover", "--dry-run").err
    assert (archive.home / "work/staging/left.1").is_dir()
    done = archive.run("recover", "--json").json()["recovered"]
    keys = [
        {(each["action"], each["path"]) for each in told}
        for told in (foreseen.json()["recovered"], done)
    ]
    assert keys[0] == keys[1]
    assert archive.run("recover", "--dry-run", "--json").json()["recovered"] == []


def test_a_dry_run_leaves_damage_alone_too_and_ends_with_one(archive: Archive) -> None:
    object_id = make_shelf(archive.home).seal().object_id
    rewrite(make_shelf(archive.home).root, object_id, "inventory.json", b"{}")
    answer = archive.run("recover", "--dry-run", "--json")
    assert answer.code == 1
    assert [each["action"] for each in answer.json()["recovered"]] == ["left alone"]
