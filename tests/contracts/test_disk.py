"""The contract of `Disk`: every adapter does what the operating system's calls do."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.storage.adapters.forgetful_disk import ForgetfulDisk
from muniment.storage.adapters.local_disk import LocalDisk
from muniment.storage.ports import Disk

OpenDisk = Callable[[Path], Disk]


def local(root: Path) -> Disk:
    return LocalDisk()


def forgetful(root: Path) -> Disk:
    return ForgetfulDisk(root)


every_disk = pytest.mark.parametrize("open_disk", [local, forgetful])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


@every_disk
def test_a_folder_is_made_with_its_parents_and_may_be_there(
    open_disk: OpenDisk, root: Path
) -> None:
    disk = open_disk(root)
    disk.make_folder(root / "a/b")
    disk.make_folder(root / "a/b")
    assert (root / "a/b").is_dir()


@every_disk
def test_a_written_file_holds_its_bytes_and_is_never_replaced(
    open_disk: OpenDisk, root: Path
) -> None:
    disk = open_disk(root)
    disk.write(root / "a", b"1")
    with pytest.raises(FileExistsError):
        disk.write(root / "a", b"2")
    assert (root / "a").read_bytes() == b"1"


@every_disk
def test_bytes_are_streamed_into_a_new_file(open_disk: OpenDisk, root: Path) -> None:
    with open_disk(root).create(root / "a") as stream:
        stream.write(b"1")
        stream.write(b"2")
    assert (root / "a").read_bytes() == b"12"


@every_disk
def test_bytes_are_added_at_the_end_and_cut_off_again(open_disk: OpenDisk, root: Path) -> None:
    disk = open_disk(root)
    disk.append(root / "a", b"one")
    disk.append(root / "a", b"two")
    disk.truncate(root / "a", 4)
    disk.fsync(root / "a")
    assert (root / "a").read_bytes() == b"onet"


@every_disk
def test_a_linked_file_is_one_file_with_two_names(open_disk: OpenDisk, root: Path) -> None:
    (root / "a").write_bytes(b"1")
    open_disk(root).link(root / "a", root / "b")
    assert (root / "a").samefile(root / "b")


@every_disk
def test_a_copy_is_another_file(open_disk: OpenDisk, root: Path) -> None:
    (root / "a").write_bytes(b"1")
    open_disk(root).copy(root / "a", root / "b")
    assert (root / "b").read_bytes() == b"1"
    assert not (root / "a").samefile(root / "b")


@every_disk
def test_a_symbolic_link_is_not_followed(open_disk: OpenDisk, root: Path) -> None:
    (root / "secret").write_bytes(b"1")
    (root / "a").symlink_to(root / "secret")
    disk = open_disk(root)
    with pytest.raises(OSError, match="symbolic links"):
        disk.copy(root / "a", root / "b")
    disk.link(root / "a", root / "c")
    assert (root / "c").is_symlink()


@every_disk
def test_a_protected_file_may_be_written_by_nobody(open_disk: OpenDisk, root: Path) -> None:
    (root / "a").write_bytes(b"1")
    open_disk(root).protect(root / "a")
    assert (root / "a").stat().st_mode & 0o777 == 0o444


@every_disk
def test_a_rename_replaces_a_file_and_moves_a_folder(open_disk: OpenDisk, root: Path) -> None:
    disk = open_disk(root)
    disk.write(root / "a", b"1")
    disk.write(root / "b", b"2")
    disk.rename(root / "a", root / "b")
    disk.make_folder(root / "f/g")
    disk.rename(root / "f", root / "h")
    assert sorted(path.name for path in root.iterdir()) == ["b", "h"]
    assert (root / "b").read_bytes() == b"1"


@every_disk
def test_a_removed_file_is_gone(open_disk: OpenDisk, root: Path) -> None:
    disk = open_disk(root)
    disk.write(root / "a", b"1")
    disk.remove(root / "a")
    assert list(root.iterdir()) == []


@every_disk
def test_only_an_empty_folder_is_removed(open_disk: OpenDisk, root: Path) -> None:
    disk = open_disk(root)
    disk.write(root / "a", b"")
    disk.make_folder(root / "f")
    disk.remove_folder(root / "f")
    with pytest.raises(OSError, match="not empty"):
        disk.remove_folder(root)


@every_disk
def test_everything_can_be_made_durable(open_disk: OpenDisk, root: Path) -> None:
    disk = open_disk(root)
    disk.write(root / "a", b"")
    disk.fsync(root / "a")
    disk.fsync_folder(root)
    disk.sync_all(root)
    assert disk.free_bytes(root) > 0


@every_disk
def test_a_special_file_is_not_copied_and_not_waited_for(open_disk: OpenDisk, root: Path) -> None:
    os.mkfifo(root / "pipe")
    with pytest.raises(OSError, match="Invalid argument"):
        open_disk(root).copy(root / "pipe", root / "b")
