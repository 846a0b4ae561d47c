"""Following the hash chain over the files of the ledger, behind every break of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from muniment.runtime.errors import Damaged, FixityMismatch, Unavailable
from muniment.runtime.findings import Finding, code_table
from muniment.storage.ledger.end_mark import End
from muniment.storage.ledger.lines import lines_of
from muniment.storage.ledger.records import LedgerRecord, is_intact, parse

Report = Callable[[Finding], None]
CODES = code_table(__package__ or "")


@dataclass(frozen=True, slots=True)
class Source:
    """One file of records: of which day and part, what it is called in findings, its bytes.

    The stream of a sealed one raises FixityMismatch at its end when it is not what was sealed.
    """

    day: str
    part: int
    path: str
    is_sealed: bool
    stream: BinaryIO

    @property
    def order(self) -> tuple[str, bool, int]:
        """Sort key: by day, and what is sealed of a day first."""
        return self.day, not self.is_sealed, self.part


@dataclass(slots=True)
class ChainReader:
    """Gives the sound records of sources that come in order, and reports all else.

    `is_from_start` False: the first record may be any. `digest` None: that of record `seq` is lost.
    """

    report: Report
    is_from_start: bool = True
    seq: int = 0
    digest: str | None = ""
    sealed_day: str = ""
    sealed_seq: int = 0

    def read(self, source: Source) -> Iterator[LedgerRecord]:
        """Give the records of one source that are sound; goes on behind everything else."""
        try:
            yield from self._records(source)
        except FixityMismatch as exc:
            self.report(CODES.finding("LEDGER-DAMAGED", path=source.path, reason=str(exc)))
        except (Damaged, Unavailable) as exc:
            self.report(CODES.finding("LEDGER-DAY-LOST", path=source.path, reason=str(exc)))

    def compare(self, mark: End) -> None:
        """Report when more was given out than was read."""
        if self.seq < mark.seq:
            path, seq, last = f"{mark.day}.jsonl", str(self.seq), str(mark.seq)
            self.report(CODES.finding("LEDGER-CUT", path=path, seq=seq, last=last))

    def _records(self, source: Source) -> Iterator[LedgerRecord]:
        unreadable = _Unreadable(source.path, self.report)
        for number, line in enumerate(lines_of(source.stream), start=1):
            if not line.endswith(b"\n") and not source.is_sealed:
                self.report(CODES.finding("LEDGER-TORN", path=source.path))
                continue
            try:
                record = parse(line)
            except ValueError:
                unreadable.add(number)
                continue
            unreadable.tell()
            if not is_intact(line):
                self._pass_over(record, source.path)
            elif source.is_sealed or not self._is_sealed_too(record, source.day):
                self._follow(record, source)
                yield record
        unreadable.tell()

    def _is_sealed_too(self, record: LedgerRecord, day: str) -> bool:
        """Say whether a crash between sealing a day and removing its open file left this."""
        return day == self.sealed_day and record.seq <= self.sealed_seq

    def _pass_over(self, record: LedgerRecord, path: str) -> None:
        self.report(CODES.finding("LEDGER-ALTERED", path=path, seq=str(record.seq)))
        if record.seq == self.seq + 1:
            self.seq, self.digest = record.seq, None

    def _follow(self, record: LedgerRecord, source: Source) -> None:
        path, seq, expected_seq = source.path, str(record.seq), str(self.seq + 1)
        if not self.is_from_start and not self.seq:
            self.seq, self.digest = record.seq - 1, record.previous
        if record.seq <= self.seq:
            self.report(CODES.finding("LEDGER-TWICE", path=path, seq=seq))
        elif record.seq > self.seq + 1:
            self.report(CODES.finding("LEDGER-GAP", path=path, expected_seq=expected_seq, seq=seq))
        elif self.digest not in {None, record.previous}:
            self.report(CODES.finding("LEDGER-ALTERED", path=path, seq=seq))
        self.seq, self.digest = max(self.seq, record.seq), record.digest
        if source.is_sealed:
            self.sealed_day, self.sealed_seq = source.day, self.seq


@dataclass(slots=True)
class _Unreadable:
    """Lines that are no records: those that follow each other are one finding."""

    path: str
    report: Report
    first: int = 0
    last: int = 0

    def add(self, number: int) -> None:
        self.first, self.last = self.first or number, number

    def tell(self) -> None:
        if self.first:
            lines = str(self.first) if self.first == self.last else f"{self.first} to {self.last}"
            self.report(CODES.finding("LEDGER-UNREADABLE", path=self.path, line=lines))
        self.first = 0
