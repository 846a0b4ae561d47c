"""Locks between processes."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from muniment.runtime.errors import Locked, StorageUnavailable
from muniment.storage.adapters.file_locks import FileLocks


def _hold(folder: Path, held: Event, release: Event) -> None:
    with FileLocks(folder).exclusive("a"):
        held.set()
        release.wait(30)


@pytest.fixture
def locks(tmp_path: Path) -> FileLocks:
    return FileLocks(tmp_path / "locks", wait_s=0.05)


def test_a_second_holder_is_refused_after_the_wait(locks: FileLocks) -> None:
    with locks.exclusive("a"), pytest.raises(Locked, match="a is in use"), locks.exclusive("a"):
        pass


def test_different_names_do_not_meet(locks: FileLocks) -> None:
    with locks.exclusive("a"), locks.exclusive("b"):
        assert len(list(locks.folder.iterdir())) == 2


def test_shared_holders_keep_an_exclusive_one_out(locks: FileLocks) -> None:
    with locks.shared("a"), locks.shared("a"), pytest.raises(Locked), locks.exclusive("a"):
        pass


def test_an_exclusive_lock_leaves_no_file(locks: FileLocks) -> None:
    with locks.exclusive("a"):
        pass
    assert list(locks.folder.iterdir()) == []


def test_a_lock_can_be_had_again_after_an_error(locks: FileLocks) -> None:
    with pytest.raises(ZeroDivisionError), locks.exclusive("a"):
        raise ZeroDivisionError
    with locks.exclusive("a"):
        pass


def test_a_folder_that_cannot_be_made_is_storage_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageUnavailable), FileLocks(tmp_path / "file" / "locks").exclusive("a"):
        pass


def test_the_lock_of_a_killed_process_is_free(locks: FileLocks) -> None:
    context = multiprocessing.get_context("spawn")
    held, release = context.Event(), context.Event()
    child = context.Process(target=_hold, args=(locks.folder, held, release))
    child.start()
    assert held.wait(30)
    with pytest.raises(Locked), locks.exclusive("a"):
        pass
    child.kill()
    child.join()
    with locks.exclusive("a"):
        pass
