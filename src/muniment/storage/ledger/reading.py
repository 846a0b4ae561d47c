"""Reading the ledger in order: first what is sealed, then the open days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from muniment.runtime.errors import Damaged, Missing, Unavailable
from muniment.runtime.findings import Finding, code_table
from muniment.storage.ledger.days import months_in, sealed_files
from muniment.storage.ledger.records import LedgerRecord, is_intact, parse
from muniment.storage.ports import StorageRoot

Report = Callable[[Finding], None]
_codes = code_table(__package__ or "")


@dataclass(slots=True)
class ChainReader:
    """Follows the hash chain over several streams and reports every break of it.

    It goes on behind a break, so that `rebuild` gets all that is left. `is_from_start` False: the
    first record may be any.
    """

    report: Report
    is_from_start: bool = True
    seq: int = 0
    digest: str = ""

    def read(self, stream: BinaryIO, path: str) -> Iterator[LedgerRecord]:
        """Give the records of one stream that come behind those given before."""
        for number, line in enumerate(stream, start=1):
            if not line.endswith(b"\n"):
                self.report(_codes.finding("LEDGER-TORN", path=path))
                return
            try:
                record = parse(line)
            except ValueError:
                self.report(_codes.finding("LEDGER-UNREADABLE", path=path, line=str(number)))
                continue
            # A crash between sealing a day and removing its open file leaves it in both.
            if record.seq <= self.seq:
                continue
            self._check(record, line, path)
            self.seq, self.digest = record.seq, record.digest
            yield record

    def _check(self, record: LedgerRecord, line: bytes, path: str) -> None:
        seq = str(record.seq)
        if not self.is_from_start and not self.seq:
            self.seq, self.digest = record.seq - 1, record.previous
        if record.seq != self.seq + 1:
            expected_seq = str(self.seq + 1)
            self.report(_codes.finding("LEDGER-GAP", path=path, expected_seq=expected_seq, seq=seq))
        elif record.previous != self.digest:
            self.report(_codes.finding("LEDGER-ALTERED", path=path, seq=seq))
            return
        if not is_intact(line):
            self.report(_codes.finding("LEDGER-ALTERED", path=path, seq=seq))


def read_sealed(root: StorageRoot, chain: ChainReader, first: str) -> Iterator[LedgerRecord]:
    """Give the records of the ledger objects from the day `first` on ("" = from the beginning).

    What cannot be read is reported and passed over.
    """
    for object_id in months_in(root, first):
        try:
            with root.open_version(object_id) as version:
                for path in sealed_files(version, first):
                    with version.open(path) as stream:
                        yield from chain.read(stream, path)
        except (Damaged, Missing, Unavailable) as exc:
            chain.report(_codes.finding("LEDGER-DAY-LOST", path=object_id, reason=str(exc)))
