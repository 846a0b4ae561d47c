"""The disk is full in any step: nothing half, and once there is room the package ends once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from muniment.ingest.services.pipelines import DEFAULT_STEPS
from tests.ingest.at_step import ENDING
from tests.ingest.signatures import a_signature_database
from tests.ingest.small_disk_child import Outcome, Trial

# The name space lets an ordinary user mount, and takes everything away with the process.
NAMESPACE = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]


@pytest.fixture(scope="module", autouse=True)
def _can_mount() -> None:
    """Skip where nobody may mount, as in many containers; where one may, the test must pass."""
    words = [*NAMESPACE, "mount", "-t", "tmpfs", "trial", "/mnt"]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")


def outcomes_of(
    trials: Sequence[Trial], folder: Path, *, database_on_it: bool = False
) -> list[Outcome]:
    """Run the trials in one child, on one archive."""
    kept = {name: v for name, v in os.environ.items() if not name.startswith(("MUNIMENT_", "COV_"))}
    done = subprocess.run(
        [*NAMESPACE, sys.executable, "-m", "tests.ingest.small_disk_child", str(folder)],
        input=json.dumps([asdict(trial) for trial in trials]),
        env=kept
        | {
            "MUNIMENT_HOME": str(folder / ("disk/home" if database_on_it else "database")),
            "MUNIMENT_DISK_RESERVE_BYTES": "0",  # somebody else may fill the disk to the brim
            "MUNIMENT_CLAMAV_DATABASE": str(a_signature_database(folder / "signatures")),
        },
        cwd=Path(__file__).parents[2],
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Outcome(**each) for each in json.loads(done.stdout)]


def is_whole(outcome: Outcome) -> bool:
    """Say whether storage was valid at all times, nothing lies about and the receipt is full."""
    return (outcome.storage_errors, outcome.left_in_work, outcome.files_in_receipt) == ([], [], 7)


def is_accepted_once(outcome: Outcome) -> bool:
    """Say whether there is one version, catalogued and told once, and all is whole."""
    found = (outcome.verdict, outcome.version, outcome.objects_of_it, outcome.identifiers)
    events = ["fixity check", "accession"]
    is_once = found == ("accepted", 1, 1, 1) and outcome.told == events
    return is_once and not outcome.quarantined and is_whole(outcome)


def test_no_step_is_lost_when_its_disk_is_full(tmp_path: Path) -> None:
    places = [*DEFAULT_STEPS, ENDING]
    trials = [
        Trial(step, what, pipeline="default") for step in places for what in ("names", "bytes")
    ]
    outcomes = dict(zip(trials, outcomes_of(trials, tmp_path), strict=True))
    assert {t: o for t, o in outcomes.items() if not is_accepted_once(o)} == {}
    # Every step makes a file; not all of them write anything into it.
    waited = {t: o for t, o in outcomes.items() if o.verdict_when_full == "queued"}
    assert set(waited) >= {Trial(step, "names", pipeline="default") for step in places}
    assert {o.attempts for o in waited.values()} == {1}
    assert [o for o in waited.values() if "free" not in o.reason_when_full] == []


def test_wherever_sealing_finds_the_disk_full_there_is_no_half_object(tmp_path: Path) -> None:
    trials = [Trial("seal", "names", left) for left in (2, 5, 20, 33, *range(36, 41))]
    outcomes = outcomes_of(trials, tmp_path)
    assert [each for each in outcomes if not is_accepted_once(each)] == []
    assert {each.verdict_when_full for each in outcomes} == {"queued"}


@pytest.mark.parametrize("step", ["verify", ENDING])
def test_a_package_is_refused_once_although_the_disk_was_full(tmp_path: Path, step: str) -> None:
    trials = [Trial(step, what, left, False) for what in ("names", "bytes") for left in range(3)]
    for outcome in outcomes_of(trials, tmp_path):
        assert (outcome.verdict, outcome.version, outcome.errors) == ("refused", None, 1), outcome
        assert is_whole(outcome)
        assert {"report.json", "package", "list.csv"} <= set(outcome.quarantined)


def test_a_database_on_the_full_disk_goes_on_when_there_is_room(tmp_path: Path) -> None:
    trials = [Trial(step, left=left) for step in ("receive", "seal", "index") for left in (0, 4)]
    outcomes = outcomes_of(trials, tmp_path, database_on_it=True)
    assert [each for each in outcomes if not is_accepted_once(each)] == []
    assert "running" in {each.verdict_when_full for each in outcomes}
