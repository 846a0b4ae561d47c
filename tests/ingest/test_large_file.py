"""A sparse file that is larger than all memory together: streamed, and no process grows with it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archives import Archive, ArchiveTemplate
from tests.memory import MIB, peaks_of

pytestmark = pytest.mark.slow

# Many times what a process may hold shows that nothing grows; MUNIMENT_SLOW takes 5 GiB.
SIZE = 5 << 30 if os.environ.get("MUNIMENT_SLOW") else 512 * MIB
MOST_OF_ONE = 140 * MIB
MOST_OF_ALL = 600 * MIB


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder on a disk: what maps a sparse file in memory would fill its holes."""
    with tempfile.TemporaryDirectory(dir="/var/tmp", prefix="muniment-large-") as name:
        yield Path(name)


@pytest.fixture
def archive(archive_template: ArchiveTemplate, disk: Path) -> Iterator[Archive]:
    made = archive_template.copy(disk / "archive")
    yield made
    made.remove()


@pytest.mark.timeout(1800)
def test_a_large_sparse_file_goes_in_with_flat_memory(archive: Archive, disk: Path) -> None:
    package = disk / "package"
    package.mkdir()
    with (package / "measurements.bin").open("wb") as stream:
        stream.truncate(SIZE)
    (package / "README.txt").write_text("the other file is nearly all holes\n")
    process = archive.start("ingest", package, "--json", MUNIMENT_DISK_RESERVE_BYTES="0")
    peaks = peaks_of(process)
    out, err = process.communicate()
    assert process.returncode == 0, err
    (submission,) = json.loads(out)["submissions"]
    assert (submission["verdict"], submission["size_bytes"]) == ("accepted", SIZE + 35)
    assert "identify-failed" not in {each["code"] for each in submission["findings"]}
    scanner = peaks.by_program.pop("clamscan", 0)
    assert {name: held for name, held in peaks.by_program.items() if held > MOST_OF_ONE} == {}
    assert peaks.together - scanner < MOST_OF_ALL
    (stored,) = archive.storage_root.rglob("measurements.bin")
    status = stored.stat()
    assert (status.st_size, status.st_blocks * 512 < MIB) == (SIZE, True), "its holes are kept"
