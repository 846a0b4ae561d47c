"""Fixity beside raw hashing of the same digests on one core, and sealing of many files."""

from __future__ import annotations

import argparse
import hashlib
import os
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.rows import Row, report
from muniment.information.identifiers import new_object_id
from muniment.runtime.digest_algorithms import BLOCK_BYTES
from muniment.runtime.digests import Digester
from muniment.storage.adapters.local import LocalRoot, open_local_root
from muniment.storage.fixity.checking import check_object
from muniment.storage.types import FixityResult, SealedVersion, StagedFile, StagedVersion

ALGORITHMS = ("sha512", "sha256")
"""What ingest records of every file."""
CORES = 2
MIB = 1 << 20
AT = datetime(2026, 1, 1, tzinfo=UTC)


def raw_mib_s(size_bytes: int = 256 * MIB) -> float:
    """Hash memory on one core, in our blocks: nothing is read, opened or looked up."""
    block = os.urandom(BLOCK_BYTES)
    digester = Digester(ALGORITHMS)
    began = time.perf_counter()
    for _ in range(size_bytes // BLOCK_BYTES):
        digester.update(block)
    return size_bytes / MIB / (time.perf_counter() - began)


def opened_mib_s(folder: Path) -> float:
    """Open, read and hash each file below a folder, one after the other on one core."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    size_bytes = 0
    began = time.perf_counter()
    for path in files:
        digester = Digester(ALGORITHMS)
        with path.open("rb", buffering=0) as stream:
            while block := stream.read(BLOCK_BYTES):
                digester.update(block)
                size_bytes += len(block)
        digester.result()
    return size_bytes / MIB / (time.perf_counter() - began)


def some_files(area: Path, count: int, size_bytes: int) -> list[StagedFile]:
    """Write files of random bytes and describe them."""
    area.mkdir(parents=True)
    staged = []
    for number in range(count):
        part = os.urandom(min(size_bytes, MIB))
        path = area / str(number)
        sha512, sha256 = hashlib.sha512(), hashlib.sha256()
        with path.open("wb") as stream:
            for _ in range(max(1, size_bytes // MIB)):
                stream.write(part)
                sha512.update(part)
                sha256.update(part)
        logical_path = f"representations/original/data/{number % 100}/{number}"
        size = path.stat().st_size
        fixity = {"sha256": sha256.hexdigest()}
        staged.append(StagedFile(logical_path, path, size, sha512.hexdigest(), fixity))
    return staged


def seal(root: LocalRoot, files: Sequence[StagedFile]) -> tuple[SealedVersion, float]:
    """Seal the files as a new object; return it and the seconds that it took."""
    staged = StagedVersion(new_object_id(), 0, lambda: iter(files), "x", "Ada", "", AT)
    os.sync()
    began = time.perf_counter()
    return root.seal(staged), time.perf_counter() - began


def measure_check(root: LocalRoot, sealed: SealedVersion, title: str, rounds: int = 3) -> None:
    """Report the best of some rounds per core, raw hashing measured before and after each."""
    raw: list[float] = [raw_mib_s()]
    ours: list[float] = []
    for _ in range(rounds):
        began = time.perf_counter()
        checked = check_object(sealed.object_id, root)
        ours.append(checked.size_bytes / MIB / (time.perf_counter() - began) / CORES)
        raw.append(raw_mib_s())
        if checked.outcome is not FixityResult.CORRECT:
            raise SystemExit(f"{title}: {checked.outcome}")
    opened = max(opened_mib_s(root.path_of(sealed.object_id)) for _ in range(rounds))
    best = max(raw)
    report(Row(title, max(ours), "MiB/s", "raw, one core", best, "0.85 ×", "per core, two used"))
    note = "per core; the peer opens, reads and hashes each file, and looks up no inventory"
    report(Row(f"{title}, beside opening each", max(ours), "MiB/s", "one core", opened, "", note))


def main() -> None:
    """Measure large files, then many small ones."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fixity", description=__doc__)
    parser.add_argument("--full", action="store_true", help="1 GiB files and 100,000 small ones")
    full = parser.parse_args().full
    with tempfile.TemporaryDirectory(prefix="muniment-bench-") as folder:
        home = Path(folder)
        root = open_local_root(home / "storage", home / "work")
        root.initialise()
        large = (2, 1024 * MIB) if full else (4, 128 * MIB)
        sealed, _ = seal(root, some_files(home / "work/large", *large))
        measure_check(root, sealed, f"fixity, {large[0]} files of {large[1] // MIB} MiB")
        count = 100_000 if full else 10_000
        sealed, spent_s = seal(root, some_files(home / "work/small", count, 10_000))
        report(Row(f"sealing, {count:,} files of 10 kB", count / spent_s, "files/s"))
        measure_check(root, sealed, f"fixity, {count:,} files of 10 kB")


if __name__ == "__main__":
    main()
