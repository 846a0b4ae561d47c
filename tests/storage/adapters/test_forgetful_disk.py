"""What the twin forgets when the power goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.storage.adapters.forgetful_disk import ForgetfulDisk, PowerLost


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    (folder / "old").write_bytes(b"old")
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_name_in_a_folder_that_was_not_synced_is_forgotten(root: Path) -> None:
    disk = ForgetfulDisk(root)
    disk.write(root / "new", b"1")
    disk.fsync(root / "new")
    disk.lose_power()
    assert names(root) == ["old"]


def test_bytes_that_were_not_synced_are_forgotten(root: Path) -> None:
    disk = ForgetfulDisk(root)
    disk.write(root / "new", b"1")
    disk.append(root / "old", b"er")
    disk.fsync_folder(root)
    disk.lose_power()
    assert (root / "new").read_bytes() == b""
    assert (root / "old").read_bytes() == b"old"


def test_a_synced_file_in_a_synced_folder_stays(root: Path) -> None:
    disk = ForgetfulDisk(root)
    disk.write(root / "new", b"1")
    disk.fsync(root / "new")
    disk.fsync_folder(root)
    disk.lose_power()
    assert (root / "new").read_bytes() == b"1"


def test_one_call_keeps_a_whole_tree(root: Path) -> None:
    disk = ForgetfulDisk(root)
    disk.make_folder(root / "a/b")
    disk.write(root / "a/b/c", b"1")
    disk.sync_all(root)
    disk.lose_power()
    assert (root / "a/b/c").read_bytes() == b"1"


def test_a_rename_is_undone(root: Path) -> None:
    disk = ForgetfulDisk(root)
    disk.write(root / "new", b"new")
    disk.sync_all(root)
    disk.rename(root / "new", root / "old")
    disk.lose_power()
    assert (root / "old").read_bytes() == b"old"
    assert (root / "new").read_bytes() == b"new"


def test_a_removal_is_undone(root: Path) -> None:
    disk = ForgetfulDisk(root)
    disk.make_folder(root / "f")
    disk.sync_all(root)
    disk.remove(root / "old")
    disk.remove_folder(root / "f")
    disk.lose_power()
    assert names(root) == ["f", "old"]


def test_the_power_goes_at_the_chosen_operation_and_stays_off(root: Path) -> None:
    disk = ForgetfulDisk(root, operations_left=1)
    disk.write(root / "a", b"")
    for _ in range(2):
        with pytest.raises(PowerLost):
            disk.write(root / "b", b"")
    disk.lose_power()
    disk.write(root / "b", b"")
    assert names(root) == ["b", "old"]
