"""The ledger: what happens to objects after sealing, in OCFL objects of the archive's own."""

from __future__ import annotations

from muniment.runtime.clock import Clock
from muniment.runtime.home import ArchiveHome
from muniment.storage.adapters.file_locks import FileLocks
from muniment.storage.adapters.local_disk import LocalDisk
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.ledger.records import LedgerRecord, NewRecord
from muniment.storage.ports import StorageRoot

__all__ = ["Ledger", "LedgerRecord", "NewRecord", "open_ledger"]


def open_ledger(home: ArchiveHome, root: StorageRoot, clock: Clock) -> Ledger:
    """Return the ledger of an archive's home; makes nothing."""
    return Ledger(
        folder=home.ledger,
        scratch=home.work / "ledger",
        root=root,
        locks=FileLocks(home.work / "locks"),
        disk=LocalDisk(),
        clock=clock,
    )
