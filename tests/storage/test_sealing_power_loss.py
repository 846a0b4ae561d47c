"""Power loss at every operation of the disk, which forgets what was not made durable.

Killing a process keeps the page cache and so proves order; this proves durability.
"""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.storage.adapters.forgetful_disk import ForgetfulDisk, PowerLost
from muniment.storage.adapters.local import LocalRoot, open_local_root
from tests.storage.sealing_child import STATES
from tests.storage.staging import Bench, seal_state, state_of


class Machine:
    """An archive on a forgetful disk; its work area is on another one, as received files are."""

    def __init__(self, base: Path) -> None:
        self.home = base / "home"
        self.home.mkdir()
        self.bench = Bench(base / "received")
        self.disk = ForgetfulDisk(self.home)
        self.root.initialise()
        self.disk.sync_all(self.home)

    @property
    def root(self) -> LocalRoot:
        return open_local_root(self.home / "storage", self.home / "work", disk=self.disk)

    def seal(self, version: int) -> None:
        seal_state(self.root, self.bench, STATES[version - 1], head=version - 1)

    def states(self) -> list[dict[str, bytes]]:
        numbers = range(1, self.root.head(self.bench.object_id) + 1)
        return [state_of(self.root, self.bench.object_id, number) for number in numbers]


def operations_of(version: int) -> int:
    """Count the operations of sealing a version."""
    with TemporaryDirectory() as base:
        machine = Machine(Path(base))
        for earlier in range(1, version):
            machine.seal(earlier)
        before = machine.disk.operations
        machine.seal(version)
        return machine.disk.operations - before


def crashed_at(machine: Machine, version: int, operation: int) -> None:
    """Seal the versions before, then lose power at one operation of sealing this one."""
    for earlier in range(1, version):
        machine.seal(earlier)
    machine.disk.operations_left = operation
    with pytest.raises(PowerLost):
        machine.seal(version)


every_operation = pytest.mark.parametrize(
    ("version", "operation"),
    [(version, at) for version in (1, 2) for at in range(operations_of(version))],
)


@every_operation
def test_the_old_version_or_the_new_one_is_there_after_recovery(
    tmp_path: Path, version: int, operation: int
) -> None:
    machine = Machine(tmp_path)
    crashed_at(machine, version, operation)
    machine.disk.lose_power()
    machine.root.recover()
    assert machine.states() in [list(STATES[: version - 1]), list(STATES[:version])]
    assert machine.root.recover() == []
    machine.seal(version)
    assert machine.states() == list(STATES[:version])


@every_operation
def test_sealing_again_needs_no_recovery(tmp_path: Path, version: int, operation: int) -> None:
    machine = Machine(tmp_path)
    crashed_at(machine, version, operation)
    machine.disk.lose_power()
    machine.seal(version)
    assert machine.states() == list(STATES[:version])
    assert machine.root.check_structure(machine.bench.object_id) == []


@pytest.mark.parametrize("version", [1, 2])
def test_what_was_reported_is_there_after_power_loss(tmp_path: Path, version: int) -> None:
    machine = Machine(tmp_path)
    for each in range(1, version + 1):
        machine.seal(each)
    machine.disk.lose_power()
    assert machine.states() == list(STATES[:version])


@given(
    version=st.sampled_from([1, 2]),
    operation=st.integers(0, operations_of(1) - 1),
    seed=st.integers(0, 2**32),
)
def test_any_part_of_what_was_not_synced_may_be_left(
    version: int, operation: int, seed: int
) -> None:
    with TemporaryDirectory() as base:
        machine = Machine(Path(base))
        crashed_at(machine, version, min(operation, operations_of(version) - 1))
        chance = Random(seed)
        machine.disk.lose_power(lambda: chance.random() < 0.5)
        machine.root.recover()
        assert machine.states() in [list(STATES[: version - 1]), list(STATES[:version])]
        machine.seal(version)
        assert machine.states() == list(STATES[:version])


def test_power_loss_during_recovery_is_recovered_from(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    crashed_at(machine, 2, operations_of(2) - 4)
    machine.disk.lose_power()
    for operation in range(6):
        machine.disk.operations_left = operation
        with pytest.raises(PowerLost):
            machine.root.recover()
        machine.disk.lose_power()
    machine.root.recover()
    assert machine.states() == list(STATES)
