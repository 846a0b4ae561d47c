"""Sealing the finished days of the audit trail into storage (archive spec §7)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC
from itertools import groupby
from pathlib import Path

from muniment.administration.services.audit import links_from
from muniment.administration.services.audit_chain import Link
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import SYSTEM, Actor, require
from muniment.runtime.durable import storage_errors
from muniment.runtime.failpoints import failpoint
from muniment.storage.auditing.stored import AuditStore, last_stored
from muniment.storage.ledger.days import month_id, path_for
from muniment.storage.ports import StorageRoot
from muniment.storage.types import AUDIT_PREFIX, StagedFile, StagedVersion

_LOCK = "audit"


@dataclass(frozen=True, slots=True)
class AuditDay:
    """A day of the trail: how many lines, from which to which number, and where it is stored."""

    day: str
    first: int
    last: int
    object_id: ObjectId
    version: int

    @property
    def lines(self) -> int:
        return self.last - self.first + 1


def export_days(
    store: AuditStore, *, actor: Actor, check: Callable[[], None] = lambda: None
) -> list[AuditDay]:
    """Seal each day before today that is not stored yet; return them, the oldest first.

    A day is one file and one version of its month's object. Killed at any instant, the next call
    goes on behind the last line that is in storage. Raises PermissionDenied, Locked, and what
    `StorageRoot.seal` and reading the stored days raise.
    """
    require(actor, "audit.export")
    with store.locks.exclusive(_LOCK):
        _clear(store)
        done = []
        for day, links in _days_due(store):
            check()
            done.append(_seal(store, day, links))
        return done


def days_due(store: AuditStore, *, actor: Actor) -> list[str]:
    """Return the days that `export_days` would seal."""
    require(actor, "audit.read")
    return [day for day, _ in _days_due(store)]


def _days_due(store: AuditStore) -> Iterator[tuple[str, Iterator[Link]]]:
    """Give each finished day that is not stored, with its lines.

    The order is that of the numbers: a clock that goes back must not open a day again.
    """
    today = store.clock.now().astimezone(UTC).date().isoformat()
    end = last_stored(store.root)
    day = end.day if end else ""

    def day_reached(link: Link) -> str:
        nonlocal day
        day = max(day, link.day)
        return day

    for each, links in groupby(links_from(end.number + 1 if end else 1), day_reached):
        if each >= today:
            return
        yield each, links


def _seal(store: AuditStore, day: str, links: Iterable[Link]) -> AuditDay:
    object_id = month_id(day, AUDIT_PREFIX)
    written = _write(store, links)
    head, files = _sealed(store.root, object_id)
    path = path_for(day, (file.logical_path for file in files))
    new = StagedFile(path, _copy(store), written.size_bytes, written.sha512)
    sealed = store.root.seal(
        StagedVersion(
            object_id=object_id,
            expected_head=head,
            files=lambda: iter([*files, new]),
            message=f"audit trail of {day}, lines {written.first} to {written.last}",
            user_name=SYSTEM.name,
            user_address="",
            created_at=store.clock.now(),
        )
    )
    failpoint("audit.sealed")
    _clear(store)
    return AuditDay(day, written.first, written.last, object_id, sealed.number)


@dataclass(frozen=True, slots=True)
class _Written:
    first: int
    last: int
    size_bytes: int
    sha512: str


def _copy(store: AuditStore) -> Path:
    """Return the work file: one, for whoever seals holds the lock."""
    return store.scratch / "day.jsonl"


def _clear(store: AuditStore) -> None:
    """Remove the work file, also what a crash left of it."""
    copy = _copy(store)
    with storage_errors(f"the work file {copy}"):
        if copy.exists():
            store.disk.remove(copy)


def _write(store: AuditStore, links: Iterable[Link]) -> _Written:
    copy = _copy(store)
    digest, size_bytes, first, last = hashlib.sha512(), 0, 0, 0
    with storage_errors(f"the work file {copy}"):
        store.disk.make_folder(store.scratch)
        with store.disk.create(copy) as stream:
            for link in links:
                line = link.as_line()
                stream.write(line)
                digest.update(line)
                size_bytes += len(line)
                first, last = first or link.number, link.number
    failpoint("audit.written")
    return _Written(first, last, size_bytes, digest.hexdigest())


def _sealed(root: StorageRoot, object_id: ObjectId) -> tuple[int, list[StagedFile]]:
    """Return the head of a month's object, 0 without one, and the files that it has."""
    head = root.head(object_id)
    if not head:
        return 0, []
    with root.open_version(object_id) as version:
        paths = [(entry.logical_path, entry.sha512) for entry in version.entries()]
        files = [StagedFile(path, None, version.size_of(path), sha) for path, sha in paths]
    return head, files
