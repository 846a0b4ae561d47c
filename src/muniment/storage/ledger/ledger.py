"""The ledger: what happens to objects after sealing, append-only (DESIGN §3)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from muniment.runtime.clock import Clock
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import (
    Damaged,
    InvalidArgument,
    Misconfigured,
    MunimentError,
    Unavailable,
)
from muniment.runtime.findings import Finding
from muniment.storage.adapters.file_locks import FileLocks
from muniment.storage.ledger import reading
from muniment.storage.ledger.chain_reader import ChainReader, Report
from muniment.storage.ledger.day_sealing import seal_day
from muniment.storage.ledger.days import LEDGER_YEARS
from muniment.storage.ledger.end_mark import End, EndMark
from muniment.storage.ledger.journal import Journal
from muniment.storage.ledger.lines import MOST_LINE_BYTES
from muniment.storage.ledger.records import LedgerRecord, NewRecord, chain
from muniment.storage.ledger.tail import find_end
from muniment.storage.ports import Disk, StorageRoot

log = logging.getLogger(__name__)
_LOCK = "ledger"


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

    @property
    def end_mark(self) -> EndMark:
        return EndMark(self.folder, self.disk)

    def append(self, records: Sequence[NewRecord]) -> list[LedgerRecord]:
        """Record these, in order; they are on the disk when it returns.

        Damage of what was recorded before does not hinder it: whoever reads is told of that, and no
        number is given out twice. Raises Locked, NoSpace, StorageUnavailable, InvalidArgument (a
        record is too long), Misconfigured (a clock that is centuries off).
        """
        if not records:
            return []
        now = self.clock.now().astimezone(UTC)
        if now.year not in LEDGER_YEARS:
            raise Misconfigured(f"the clock of this machine says {now}; set it right")
        with self.locks.exclusive(_LOCK):
            now = self.clock.now().astimezone(UTC)
            end = find_end(self, now.date().isoformat())
            done, lines = _chained(records, end, now)
            # The clock may go back; the order of the files must not.
            day = max(now.date().isoformat(), end.day)
            self.journal.append(day, lines)
            self.end_mark.write(End(done[-1].seq, done[-1].digest, day))
            return done

    def read(
        self, on_finding: Report | None = None, *, since: date | None = None
    ) -> Iterator[LedgerRecord]:
        """Give all sound records in order; all damage goes to `on_finding` (or the log).

        `since` leaves out the days before it without reading them. Holds the lock only to open the
        files of the open days; memory is flat.
        """
        first = since.isoformat() if since else ""
        chained = ChainReader(on_finding or _log_finding, is_from_start=not first)
        with ExitStack() as stack:
            # Opened before the sealed part is read: a day sealed meanwhile comes twice, which
            # the numbers show, and never not at all.
            with self.locks.exclusive(_LOCK), storage_errors(f"the ledger {self.folder}"):
                mark = self.end_mark.read()
                days = [day for day in self.journal.days() if day >= first]
                paths = [self.journal.path(day) for day in days]
                opened = [reading.open_day(path) for path in paths]
                for each in opened:
                    stack.enter_context(each.stream)
            for source in reading.in_order(self.root, opened, chained.report, first):
                yield from chained.read(source)
            if mark and mark.day >= first:
                chained.compare(mark)

    def seal_closed_days(self) -> int:
        """Seal every open day before today into the storage root; return how many.

        The first command of a day calls it. Each day is one version of its month's object; its
        open file goes only after the version was read back. A day whose month is damaged stays
        open, and hinders no other. Raises as `StorageRoot.seal`, behind the last.
        """
        today = self.clock.now().astimezone(UTC).date().isoformat()
        if not any(day < today for day in self.journal.days()):
            return 0
        failed: list[MunimentError] = []
        with self.locks.exclusive(_LOCK):
            closed = [day for day in self.journal.days() if day < today]
            for day in closed:
                try:
                    seal_day(self, day)
                except (Damaged, Unavailable) as exc:
                    failed.append(exc)
        if failed:
            raise failed[0]
        return len(closed)


def _chained(
    records: Sequence[NewRecord], end: End, now: datetime
) -> tuple[list[LedgerRecord], bytes]:
    """Return the records that follow `end`, and their lines."""
    done: list[LedgerRecord] = []
    lines = bytearray()
    seq, digest = end.seq, end.digest
    for new in records:
        seq, previous = seq + 1, digest
        digest, line = chain(new, seq=seq, recorded_at=now, previous=previous)
        if len(line) > MOST_LINE_BYTES:
            raise InvalidArgument(f"a record of {len(line)} bytes is too long for the ledger")
        lines += line
        done.append(
            LedgerRecord(seq, now, new.kind, new.object_id, dict(new.payload), previous, digest)
        )
    return done, bytes(lines)


def _log_finding(finding: Finding) -> None:
    log.warning("ledger finding", extra={"code": finding.code, "path": finding.path})
