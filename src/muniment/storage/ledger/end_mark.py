"""How far the ledger was told: a small file beside the open days.

A day that is cut short does not show how much of it is gone; this does, so that no number is given
out twice. It is replaced behind every append without a wait for the disk: after power loss it may
be old or unreadable, and then the day itself, which was fsynced, says more.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from muniment.storage.ledger.records import MOST_SEQ, NO_DIGEST
from muniment.storage.ports import Disk

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class End:
    """Where the chain ends: number and digest of the last record, and the day it lies in."""

    seq: int = 0
    digest: str = NO_DIGEST
    day: str = ""


@dataclass(frozen=True, slots=True)
class EndMark:
    """The file `end.json` of the ledger's folder. Callers hold the ledger's lock."""

    folder: Path
    disk: Disk

    @property
    def path(self) -> Path:
        return self.folder / "end.json"

    def read(self) -> End | None:
        """Return what it says; None when it is not there or says nothing that can be understood."""
        try:
            said = orjson.loads(self.path.read_bytes())
            end = End(int(said["seq"]), str(said["digest"]), str(said["day"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as exc:
            log.warning("the end mark of the ledger is unreadable", extra={"reason": str(exc)})
            return None
        return end if 0 < end.seq <= MOST_SEQ else None

    def write(self, end: End) -> None:
        """Replace it. What was appended is durable already: a mark that fails is only logged."""
        beside = self.path.with_name("end.json.new")
        try:
            if beside.exists():
                self.disk.remove(beside)
            self.disk.write(beside, orjson.dumps(asdict(end)))
            self.disk.rename(beside, self.path)
        except OSError as exc:
            log.warning("the end mark of the ledger is old", extra={"reason": exc.strerror})
