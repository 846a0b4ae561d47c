"""Sealing one closed day of the ledger into its month's object."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.runtime.actor import SYSTEM
from muniment.runtime.digest_algorithms import BLOCK_BYTES
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import Damaged
from muniment.runtime.failpoints import failpoint
from muniment.storage.ledger.days import month_id, order_of, path_for
from muniment.storage.ledger.lines import last_record, lines_of
from muniment.storage.ledger.records import LedgerRecord, parse_intact
from muniment.storage.ledger.tail import message_of
from muniment.storage.ports import StoredVersion
from muniment.storage.types import StagedFile, StagedVersion

if TYPE_CHECKING:
    from muniment.storage.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class _Sealed:
    """What the month's object holds already: all its files, the last sound record of the day."""

    head: int
    files: Sequence[StagedFile]
    seq: int

    @property
    def digests(self) -> set[str]:
        return {file.sha512 for file in self.files}


def seal_day(ledger: Ledger, day: str) -> None:
    """Seal what is open of `day`, then remove its file. The caller holds the ledger's lock.

    Lines that are no records are sealed as they are: the reader reports them.
    """
    ledger.journal.cut_torn_line(day)
    sealed = _sealed(ledger, day)
    copy = ledger.scratch / f"ledger-{day}.jsonl"
    digest, size_bytes = _write_copy(ledger, day, copy, sealed.seq)
    last = _last_record(copy)
    # Without a record it is what a crash left, or lines that nobody can read, once.
    if size_bytes and (last or not sealed.seq) and digest not in sealed.digests:
        new = StagedFile(
            path_for(day, (file.logical_path for file in sealed.files)), copy, size_bytes, digest
        )
        ledger.root.seal(
            StagedVersion(
                object_id=month_id(day),
                expected_head=sealed.head,
                files=lambda: iter([*sealed.files, new]),
                message=message_of(day, last),
                user_name=SYSTEM.name,
                user_address="",
                created_at=ledger.clock.now(),
            )
        )
    failpoint("ledger.sealed")
    ledger.journal.remove(day)
    failpoint("ledger.removed")
    with storage_errors(f"the work file {copy}"):
        ledger.disk.remove(copy)


def _sealed(ledger: Ledger, day: str) -> _Sealed:
    head = ledger.root.head(month_id(day))
    if not head:
        return _Sealed(0, (), 0)
    with ledger.root.open_version(month_id(day)) as version:
        paths = [(entry.logical_path, entry.sha512) for entry in version.entries()]
        files = [
            StagedFile(path, None, _size_bytes(version, path), sha512) for path, sha512 in paths
        ]
        of_day = [path for path, _ in paths if order_of(path)[0] == day]
        return _Sealed(head, files, max((_last_seq(version, path) for path in of_day), default=0))


def _size_bytes(version: StoredVersion, path: str) -> int:
    """Return the size of a sealed day, 0 of a lost one: that is told elsewhere, and stops none."""
    try:
        return version.size_of(path)
    except Damaged:
        return 0


def _last_seq(version: StoredVersion, path: str) -> int:
    try:
        with storage_errors(path), version.open(path) as stream:
            record, _ = last_record(stream)
    except Damaged:
        return 0
    return record.seq if record else 0


def _write_copy(ledger: Ledger, day: str, copy: Path, sealed_seq: int) -> tuple[str, int]:
    """Copy what lies behind the last sealed record; return its SHA-512 and size in bytes.

    A copy, because a sealed file must share its bytes with nothing that is still appended to;
    and a selection, because a crash before `remove` leaves a sealed day open.
    """
    digest, size_bytes = hashlib.sha512(), 0
    with storage_errors(f"the work file {copy}"):
        ledger.disk.make_folder(ledger.scratch)
        if copy.exists():
            ledger.disk.remove(copy)
        with ledger.journal.path(day).open("rb") as lines, ledger.disk.create(copy) as stream:
            lines.seek(_sealed_bytes(ledger.journal.path(day), sealed_seq))
            while block := lines.read(BLOCK_BYTES):
                stream.write(block)
                digest.update(block)
                size_bytes += len(block)
    return digest.hexdigest(), size_bytes


def _sealed_bytes(path: Path, sealed_seq: int) -> int:
    """Return the offset behind the last record of an open day that is sealed."""
    offset = 0
    if sealed_seq:
        with path.open("rb") as stream:
            for line in lines_of(stream):
                if _is_sealed(line, sealed_seq):
                    offset = stream.tell()
    return offset


def _is_sealed(line: bytes, sealed_seq: int) -> bool:
    try:
        return parse_intact(line).seq <= sealed_seq
    except ValueError:
        return False


def _last_record(copy: Path) -> LedgerRecord | None:
    with storage_errors(f"the work file {copy}"), copy.open("rb") as stream:
        return last_record(stream)[0]
