"""One row of the table: what was done, how fast we and the peer were, what must be reached."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

ROWS_FILE = "MUNIMENT_BENCH_ROWS"


@dataclass(frozen=True, slots=True)
class Row:
    """A measurement; `ours` and `peer` in the same unit (`s`, `files/s`, `MiB/s`, `MB`)."""

    work: str
    ours: float
    unit: str
    peer_name: str = ""
    peer: float | None = None
    target: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better we are than the peer: less time or memory, or a higher rate."""
        if not self.peer or not self.ours:
            return None
        return self.ours / self.peer if self.unit.endswith("/s") else self.peer / self.ours

    def line(self) -> str:
        """Return the row for the terminal."""
        text = f"{self.work:<52}{_number(self.ours):>10} {self.unit}"
        if self.peer is not None:
            text += f"   {self.peer_name} {_number(self.peer)}"
        if self.ratio is not None:
            text += f"   {self.ratio:.2f} ×"
        return text + (f"   (must: {self.target})" if self.target else "")

    def cells(self) -> list[str]:
        """Return the row for the page."""
        peer = "" if self.peer is None else f"{self.peer_name}: {_number(self.peer)}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f} ×"
        return [self.work, f"{_number(self.ours)} {self.unit}", peer, ratio, self.target, self.note]


def report(row: Row) -> None:
    """Print a row, and keep it for the table when the runner asked for that."""
    print(row.line(), flush=True)
    if wanted := os.environ.get(ROWS_FILE):
        with Path(wanted).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(row)) + "\n")


def read_rows(path: Path) -> list[Row]:
    """Read what `report` kept."""
    if not path.exists():
        return []
    return [Row(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
