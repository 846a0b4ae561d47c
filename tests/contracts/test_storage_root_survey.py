"""The contract of a storage root: what is in it, objects and all else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from muniment.information.identifiers import ObjectId, new_object_id
from muniment.runtime.errors import StorageUnavailable
from muniment.storage.types import RecoveryAction
from tests.contracts.storage_roots import OpenRoot, every_root, local
from tests.storage.damage import bury_a_folder, lose
from tests.storage.staging import Bench, seal_state

LEDGER = ObjectId("urn:x-muniment:ledger:2026-11")


@every_root
def test_each_object_comes_with_the_number_of_its_newest_version(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    other = Bench(bench.area)
    for head in range(11):
        seal_state(root, bench, {"a": b"%d" % head}, head=head)
    seal_state(root, other, {"a": b"1"})
    seal_state(root, Bench(bench.area, LEDGER), {"a": b"1"})
    assert dict(root.heads()) == {bench.object_id: 11, other.object_id: 1}
    assert list(root.strangers()) == []


@every_root
def test_the_root_says_what_it_holds(open_root: OpenRoot, home: Path, bench: Bench) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    assert root.holds(bench.object_id)
    assert not root.holds(new_object_id())


@pytest.mark.parametrize("lost", [
    ("0=ocfl_object_1.1",), ("inventory.json",), ("0=ocfl_object_1.1", "inventory.json"),
])  # fmt: skip
def test_an_object_that_lost_its_marks_is_one_all_the_same(
    home: Path, bench: Bench, lost: tuple[str, ...]
) -> None:
    root = local(home)
    seal_state(root, bench, {"a": b"1"})
    for name in lost:
        lose(root, bench.object_id, name)
    assert list(root.heads()) == [(bench.object_id, 1)]
    assert list(root.strangers()) == []


def test_an_object_without_a_version_has_the_number_0(home: Path, bench: Bench) -> None:
    root = local(home)
    seal_state(root, bench, {"a": b"1"})
    shutil.rmtree(root.path_of(bench.object_id) / "v1")
    assert list(root.heads()) == [(bench.object_id, 0)]


def put_a_file_in_the_root(storage: Path, bench: Bench) -> tuple[str, str]:
    (storage / "notes.txt").write_bytes(b"")
    return "notes.txt", "a file outside of any object"


def put_a_folder_with_files(storage: Path, bench: Bench) -> tuple[str, str]:
    (storage / "photos/2026").mkdir(parents=True)
    for name in ("1.jpg", "2.jpg"):
        (storage / "photos/2026" / name).write_bytes(b"")
    return "photos/2026", "no object, and holds files: 2, the first is '1.jpg'"


def put_an_object_of_others(storage: Path, bench: Bench) -> tuple[str, str]:
    (storage / "other").mkdir()
    (storage / "other/0=ocfl_object_1.1").write_bytes(b"ocfl_object_1.1\n")
    return "other", "an object that is not of this archive"


def put_an_object_with_a_broken_identifier(storage: Path, bench: Bench) -> tuple[str, str]:
    (storage / "urn%3auuid%3a01a20b38").mkdir()
    (storage / "urn%3auuid%3a01a20b38/inventory.json").write_bytes(b"{}")
    return "urn%3auuid%3a01a20b38", "an object that is not of this archive"


def put_a_copy_elsewhere(storage: Path, bench: Bench) -> tuple[str, str]:
    (found,) = storage.rglob(f"*{bench.object_id}")
    shutil.copytree(found, storage / "copy" / found.name)
    return f"copy/{found.name}", f"{bench.object_id} belongs elsewhere by the layout"


@pytest.mark.parametrize("put", [
    put_a_file_in_the_root,
    put_a_folder_with_files,
    put_an_object_of_others,
    put_an_object_with_a_broken_identifier,
    put_a_copy_elsewhere,
])  # fmt: skip
def test_what_is_no_object_of_ours_is_told_and_stays(home: Path, bench: Bench, put: object) -> None:
    root = local(home)
    seal_state(root, bench, {"a": b"1"})
    assert callable(put)
    path, reason = put(home / "storage", bench)
    (stranger,) = root.strangers()
    assert (stranger.path, stranger.reason) == (str(home / "storage" / path), reason)
    assert list(root.object_ids()) == [bench.object_id]
    root.recover()
    assert (home / "storage" / path).exists()


def test_a_note_between_objects_hides_none_of_them(home: Path, bench: Bench) -> None:
    root = local(home)
    seal_state(root, bench, {"a": b"1"})
    (root.path_of(bench.object_id).parent / "README").write_bytes(b"")
    assert list(root.object_ids()) == [bench.object_id]
    assert len(list(root.strangers())) == 1


def test_what_cannot_be_listed_is_told_behind_all_that_can(home: Path, bench: Bench) -> None:
    root = local(home)
    seal_state(root, bench, {"a": b"1"})
    bury_a_folder(home / "storage")
    found: list[ObjectId] = []
    with pytest.raises(StorageUnavailable, match="cannot list"):
        found.extend(root.object_ids())
    assert found == [bench.object_id]
    assert [each.reason for each in root.strangers()] == ["cannot be listed: File name too long"]
    told = root.recover()
    assert [each.action for each in told] == [RecoveryAction.LEFT_ALONE]


def test_recovery_tells_of_an_object_of_others_that_it_cannot_finish(
    home: Path, bench: Bench
) -> None:
    root = local(home)
    put_an_object_of_others(home / "storage", bench)
    (told,) = root.recover()
    assert (told.action, told.path) == (RecoveryAction.LEFT_ALONE, str(home / "storage/other"))
