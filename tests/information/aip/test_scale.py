"""A package of 100,000 files is written and read with flat memory (archive spec §2)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# Ten are a minute of work; MUNIMENT_SLOW=1 asks for them.
EVENTS = 10 if os.environ.get("MUNIMENT_SLOW") else 2

# A process of its own: its peak is its own, whatever ran before it.
WRITE_AND_READ = """
import sys
from pathlib import Path
from muniment.information.aip import RepresentationDescription, read_aip, write_aip
from muniment.information.premis import Event, EventOutcome, Link, uuid_identifier
from tests.information.aip.builders import SOFTWARE, a_description, a_file, opener_of

FILES, EVENTS = int(sys.argv[2]), int(sys.argv[3])

def files():
    for number in range(FILES):
        yield a_file(f"folder {number % 100}/file {number}.txt", b"", file_id=f"f-{number}")

def events():
    for number in range(FILES * EVENTS):
        yield Event(
            identifier=uuid_identifier(f"e-{number}"),
            event_type="validation",
            occurred_at="2026-03-01T12:00:00Z",
            outcomes=(EventOutcome("success"),),
            agents=(Link(SOFTWARE.identifiers[0]),),
            objects=(Link(uuid_identifier(f"f-{number // EVENTS}")),),
        )

original = RepresentationDescription(
    name="original", files=files, events=events, agents=(SOFTWARE,)
)
target = Path(sys.argv[1])
write_aip(a_description(representations=(original,)), target)
units = sum(1 for _ in read_aip(opener_of(target)).representation("original"))
# Not ru_maxrss: that counts the memory of the process that started this one too.
status = Path("/proc/self/status").read_text()
peak_mb = int(status.partition("VmHWM:")[2].split()[0]) // 1024
print(units, peak_mb)
"""


def units_and_peak_mb(target: Path, files: int, events: int) -> tuple[int, int]:
    done = subprocess.run(
        [sys.executable, "-c", WRITE_AND_READ, str(target), str(files), str(events)],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    units, peak = done.stdout.split()
    return int(units), int(peak)


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_hundred_thousand_files_with_their_events_fit_in_200_mb(tmp_path: Path) -> None:
    units, peak_mb = units_and_peak_mb(tmp_path, 100_000, EVENTS)
    assert units == 100_000 * (1 + EVENTS) + 2
    assert peak_mb < 200


def test_memory_does_not_grow_with_the_number_of_files(tmp_path: Path) -> None:
    _, small_mb = units_and_peak_mb(tmp_path / "small", 100, 1)
    _, large_mb = units_and_peak_mb(tmp_path / "large", 5_000, 1)
    assert large_mb - small_mb < 20
