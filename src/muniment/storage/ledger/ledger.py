"""The ledger: what happens to objects after sealing, append-only (DESIGN §3)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date
from pathlib import Path

from muniment.runtime.clock import Clock
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import CorruptObject, Misconfigured
from muniment.runtime.findings import Finding
from muniment.storage.adapters.file_locks import FileLocks
from muniment.storage.ledger import reading
from muniment.storage.ledger.day_sealing import seal_day
from muniment.storage.ledger.days import LEDGER_YEARS, newest_first, order_of
from muniment.storage.ledger.journal import Journal, last_record
from muniment.storage.ledger.records import NO_DIGEST, LedgerRecord, NewRecord, chain
from muniment.storage.ports import Disk, StorageRoot

log = logging.getLogger(__name__)
_LOCK = "ledger"


@dataclass(frozen=True, slots=True)
class _Tail:
    """Where the chain ends: number, digest and day of the last record."""

    seq: int = 0
    digest: str = NO_DIGEST
    day: str = ""


@dataclass(frozen=True, slots=True)
class Ledger:
    """Open days in `folder`, sealed ones in `root`; `scratch` is a work folder beside the root."""

    folder: Path
    scratch: Path
    root: StorageRoot
    locks: FileLocks
    disk: Disk
    clock: Clock

    @property
    def journal(self) -> Journal:
        return Journal(self.folder, self.disk)

    def append(self, records: Sequence[NewRecord]) -> list[LedgerRecord]:
        """Record these, in order; they are on the disk when it returns.

        Raises Locked, NoSpace, StorageUnavailable, CorruptObject (the end is not readable),
        Misconfigured (a clock that is centuries off).
        """
        if not records:
            return []
        if self.clock.now().astimezone(UTC).year not in LEDGER_YEARS:
            raise Misconfigured(f"the clock of this machine says {self.clock.now()}; set it right")
        with self.locks.exclusive(_LOCK):
            tail = self._tail()
            now = self.clock.now().astimezone(UTC)
            # The clock may go back; the order of the files must not.
            day = max(now.date().isoformat(), tail.day)
            done: list[LedgerRecord] = []
            lines = bytearray()
            seq, digest = tail.seq, tail.digest
            for new in records:
                seq, previous = seq + 1, digest
                digest, line = chain(new, seq=seq, recorded_at=now, previous=previous)
                lines += line
                done.append(
                    LedgerRecord(
                        seq, now, new.kind, new.object_id, dict(new.payload), previous, digest
                    )
                )
            self.journal.append(day, bytes(lines))
            return done

    def read(
        self, on_finding: reading.Report | None = None, *, since: date | None = None
    ) -> Iterator[LedgerRecord]:
        """Give all records in order; breaks and torn lines go to `on_finding` (or the log).

        `since` leaves out the days before it without reading them. Holds the lock only to open the
        files of the open days; memory is flat.
        """
        first = since.isoformat() if since else ""
        chained = reading.ChainReader(on_finding or _log_finding, is_from_start=not first)
        with ExitStack() as stack:
            # Opened before the sealed part is read: a day sealed meanwhile comes twice, which
            # the numbers show, and never not at all.
            with self.locks.exclusive(_LOCK), storage_errors(f"the ledger {self.folder}"):
                days = [day for day in self.journal.days() if day >= first]
                paths = [self.journal.path(day) for day in days]
                streams = [stack.enter_context(path.open("rb")) for path in paths]
            yield from reading.read_sealed(self.root, chained, first)
            for path, stream in zip(paths, streams, strict=True):
                yield from chained.read(stream, path.name)

    def seal_closed_days(self) -> int:
        """Seal every open day before today into the storage root; return how many.

        The first command of a day calls it. Each day is one version of its month's object; its
        open file goes only after the version was read back. Raises as `StorageRoot.seal`.
        """
        today = self.clock.now().astimezone(UTC).date().isoformat()
        if not any(day < today for day in self.journal.days()):
            return 0
        with self.locks.exclusive(_LOCK):
            closed = [day for day in self.journal.days() if day < today]
            for day in closed:
                seal_day(self, day)
        return len(closed)

    def _tail(self) -> _Tail:
        """Find the end of the chain, cutting off a torn line."""
        try:
            for day in reversed(self.journal.days()):
                if self.journal.cut_torn_line(day):
                    log.warning("torn ledger line cut off", extra={"day": day})
                if record := self.journal.last_record(day):
                    return _Tail(record.seq, record.digest, day)
            for version, path in newest_first(self.root):
                with version.open(path) as stream:
                    if record := last_record(stream):
                        return _Tail(record.seq, record.digest, order_of(path)[0])
        except ValueError as exc:
            raise CorruptObject(
                f"the last line of the ledger in {self.folder} is not a record: {exc};"
                ' see "muniment check"'
            ) from exc
        return _Tail()

    def last_sealed_seq(self) -> int:
        """Return the number of the last sealed record, 0 without one."""
        for version, path in newest_first(self.root):
            with version.open(path) as stream:
                if record := last_record(stream):
                    return record.seq
        return 0


def _log_finding(finding: Finding) -> None:
    log.warning("ledger finding", extra={"code": finding.code, "path": finding.path})
