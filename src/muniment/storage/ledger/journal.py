"""The open part of the ledger: one file of lines for each day, in the archive's home."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from muniment.runtime.durable import storage_errors
from muniment.runtime.failpoints import failpoint
from muniment.storage.ledger.lines import last_record, whole_lines_end
from muniment.storage.ledger.records import LedgerRecord
from muniment.storage.ports import Disk


@dataclass(frozen=True, slots=True)
class Journal:
    """The files `<day>.jsonl` in `folder`. Callers hold the ledger's lock."""

    folder: Path
    disk: Disk

    def days(self) -> list[str]:
        """Return the days that have an open file, oldest first."""
        if not self.folder.is_dir():
            return []
        names = [path.name.removesuffix(".jsonl") for path in self.folder.glob("*.jsonl")]
        return sorted(name for name in names if _is_day(name))

    def path(self, day: str) -> Path:
        """Return the file of a day."""
        return self.folder / f"{day}.jsonl"

    def append(self, day: str, lines: bytes) -> None:
        """Add whole lines and make them durable. Raises NoSpace, StorageUnavailable."""
        path = self.path(day)
        with storage_errors(f"the ledger {path}"):
            is_new = not path.exists()
            self.disk.make_folder(self.folder)
            size_bytes = 0 if is_new else path.stat().st_size
            try:
                failpoint("ledger.append")
                self.disk.append(path, lines)
                failpoint("ledger.appended")
                self.disk.fsync(path)
                if is_new:
                    self.disk.fsync_folder(self.folder)
                    self.disk.fsync_folder(self.folder.parent)
            except OSError:
                # Nothing of it was reported, so nothing of it may stay: the disk may be full.
                if path.exists():
                    self.disk.truncate(path, size_bytes)
                raise
        failpoint("ledger.durable")

    def cut_torn_line(self, day: str) -> bool:
        """Cut off what a crash left of a last line; say whether there was something."""
        path = self.path(day)
        with storage_errors(f"the ledger {path}"), path.open("rb") as stream:
            size_bytes = os.fstat(stream.fileno()).st_size
            end = whole_lines_end(stream, size_bytes)
        if end == size_bytes:
            return False
        with storage_errors(f"the ledger {path}"):
            self.disk.truncate(path, end)
            self.disk.fsync(path)
        return True

    def last_record(self, day: str) -> tuple[LedgerRecord | None, int]:
        """Return the last sound record of a day, and how many whole lines behind it are none."""
        path = self.path(day)
        with storage_errors(f"the ledger {path}"), path.open("rb") as stream:
            return last_record(stream)

    def remove(self, day: str) -> None:
        """Remove the file of a day that is sealed."""
        with storage_errors(f"the ledger {self.path(day)}"):
            self.disk.remove(self.path(day))
            self.disk.fsync_folder(self.folder)


def _is_day(name: str) -> bool:
    try:
        return date.fromisoformat(name).isoformat() == name
    except ValueError:
        return False
