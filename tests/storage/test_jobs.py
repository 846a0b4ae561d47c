"""Fixity as durable work."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.runtime import registry
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import Clock
from muniment.storage import jobs
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
    assert job.result == {"objects": 2, "outcomes": {"correct": 1, "mismatch": 1}}


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
    assert (made.kind, made.arguments) == ("fixity", {"scope": "due"})
