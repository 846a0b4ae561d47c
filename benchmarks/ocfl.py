"""OCFL: validation beside `ocfl-py`, process start included, and inventories read and written."""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.rows import Row, report
from muniment.information.ocfl import (
    Declares,
    HashAndIdNTuple,
    InventoryIndex,
    declaration_content,
    declaration_name,
    read_inventory,
    sidecar_line,
    sidecar_name,
    write_inventory,
    write_layout,
)
from tests.judges import JUDGES

MUNIMENT = Path(sys.executable).with_name("muniment")
PEER = JUDGES["ocfl-py"].parent
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def an_object(folder: Path, object_id: str, files: int, size_bytes: int) -> None:
    """Write a valid object of one version with `files` files of random bytes."""
    folder.mkdir(parents=True)
    (folder / declaration_name(Declares.OBJECT)).write_bytes(declaration_content(Declares.OBJECT))
    with InventoryIndex.new(object_id) as index:
        new = index.new_version(WHEN, message="x", user_name="Ada", user_address="mailto:a@b.org")
        with new as version:
            for number in range(files):
                content = os.urandom(min(size_bytes, 1 << 20)) * max(1, size_bytes >> 20)
                path = version.place(
                    f"d{number % 100}/{number}.bin", hashlib.sha512(content).hexdigest()
                )
                target = folder / str(path)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
        for place in (folder, folder / "v1"):
            with (place / "inventory.json").open("wb") as stream:
                digest = write_inventory(stream, index)
            (place / sidecar_name("sha512")).write_bytes(sidecar_line(digest))


def a_root(folder: Path, objects: int) -> None:
    """Write a storage root of small objects."""
    folder.mkdir()
    (folder / declaration_name(Declares.ROOT)).write_bytes(declaration_content(Declares.ROOT))
    layout = HashAndIdNTuple()
    write_layout(folder, layout)
    for number in range(objects):
        object_id = f"urn:example:{number}"
        an_object(folder / layout.path_of(object_id), object_id, 10, 1000)


def best_s(command: Sequence[str | Path], times: int = 3) -> float:
    """Run a command several times and return the shortest wall time in seconds."""
    spent: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        spent.append(time.perf_counter() - began)
    return min(spent)


def compare(work: str, path: Path, peer: Sequence[str | Path]) -> None:
    """Validate with both, warm cache, and report."""
    ours = best_s([MUNIMENT, "ocfl", "validate", "--json", path])
    report(Row(work, ours, "s", "ocfl-py", best_s(peer), "1.5 ×"))


def validation(folder: Path, *, full: bool) -> None:
    """Measure the three sets of the specification."""
    validate = PEER / "ocfl-validate.py"
    an_object(folder / "small", "urn:example:small", 10_000, 10_000)
    compare(
        "OCFL validation, 10,000 files of 10 kB", folder / "small", [validate, folder / "small"]
    )
    an_object(folder / "large", "urn:example:large", 4, (250 if full else 100) << 20)
    work = f"OCFL validation, 4 files of {250 if full else 100} MiB"
    compare(work, folder / "large", [validate, folder / "large"])
    a_root(folder / "root", 500)
    root: list[str | Path] = [PEER / "ocfl-root.py", "validate", "--root", folder / "root"]
    compare("OCFL validation, root of 500 objects", folder / "root", root)


def inventories(folder: Path, files: int) -> None:
    """Measure placing, writing and reading the inventory of one big version."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    digests = [hashlib.sha512(b"%d" % number).hexdigest() for number in range(1000)]

    def rate(name: str, work: Callable[[], object]) -> None:
        began = time.perf_counter()
        work()
        spent = time.perf_counter() - began
        report(Row(f"OCFL inventory of {files:,} files: {name}", files / spent, "files/s"))

    index = InventoryIndex.new("urn:example:big")
    new = index.new_version(WHEN, message="x", user_name="Ada", user_address="mailto:a@b.org")

    def place() -> None:
        with new as version:
            for number in range(files):
                digest = f"{number:08x}{digests[number % 1000][8:]}"
                version.place(f"representations/original/data/{number % 100}/{number}.bin", digest)

    path = folder / "inventory.json"
    rate("placed", place)
    with path.open("wb") as out:
        rate("written", lambda: write_inventory(out, index))
    index.close()
    with path.open("rb") as stream:
        rate("read", lambda: read_inventory(stream).close())
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    report(Row(f"OCFL inventory of {files:,} files: memory", grown, "MiB", target="60 MiB or less"))


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="1,000,000 files; 4 files of 250 MiB")
    full = parser.parse_args().full
    with tempfile.TemporaryDirectory(prefix="muniment-bench-ocfl-") as name:
        inventories(Path(name), 1_000_000 if full else 100_000)
        validation(Path(name), full=full)


if __name__ == "__main__":
    main()
