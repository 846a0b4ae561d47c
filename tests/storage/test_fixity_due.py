"""Which objects are due: those with bytes that were not read for a period, oldest first."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from muniment.runtime.actor import SYSTEM
from muniment.storage.fixity.running import Scope
from muniment.storage.queries import fixity_report
from tests.storage.staging import AT, Bench
from tests.storage.stocks import Stock

pytestmark = pytest.mark.django_db(transaction=True)

PERIOD = timedelta(days=90)


@pytest.fixture
def stock(tmp_path: Path) -> Stock:
    """An archive with one object, sealed at AT, and its second version one day later."""
    return Stock(tmp_path, 1)


def due_at(stock: Stock, days: float, **more: object) -> list[str]:
    """Let the nightly check run so many days behind AT; return what it read."""
    stock.desk.clock.at = AT + timedelta(days=days)
    return [str(check.object_id) for check in stock.check(Scope.DUE, **more)]


@pytest.mark.parametrize(("days", "is_due"), [(2, False), (89.999, False), (90, True), (300, True)])
def test_an_object_is_due_when_its_period_is_over(stock: Stock, days: float, is_due: bool) -> None:
    assert bool(due_at(stock, days)) is is_due


def test_a_reading_that_a_wrong_clock_noted_is_made_again(stock: Stock) -> None:
    assert due_at(stock, 3650)
    assert due_at(stock, 3650 - 0.5) == [], "half a day back: the reading is as good as it was"
    assert due_at(stock, 10) == stock.object_ids
    assert due_at(stock, 11) == []


def test_a_check_begins_the_period_anew(stock: Stock) -> None:
    assert due_at(stock, 90)
    assert due_at(stock, 179.9) == []
    assert due_at(stock, 180)


def test_a_new_version_does_not_put_off_the_bytes_of_the_old_one(stock: Stock) -> None:
    stock.seal(stock.benches[0], {"a": b"0", "d": b"third"}, 2)
    stock.seal(stock.benches[0], {"a": b"0", "d": b"fourth"}, 3)
    assert due_at(stock, 90) == stock.object_ids


def test_the_period_is_what_the_run_says(stock: Stock) -> None:
    assert due_at(stock, 10, period=timedelta(days=11)) == []
    assert due_at(stock, 10, period=timedelta(days=7)) == stock.object_ids


def test_what_waits_longest_comes_first_and_the_rest_stays_due(tmp_path: Path) -> None:
    stock = Stock(tmp_path, 0)
    stock.benches = [Bench(tmp_path / "home/work/area") for _ in range(3)]
    first, second, third = stock.benches
    for day, bench in ((5, second), (1, third), (0, first)):
        stock.seal_at(bench, AT + timedelta(days=day))
    assert due_at(stock, 200, most=2) == sorted([first.object_id, third.object_id])
    assert due_at(stock, 200) == [second.object_id]


def test_what_could_not_be_read_is_due_again_the_next_night(stock: Stock) -> None:
    path = stock.path(0, "v1/content/a")
    path.unlink()
    path.mkdir()
    assert due_at(stock, 100)
    assert due_at(stock, 101)
    path.rmdir()
    path.write_bytes(b"0")
    assert due_at(stock, 102)
    assert due_at(stock, 103) == []


def test_damage_that_was_told_waits_for_its_repair(stock: Stock) -> None:
    stock.damage(0, "v1/content/a")
    assert due_at(stock, 100)
    assert due_at(stock, 101) == []


def test_an_object_that_storage_lost_is_due_and_missing(stock: Stock) -> None:
    folder = stock.archive.root.path_of(stock.object_ids[0])
    folder.rename(folder.with_name("gone"))
    stock.desk.clock.at = AT + PERIOD
    (check,) = stock.check(Scope.DUE)
    assert check.outcome == "missing"


def test_the_report_counts_what_is_due_and_says_since_when(stock: Stock) -> None:
    stock.desk.clock.at = AT + PERIOD
    report = fixity_report(actor=SYSTEM, clock=stock.desk.clock)
    assert (report.due, report.oldest_at, report.never_checked) == (1, AT, 1)
    stock.check(Scope.DUE)
    report = fixity_report(actor=SYSTEM, clock=stock.desk.clock)
    assert (report.due, report.oldest_at, report.never_checked) == (0, AT + PERIOD, 0)
