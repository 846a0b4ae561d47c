"""Reading the audit trail that is in storage: OCFL objects of the archive's own, one a month."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from muniment.administration.services.audit_chain import Link, parse_link
from muniment.information.identifiers import ObjectId
from muniment.runtime.clock import Clock
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import CorruptObject
from muniment.runtime.home import ArchiveHome
from muniment.storage.adapters.file_locks import FileLocks
from muniment.storage.adapters.local_disk import LocalDisk
from muniment.storage.ledger.days import months_in, sealed_files
from muniment.storage.ports import Disk, StorageRoot, StoredVersion
from muniment.storage.types import AUDIT_PREFIX


@dataclass(frozen=True, slots=True)
class AuditStore:
    """Where the trail goes; `scratch` is a work folder beside the root."""

    root: StorageRoot
    scratch: Path
    locks: FileLocks
    disk: Disk
    clock: Clock


def open_audit_store(home: ArchiveHome, root: StorageRoot, clock: Clock) -> AuditStore:
    """Return the audit store of an archive's home; makes nothing."""
    locks = FileLocks(home.work / "locks")
    return AuditStore(root, home.work / "audit", locks, LocalDisk(), clock)


def stored_links(root: StorageRoot) -> Iterator[Link]:
    """Give every line that is in storage, in order; raises Damaged, Missing, CorruptObject."""
    for object_id in months_in(root, prefix=AUDIT_PREFIX):
        with root.open_version(object_id) as version:
            for path in sealed_files(version):
                yield from _links_in(version, path)


def last_stored(root: StorageRoot) -> Link | None:
    """Return the last line that is in storage; raises as `stored_links` does."""
    for object_id in reversed(months_in(root, prefix=AUDIT_PREFIX)):
        with root.open_version(object_id) as version:
            for path in reversed(sealed_files(version)):
                last = deque(_links_in(version, path), maxlen=1)
                if last:
                    return last[0]
    return None


def day_of(path: str) -> str:
    """Return the day of a stored file."""
    return path.rpartition("/")[2][:10]


def _links_in(version: StoredVersion, path: str) -> Iterator[Link]:
    object_id: ObjectId = version.object_id
    with storage_errors(path), version.open(path) as stream:
        for number, line in enumerate(stream, start=1):
            try:
                yield parse_link(line)
            except ValueError as exc:
                raise CorruptObject(f"line {number} of {path} in {object_id}: {exc}") from exc
