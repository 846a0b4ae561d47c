"""A period's work is spread evenly over its days, and nothing is read too late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.storage.fixity.running import Scope
from muniment.storage.fixity.spreading import share_size
from tests.storage.damage import rewrite
from tests.storage.staging import AT, Bench
from tests.storage.stocks import Stock

PERIOD = timedelta(days=90)
START = datetime(2026, 1, 1, 1, 15, tzinfo=UTC)


def nights(read_at: list[datetime], days: int, period: timedelta = PERIOD) -> list[int]:
    """Let so many nightly checks read their shares; return how many objects each read."""
    waiting, sizes = sorted(read_at), []
    for day in range(days):
        now = START + timedelta(days=day)
        size = share_size(waiting, now, period)
        assert all(now - at <= period + timedelta(days=1) for at in waiting)
        waiting = sorted([*waiting[size:], *[now] * size])
        sizes.append(size)
    return sizes


@pytest.mark.parametrize("objects", [90, 900, 1000])
def test_objects_of_one_day_are_spread_over_the_whole_period(objects: int) -> None:
    sizes = nights([START] * objects, 360)
    assert max(sizes) <= objects / 90 * 1.2 + 1
    assert min(sizes[:85]) >= objects // 90 - 1


@pytest.mark.parametrize("objects", [1, 2, 3, 10, 45])
def test_few_objects_are_not_read_again_and_again(objects: int) -> None:
    sizes = nights([START] * objects, 900)
    assert sum(sizes) <= 1.3 * objects * 900 / 90 + objects
    assert max(sizes) <= 2


def test_without_objects_there_is_no_share() -> None:
    assert share_size([], START, PERIOD) == 0


def test_everything_that_is_overdue_is_taken_at_once() -> None:
    long_ago = START - timedelta(days=400)
    assert share_size([long_ago] * 50 + [START] * 50, START, PERIOD) >= 50


@settings(max_examples=50)
@given(
    st.lists(st.integers(0, 90), max_size=60),
    st.integers(2, 120),
)
def test_nothing_is_read_later_than_its_period_allows(ages: list[int], days: int) -> None:
    period = timedelta(days=days)
    ages = [min(age, days) for age in ages]
    nights([START - timedelta(days=age) for age in ages], 2 * days + 5, period)


@pytest.mark.django_db(transaction=True)
def test_the_share_of_a_night_is_what_waits_longest(tmp_path: Path) -> None:
    stock = Stock(tmp_path, 0)
    stock.benches = [Bench(tmp_path / "home/work/area") for _ in range(4)]
    for day, bench in enumerate(stock.benches):
        stock.seal_at(bench, AT + timedelta(days=day))
    stock.desk.clock.at = AT + timedelta(days=3)
    read = stock.check(Scope.SPREAD, period=timedelta(days=4))
    assert [str(each.object_id) for each in read] == stock.object_ids[:1]


@pytest.mark.django_db(transaction=True)
def test_inventories_are_looked_at_every_day_and_damage_is_told_once(tmp_path: Path) -> None:
    stock = Stock(tmp_path, 3)
    assert stock.check(Scope.SPREAD) == []
    rewrite(stock.archive.root, stock.object_ids[1], "v1/inventory.json", b"{}")
    (check,) = stock.check(Scope.SPREAD)
    assert (str(check.object_id), check.outcome) == (stock.object_ids[1], "mismatch")
    assert stock.check(Scope.SPREAD) == []
