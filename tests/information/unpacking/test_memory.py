"""Memory does not grow with the size of a file or the number of files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.information.unpacking.packages import a_tar, an_entry

PROGRAM = """
import resource, sys
from pathlib import Path
from muniment.information.unpacking import UnpackLimits, receive
source, work = map(Path, sys.argv[1:])
limits = UnpackLimits(reserve_bytes=0)
report = receive(source, work / "package", work / "listing.jsonl", limits=limits, algorithms=())
# Not our own ru_maxrss: that counts the memory of the process that started this one too.
ours = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
most = max(ours, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
print(report.file_count, report.size_bytes, most // 1024)
"""


def figures(source: Path, work: Path) -> tuple[int, int, int]:
    """Receive in a process of its own; return files, bytes and the largest memory in MiB."""
    work.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(source), str(work)],
        capture_output=True,
        text=True,
        check=True,
    )
    files, size, most = map(int, done.stdout.split())
    return files, size, most


@pytest.mark.slow
def test_a_sparse_file_of_5_gb_is_streamed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with (tmp_path / "in" / "sparse").open("wb") as stream:
        stream.truncate(5 << 30)
    files, size, most = figures(tmp_path / "in", tmp_path / "work")
    assert (files, size) == (1, 5 << 30)
    assert most < 100
    assert (tmp_path / "work" / "package" / "sparse").stat().st_blocks == 0


@pytest.mark.slow
def test_a_tar_of_20000_files_costs_no_more_memory_than_one_of_ten(tmp_path: Path) -> None:
    few = a_tar(tmp_path / "few", *(an_entry(f"{n}", b"x") for n in range(10)))
    many = a_tar(tmp_path / "many", *(an_entry(f"{n}", b"x") for n in range(20_000)))
    least = figures(few, tmp_path / "work-few")[2]
    files, _, most = figures(many, tmp_path / "work-many")
    assert files == 20_000
    assert most < least + 16
