"""The local storage root: one OCFL root on a disk of this host."""

from __future__ import annotations

from pathlib import Path

from muniment.runtime.home import ArchiveHome
from muniment.storage.adapters.file_locks import FileLocks
from muniment.storage.adapters.local.places import Places
from muniment.storage.adapters.local.root import LocalRoot
from muniment.storage.adapters.local_disk import LocalDisk
from muniment.storage.ports import Disk

__all__ = ["LocalRoot", "open_local_root", "open_root"]


def open_root(home: ArchiveHome, *, reserve_bytes: int = 0) -> LocalRoot:
    """Return the embedded root of an archive's home; makes nothing."""
    return open_local_root(home.storage_root, home.work, reserve_bytes=reserve_bytes)


def open_local_root(
    root: Path,
    work: Path,
    *,
    reserve_bytes: int = 0,
    disk: Disk | None = None,
    lock_wait_s: float = 30.0,
) -> LocalRoot:
    """Return the root at `root` with its work folder on the same file system; makes nothing."""
    places = Places(root, work)
    locks = FileLocks(places.locks, lock_wait_s)
    return LocalRoot(places, disk or LocalDisk(), locks, reserve_bytes)
