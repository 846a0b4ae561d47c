"""`kill -9` at every failpoint and at any instant: the submission ends once, whole or not."""

from __future__ import annotations

import random
import re
import signal
import time
from pathlib import Path

import pytest

import muniment
from tests.archives import Archive
from tests.ingest.packages import a_bag

SOURCE = Path(muniment.__file__).parent
INFO = "Source-Organization: Museum\nExternal-Identifier: M-1\n"
# Passed by other work than an ingest; their own packages kill there.
ELSEWHERE = re.compile(r"^(ledger|fixity|export|rebuild|recover|schedule|edit)\b")


def failpoints() -> list[str]:
    """Read the names from the code, so that a new one is tested by itself."""
    found = set()
    for file in SOURCE.rglob("*.py"):
        found.update(re.findall(r'failpoint\("([^"]+)"\)', file.read_text(encoding="utf-8")))
    found.discard("area.place")
    return sorted(name for name in found if not ELSEWHERE.match(name))


def ended_well(archive: Archive, bag: Path) -> None:
    """Finish what a crash left, and check that there is one object, whole, once."""
    assert archive.run("recover", "--json").code == 0
    assert archive.run("worker", "--once").code == 0
    listed = archive.run("submission", "list", "--json").json()["submissions"]
    if not listed:
        # It died before the submission was kept: nothing was promised; the producer sends again.
        assert archive.ingest(bag)[0]["verdict"] == "accepted"
        listed = archive.run("submission", "list", "--json").json()["submissions"]
    (submission,) = listed
    assert submission["verdict"] == "accepted", submission
    assert submission["version"] == 1
    objects = list(archive.storage_root.rglob("0=ocfl_object_1.1"))
    assert len(objects) == 1
    checked = archive.run("ocfl", "validate", archive.storage_root, "--json")
    assert checked.json()["errors"] == []
    again = archive.run("recover", "--json").json()
    assert not [each for each in again["recovered"] if each["action"] != "left alone"]
    left = archive.home / "work" / "submissions"
    assert not left.exists() or not list(left.iterdir())


@pytest.mark.parametrize("name", failpoints())
def test_a_kill_at_a_failpoint_loses_nothing(archive: Archive, tmp_path: Path, name: str) -> None:
    bag = a_bag(tmp_path / "bag", info=INFO)
    answer = archive.run("ingest", bag, "--json", MUNIMENT_FAILPOINT=name)
    assert answer.code in {-signal.SIGKILL, 0, 3}, answer.err
    ended_well(archive, bag)


@pytest.mark.parametrize("seed", range(4))
def test_a_kill_at_any_instant_loses_nothing(archive: Archive, tmp_path: Path, seed: int) -> None:
    bag = a_bag(tmp_path / "bag", info=INFO)
    process = archive.start("ingest", bag, "--json")
    time.sleep(random.Random(seed).uniform(0.2, 2.0))  # an instant, not a secret
    process.kill()
    process.communicate()
    ended_well(archive, bag)
