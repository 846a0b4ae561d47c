"""Builder: a ledger with its own root on any disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from muniment.runtime.clock import FakeClock
from muniment.runtime.findings import Finding
from muniment.storage.adapters.file_locks import FileLocks
from muniment.storage.adapters.local import open_local_root
from muniment.storage.adapters.local_disk import LocalDisk
from muniment.storage.ledger import Ledger, NewRecord
from muniment.storage.ledger.days import month_id
from muniment.storage.ports import Disk

MONDAY = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
DAY_S = 86_400


@dataclass
class Desk:
    """A home with a root and a ledger that share a disk and a clock."""

    home: Path
    disk: Disk
    clock: FakeClock

    @property
    def ledger(self) -> Ledger:
        """Open the ledger anew, as the next process does."""
        work = self.home / "work"
        root = open_local_root(self.home / "storage", work, disk=self.disk, lock_wait_s=5)
        root.initialise()
        locks = FileLocks(work / "locks", 5)
        return Ledger(self.home / "ledger", work / "ledger", root, locks, self.disk, self.clock)

    def note(self, *texts: str) -> list[int]:
        """Append one record for each text; return their numbers."""
        return [
            record.seq
            for record in self.ledger.append([NewRecord("note", "", {"text": t}) for t in texts])
        ]

    def texts(self) -> list[object]:
        """Read every text in order; a finding is a failure."""
        findings: list[Finding] = []
        found = [record.payload["text"] for record in self.ledger.read(findings.append)]
        assert findings == []
        return found

    def sound_texts(self) -> list[object]:
        """Read the texts of all records that are sound, in order, whatever else is found."""
        return [record.payload["text"] for record in self.ledger.read(lambda _: None)]

    def codes(self) -> list[str]:
        """Read everything and return the codes of what was found wrong."""
        findings: list[Finding] = []
        list(self.ledger.read(findings.append))
        return [finding.code for finding in findings]

    def sealed_file(self, day: str) -> Path:
        """Return the file of a sealed day in the storage root, free to be damaged."""
        folder = self.ledger.root.path_of(month_id(day))
        (path,) = folder.glob(f"v*/content/records/{day}.jsonl")
        path.chmod(0o644)
        return path

    def forget_home(self) -> None:
        """Lose what is in the home: the storage root alone is left."""
        shutil.rmtree(self.home / "ledger", ignore_errors=True)

    def open_file(self) -> Path:
        """Return the newest open file."""
        return max((self.home / "ledger").glob("*.jsonl"))

    def pass_days(self, days: int = 1) -> None:
        """Let days go by."""
        self.clock.advance(days * DAY_S)


def a_desk(base: Path, disk: Disk | None = None) -> Desk:
    """Return a desk below `base`, late on the last day of November 2026."""
    home = base / "home"
    home.mkdir(exist_ok=True)
    return Desk(home, disk or LocalDisk(), FakeClock(MONDAY))
