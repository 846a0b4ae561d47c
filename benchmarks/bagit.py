"""BagIt: validation and creation beside `bagit` with two processes, process start included."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rows import Row, report
from tests.judges import JUDGES

MUNIMENT = Path(sys.executable).with_name("muniment")
PEER = JUDGES["bagit"].with_name("bagit.py")
PEER_NAME = "bagit, 2 processes"
ALGORITHMS = ("sha256", "sha512")
"""Those that `bagit.py` takes when nothing is said."""


@dataclass(frozen=True, slots=True)
class Load:
    """A payload, how often it is measured, and what must be reached."""

    title: str
    count: int
    size_bytes: int
    rounds: int
    target: str


SMALL = Load("10,000 files of 10 kB", 10_000, 10_000, 5, "1.5 ×")
LARGE = Load("2 files of 1 GB", 2, 1_000_000_000, 2, "0.95 ×")
MIDDLE = Load("2 files of 500 MB", 2, 500_000_000, 2, "0.95 ×")


def main() -> None:
    """Measure and print one row for each work."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true", help="files of 1 GB too")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="muniment-bench-", dir=Path.cwd()) as folder:
        for load in (SMALL, LARGE if args.full else MIDDLE):
            measure(Path(folder), load)


def measure(folder: Path, load: Load) -> None:
    """Create and validate by turns, ours and theirs; the best of all rounds counts.

    Creation is in place, and taken back between the rounds by renaming: on ext4, inodes that were
    deleted a moment ago make every new file slow, whoever makes it.
    """
    ours, theirs = _payload(folder / "ours", load), _payload(folder / "theirs", load)
    best: dict[str, float] = {}
    for _ in range(load.rounds):
        _best(best, "peer creation", [PEER, "--processes", "2", "--quiet", theirs])
        _best(best, "our creation", [MUNIMENT, "bag", "create", "-q", ours])
        _best(best, "peer validation", [PEER, "--validate", "--processes", "2", "--quiet", theirs])
        _best(best, "our validation", [MUNIMENT, "bag", "validate", "-q", ours])
        _unbag(ours)
        _unbag(theirs)
    for work in ("validation", "creation"):
        row = Row(
            f"BagIt {work}, {load.title}",
            best[f"our {work}"],
            "s",
            PEER_NAME,
            best[f"peer {work}"],
            load.target,
            f"best of {load.rounds}, {' and '.join(ALGORITHMS)}",
        )
        report(row)
    shutil.rmtree(folder / "ours")
    shutil.rmtree(folder / "theirs")


def _payload(folder: Path, load: Load) -> Path:
    for number in range(load.count):
        target = folder / f"d{number // 100:03}" / f"file-{number:06}.bin"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as stream:
            left = load.size_bytes
            while left:
                block = os.urandom(min(left, 1 << 20))
                stream.write(block)
                left -= len(block)
    return folder


def _best(best: dict[str, float], work: str, command: Sequence[str | Path]) -> None:
    began = time.perf_counter()
    # Byte code is kept, as in any installation: without it every start would compile.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(
        list(map(str, command)),
        check=True,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    spent = time.perf_counter() - began
    best[work] = min(spent, best.get(work, spent))


def _unbag(bag: Path) -> None:
    for tag in bag.glob("*.txt"):
        tag.unlink()
    payload = bag / "data"
    for entry in list(payload.iterdir()):
        entry.rename(bag / entry.name)
    payload.rmdir()


if __name__ == "__main__":
    main()
