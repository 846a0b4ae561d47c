"""Fixity as durable work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from muniment.runtime import registry
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import Clock
from muniment.runtime.time_window import TimeWindow
from muniment.storage import jobs
from muniment.storage.fixity.pacing import FixityLimits
from muniment.storage.ledger import Ledger
from muniment.storage.models import FixityCheck
from muniment.storage.ports import StorageRoot
from muniment.work import embedded, schedules
from muniment.work.models import Job
from muniment.work.services import enqueue
from muniment.work.types import JobState
from tests.storage.stocks import Stock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    before = dict(registry._adapters)
    made = Stock(tmp_path, 2)
    registry.provide(StorageRoot, made.archive.root)  # type: ignore[type-abstract]  # a port
    registry.provide(Ledger, made.archive.ledger)
    registry.provide(FixityLimits, FixityLimits())
    registry.provide(Clock, made.archive.clock)  # type: ignore[type-abstract]  # a port
    yield made
    registry._adapters.clear()
    registry._adapters.update(before)


def run(job: Job) -> Job:
    embedded.run_until(lambda: JobState(Job.objects.get(pk=job.pk).state).is_ended)
    return Job.objects.get(pk=job.pk)


def test_a_job_checks_everything_and_says_what_came_of_it(stock: Stock) -> None:
    stock.damage(0, "v1/content/a")
    job = run(enqueue("fixity", {"scope": "all"}, actor=SYSTEM))
    assert job.state == "succeeded"
    assert job.result == {"ledger": [], "objects": 2, "outcomes": {"correct": 1, "mismatch": 1}}


def test_a_job_checks_what_it_names(stock: Stock) -> None:
    named = {"scope": "named", "object_ids": stock.object_ids[:1]}
    run(enqueue("fixity", named, actor=SYSTEM))
    assert [str(check.object_id) for check in FixityCheck.objects.all()] == stock.object_ids[:1]


def test_each_job_is_a_run_of_its_own(stock: Stock) -> None:
    for _ in range(2):
        run(enqueue("fixity", {"scope": "all"}, actor=SYSTEM))
    assert FixityCheck.objects.count() == 4


def test_the_daily_check_can_be_scheduled(stock: Stock) -> None:
    made = schedules.add(jobs.DAILY_FIXITY, actor=SYSTEM, clock=stock.desk.clock)
    assert (made.kind, made.arguments) == ("fixity", {"scope": "spread"})


def test_outside_its_hours_a_nightly_check_waits_for_them_and_reads_nothing(stock: Stock) -> None:
    window = TimeWindow.parse("22:00-06:00")
    registry.provide(FixityLimits, FixityLimits(window=window))
    stock.desk.clock.at = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
    job = enqueue("fixity", {"scope": "spread"}, actor=SYSTEM)
    opening = datetime(2027, 1, 1, 22, 0, tzinfo=UTC)
    embedded.run_until(lambda: Job.objects.get(pk=job.pk).run_after == opening)
    assert (Job.objects.get(pk=job.pk).state, FixityCheck.objects.count()) == ("queued", 0)


def test_what_a_person_asks_for_does_not_wait_for_the_hours(stock: Stock) -> None:
    registry.provide(FixityLimits, FixityLimits(window=TimeWindow.parse("01:00-02:00")))
    stock.desk.clock.at = datetime(2027, 1, 1, 12, 0, tzinfo=UTC)
    assert run(enqueue("fixity", {"scope": "all"}, actor=SYSTEM)).state == "succeeded"


def test_a_check_that_is_held_back_reads_the_same(stock: Stock) -> None:
    registry.provide(FixityLimits, FixityLimits(bytes_per_s=2**30))
    stock.damage(0, "v1/content/a")
    job = run(enqueue("fixity", {"scope": "all"}, actor=SYSTEM))
    assert job.result == {"ledger": [], "objects": 2, "outcomes": {"correct": 1, "mismatch": 1}}


# A run of all appends its own records behind the cut; a share of none does not.
@pytest.mark.parametrize(("scope", "code"), [("all", "LEDGER-GAP"), ("spread", "LEDGER-CUT")])
def test_a_damaged_ledger_is_in_the_result(stock: Stock, scope: str, code: str) -> None:
    day = stock.desk.open_file()
    day.write_bytes(day.read_bytes().splitlines(keepends=True)[0])
    job = run(enqueue("fixity", {"scope": scope}, actor=SYSTEM))
    assert job.result is not None
    assert [each["code"] for each in job.result["ledger"]] == [code]
