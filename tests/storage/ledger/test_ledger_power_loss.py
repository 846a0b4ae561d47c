"""Power loss at every operation of appending to the ledger and of sealing a day."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from muniment.storage.adapters.forgetful_disk import ForgetfulDisk, PowerLost
from muniment.storage.ledger.days import months_in
from tests.storage.ledger.desks import Desk, a_desk


def a_forgetful_desk(base: Path) -> tuple[Desk, ForgetfulDisk]:
    home = base / "home"
    home.mkdir()
    disk = ForgetfulDisk(home)
    desk = a_desk(base, disk)
    desk.ledger.root.initialise()
    disk.sync_all(home)
    return desk, disk


def operations_of_sealing() -> int:
    with TemporaryDirectory() as base:
        desk, disk = a_forgetful_desk(Path(base))
        desk.note("a")
        desk.pass_days()
        before = disk.operations
        desk.ledger.seal_closed_days()
        return disk.operations - before


def test_what_was_reported_is_there_after_power_loss(tmp_path: Path) -> None:
    desk, disk = a_forgetful_desk(tmp_path)
    desk.note("a")
    desk.note("b")
    disk.lose_power()
    assert desk.texts() == ["a", "b"]


@pytest.mark.parametrize("operation", range(3))
def test_an_append_that_was_not_reported_is_there_or_not(tmp_path: Path, operation: int) -> None:
    desk, disk = a_forgetful_desk(tmp_path)
    desk.note("a")
    desk.pass_days()
    disk.operations_left = operation
    with pytest.raises(PowerLost):
        desk.note("b")
    disk.lose_power()
    desk.note("c")
    assert desk.texts() in (["a", "c"], ["a", "b", "c"])


@pytest.mark.parametrize("operation", range(operations_of_sealing()))
def test_a_day_is_sealed_once_whenever_the_power_goes(tmp_path: Path, operation: int) -> None:
    desk, disk = a_forgetful_desk(tmp_path)
    desk.note("a", "b")
    desk.pass_days()
    disk.operations_left = operation
    with pytest.raises(PowerLost):
        desk.ledger.seal_closed_days()
    disk.lose_power()
    assert desk.texts() == ["a", "b"]
    desk.ledger.seal_closed_days()
    assert desk.texts() == ["a", "b"]
    assert desk.note("c") == [3]
    assert [desk.ledger.root.head(each) for each in months_in(desk.ledger.root)] == [1]
