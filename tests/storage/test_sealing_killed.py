"""`kill -9` at every failpoint of sealing and recovery: the old version or the new one, never half.

The list of places comes from the code, so that a new one is tested by itself.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest

from muniment.information.identifiers import new_object_id
from muniment.storage.adapters.local import LocalRoot, open_local_root
from tests.storage.sealing_child import STATES
from tests.storage.staging import Bench, seal_state, state_of

Judge = Callable[[Path], list[str]]
_CODE = Path(str(files("muniment.storage.adapters.local")))


def failpoints() -> list[str]:
    text = "".join(path.read_text() for path in sorted(_CODE.glob("*.py")))
    return sorted(set(re.findall(r'failpoint\("((?:seal|recover)\.[a-z_]+)"\)', text)))


# Which version is being made, and at which passage of the place the process dies.
SITUATIONS = [(1, 1), (2, 1), (2, 2)]
every_place = pytest.mark.parametrize("place", failpoints())
every_situation = pytest.mark.parametrize(("versions", "passage"), SITUATIONS)


class Crashed:
    """An archive whose process may have been killed while it sealed."""

    def __init__(self, home: Path, versions: int) -> None:
        self.home = home
        self.versions = versions
        self.bench = Bench(home / "work/area", new_object_id())

    def run(self, place: str) -> int:
        """Run the child; return how it ended."""
        command = [sys.executable, "-m", "tests.storage.sealing_child", str(self.home)]
        return subprocess.run(
            [*command, str(self.versions), self.bench.object_id],
            env={**os.environ, "MUNIMENT_FAILPOINT": place},
            check=False,
            timeout=60,
        ).returncode

    @property
    def root(self) -> LocalRoot:
        return open_local_root(self.home / "storage", self.home / "work", lock_wait_s=5)

    def seal_all(self) -> None:
        """Do again what the child was to do."""
        for head, state in enumerate(STATES[: self.versions]):
            seal_state(self.root, self.bench, state, head=head)

    def states(self) -> list[dict[str, bytes]]:
        """Read every version back."""
        numbers = range(1, self.root.head(self.bench.object_id) + 1)
        return [state_of(self.root, self.bench.object_id, number) for number in numbers]


def test_there_are_places_to_die_at() -> None:
    assert len(failpoints()) >= 12


@every_situation
@every_place
def test_after_recovery_the_object_is_whole_and_sealing_goes_on(
    tmp_path: Path, place: str, versions: int, passage: int
) -> None:
    crashed = Crashed(tmp_path, versions)
    assert crashed.run(f"{place}@{passage}") in {-signal.SIGKILL, 0}
    crashed.root.initialise()
    foreseen = [(each.action, each.path) for each in crashed.root.recoverable()]
    assert [(each.action, each.path) for each in crashed.root.recover()] == foreseen
    assert crashed.root.recoverable() == crashed.root.recover() == []
    assert crashed.states() in [list(STATES[:number]) for number in range(versions + 1)]
    crashed.seal_all()
    assert crashed.states() == list(STATES[:versions])
    assert crashed.root.check_structure(crashed.bench.object_id) == []


@every_situation
@every_place
def test_sealing_again_needs_no_recovery(
    tmp_path: Path, place: str, versions: int, passage: int
) -> None:
    crashed = Crashed(tmp_path, versions)
    crashed.run(f"{place}@{passage}")
    crashed.root.initialise()
    crashed.seal_all()
    assert crashed.states() == list(STATES[:versions])
    assert crashed.root.check_structure(crashed.bench.object_id) == []
    assert list((tmp_path / "work/staging").glob(f"{crashed.bench.object_id}*")) == []


@pytest.mark.parametrize("place", [name for name in failpoints() if name.startswith("seal.")])
def test_every_place_of_sealing_is_passed(tmp_path: Path, place: str) -> None:
    assert Crashed(tmp_path, 2).run(place) == -signal.SIGKILL
