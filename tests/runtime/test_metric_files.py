"""What several processes count is read as one; the files of the dead go."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from muniment.runtime.metric_files import forget_the_dead
from muniment.runtime.metrics import STEPS

COUNTING = """
import sys
from pathlib import Path
from muniment.runtime.metric_files import measured, start_measuring
from muniment.runtime.metrics import LEASE_EXPIRED, STEP_DURATION, STEPS
start_measuring(Path(sys.argv[1]))
STEPS.add(type="scan", state="done")
STEPS.add(2, type="scan", state="done")
LEASE_EXPIRED.add()
STEP_DURATION.observe(0.02, type="scan")
with STEP_DURATION.timed(type="seal"):
    pass
for metric in measured(Path(sys.argv[1])):
    for sample in metric.samples:
        print(sample.name, dict(sample.labels), sample.value)
"""


def count_in_a_process(folder: Path) -> str:
    return subprocess.run(
        [sys.executable, "-c", COUNTING, str(folder)],
        check=True,
        timeout=60,
        capture_output=True,
        text=True,
    ).stdout


def test_processes_are_summed(tmp_path: Path) -> None:
    count_in_a_process(tmp_path)
    shown = count_in_a_process(tmp_path)
    assert re.search(r"^muniment_steps_total .*'scan'.* 6\.0$", shown, re.MULTILINE)
    assert re.search(r"^muniment_lease_expired_total {} 2\.0$", shown, re.MULTILINE)
    assert re.search(r"^muniment_step_duration_seconds_count .*scan.* 2\.0$", shown, re.MULTILINE)
    assert re.search(
        r"^muniment_step_duration_seconds_bucket .*'scan'.*'0\.01'.* 0\.0$", shown, re.MULTILINE
    )


def test_machines_that_share_a_home_are_summed(tmp_path: Path) -> None:
    count_in_a_process(tmp_path)
    (here,) = tmp_path.iterdir()
    here.rename(tmp_path / "another-machine")
    assert " 6.0" in count_in_a_process(tmp_path)


def test_the_files_of_the_dead_go(tmp_path: Path) -> None:
    count_in_a_process(tmp_path)
    (here,) = tmp_path.iterdir()
    ours = here / f"counter_{os.getpid()}.db"
    ours.touch()
    forget_the_dead(tmp_path)
    assert list(here.iterdir()) == [ours]


def test_a_machine_that_was_silent_for_days_goes(tmp_path: Path) -> None:
    for name, age in (("old", 1), ("new", None)):
        (tmp_path / name).mkdir()
        if age:
            os.utime(tmp_path / name, (age, age))
    forget_the_dead(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["new"]


def test_a_folder_that_is_not_there_has_no_dead(tmp_path: Path) -> None:
    forget_the_dead(tmp_path / "nowhere")


def test_a_place_that_takes_no_files_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            COUNTING.partition("for metric")[0],
            str(tmp_path / "file" / "metrics"),
        ],
        check=False,
        timeout=60,
        capture_output=True,
    )
    assert done.returncode == 0


@pytest.mark.parametrize("labels", [{"type": "scan", "state": "done"}, {"nonsense": "x"}])
def test_a_short_command_counts_for_nobody(labels: dict[str, str]) -> None:
    STEPS.add(**labels)
