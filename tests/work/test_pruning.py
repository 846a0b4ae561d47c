"""Old jobs and events go; what anybody still needs stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import Clock, SystemClock
from muniment.runtime.errors import InvalidArgument, PermissionDenied
from muniment.runtime.registry import provide
from muniment.runtime.settings import Settings
from muniment.work import clearing, outbox
from muniment.work.jobs import prune_old
from muniment.work.models import DomainEvent, Job, JobChange, Schedule
from muniment.work.pruning import Keep, Pruned, prune
from muniment.work.services import cancel, enqueue
from muniment.work.types import JobState
from tests.work.builders import ADA, a_job, a_running_job, fresh, run_job

pytestmark = pytest.mark.django_db

KEEP = Keep(jobs_days=10, events_days=5)


def _let_days_pass(days: int) -> None:
    ago = Now() - timedelta(days=days)
    Job.objects.filter(ended_at__isnull=False).update(ended_at=ago)
    Job.objects.update(created_at=ago)
    DomainEvent.objects.update(at=ago)


def an_ended_job(*, parent: Job | None = None) -> Job:
    job = enqueue("test-echo", {}, actor=SYSTEM, parent=parent)
    return fresh(cancel(job.pk, actor=SYSTEM))


def _left() -> list[int]:
    return list(Job.objects.order_by("pk").values_list("pk", flat=True))


@pytest.mark.parametrize(("days", "jobs"), [(9, 0), (11, 1)])
def test_an_ended_job_is_removed_when_its_days_are_over(days: int, jobs: int) -> None:
    an_ended_job()
    _let_days_pass(days)
    assert prune(KEEP, actor=SYSTEM).jobs == jobs


def test_its_history_goes_with_it() -> None:
    kept, _ = a_job(), an_ended_job()
    _let_days_pass(11)
    prune(KEEP, actor=SYSTEM)
    assert set(JobChange.objects.values_list("job_id", flat=True)) == {kept.pk}


@pytest.mark.django_db(transaction=True)
def test_what_has_not_ended_stays_however_old() -> None:
    running, _ = a_running_job()
    held = run_job(lambda _: 1 // 0, max_attempts=1)
    assert held.state == JobState.HELD
    waiting = a_job()
    _let_days_pass(5000)
    assert prune(KEEP, actor=SYSTEM).jobs == 0
    assert _left() == sorted([running.pk, held.pk, waiting.pk])


def test_a_family_goes_together_children_first() -> None:
    parent = an_ended_job()
    an_ended_job(parent=an_ended_job(parent=parent))
    _let_days_pass(11)
    assert prune(KEEP, actor=SYSTEM) == Pruned(jobs=3)


def test_a_parent_stays_with_the_child_that_stays() -> None:
    parent = an_ended_job()
    child = enqueue("test-echo", {}, actor=SYSTEM, parent=parent)
    _let_days_pass(11)
    assert prune(KEEP, actor=SYSTEM).jobs == 0
    assert _left() == [parent.pk, child.pk]


def test_the_last_job_of_a_schedule_stays() -> None:
    last, before = an_ended_job(), an_ended_job()
    Schedule.objects.create(
        name="s", cron="0 0 * * *", kind="test-echo", next_run_at=Now(), last_job=last, made_by="x"
    )
    _let_days_pass(11)
    prune(KEEP, actor=SYSTEM)
    assert (last.pk in _left(), before.pk in _left()) == (True, False)


@pytest.mark.parametrize(("days", "events"), [(4, 0), (6, 1)])
def test_an_event_that_all_have_heard_is_removed_when_its_days_are_over(
    days: int, events: int
) -> None:
    outbox.add("something happened", entity="x")
    _let_days_pass(days)
    assert prune(KEEP, actor=SYSTEM).events == events


def test_an_event_that_somebody_has_still_to_hear_stays() -> None:
    outbox.subscribe("slow", ["something happened"], lambda _: None)
    outbox.add("something happened", entity="x")
    _let_days_pass(5000)
    assert prune(KEEP, actor=SYSTEM).events == 0
    outbox.drain()
    assert prune(KEEP, actor=SYSTEM).events == 1


def test_more_than_a_batch_is_removed_and_each_batch_may_be_stopped() -> None:
    now = Now()
    Job.objects.bulk_create(
        Job(kind="k", asked_by="x", state=JobState.SUCCEEDED.value, ended_at=now)
        for _ in range(1200)
    )
    DomainEvent.objects.bulk_create(DomainEvent(name="n", at=now) for _ in range(600))
    _let_days_pass(11)
    batches: list[int] = []
    done = prune(KEEP, actor=SYSTEM, check=lambda: batches.append(Job.objects.count()))
    assert done == Pruned(jobs=1200, events=600)
    assert batches == [700, 200, 0, 0, 0]


def test_who_only_works_with_jobs_may_not_prune() -> None:
    with pytest.raises(PermissionDenied):
        prune(KEEP, actor=ADA)


@pytest.mark.parametrize("keep", [Keep(0, 1), Keep(1, 0)])
def test_nothing_is_removed_on_the_day_it_ended(keep: Keep) -> None:
    with pytest.raises(InvalidArgument, match="one day"):
        prune(keep, actor=SYSTEM)


def test_the_settings_say_how_long() -> None:
    assert Keep.by(Settings(keep_jobs_days=3, keep_events_days=2)) == Keep(3, 2)


@pytest.mark.django_db(transaction=True)  # the heartbeat's thread must see the job
def test_the_job_of_the_night_says_what_it_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    # What other packages clear needs an archive; tests/site/test_clearing.py has one.
    monkeypatch.setattr(clearing, "_clears", {"letters": lambda *_: 2})
    provide(Clock, SystemClock())  # type: ignore[type-abstract]  # a port is a Protocol
    an_ended_job()
    _let_days_pass(91)
    done = run_job(prune_old)
    assert (done.state, done.result) == (JobState.SUCCEEDED, {"jobs": 1, "events": 0, "letters": 2})
