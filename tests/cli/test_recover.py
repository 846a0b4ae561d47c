"""`muniment recover`: says what it did, the second time nothing."""

from __future__ import annotations

from tests.archives import Archive


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
