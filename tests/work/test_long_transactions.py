"""A transaction that takes longer than a lease: nobody's job is taken away and done twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models.functions import Now

from muniment.work.heartbeat import Heartbeat
from muniment.work.kinds import JobContext
from muniment.work.leases import long_transaction
from muniment.work.models import DomainEvent, Job
from muniment.work.outbox import add
from muniment.work.reaper import reap
from muniment.work.types import Times
from tests.eventually import eventually
from tests.locked import impatient
from tests.work.builders import ADA, ELSEWHERE, a_claim, a_job, a_kind, fresh, run_next

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["muniment.work"])
BRIEF = Times(lease_s=0.3, beat_s=0.05, watch_s=0.02, worker_loss_s=0.01)


@pytest.fixture(autouse=True)
def _brief_waits() -> Iterator[None]:
    """SQLite's heartbeats fail while somebody writes, as they do after half a minute."""
    with impatient():
        yield


def _write_for_longer_than_a_lease(context: JobContext) -> None:
    began = Job.objects.values_list("started_at", flat=True).get(pk=context.job_id)
    assert began is not None
    with long_transaction():
        add("written")
        eventually(lambda: _now() - began.timestamp() > 3 * BRIEF.lease_s, within_s=10)


def _now() -> float:
    found: float = Job.objects.annotate(now=Now())[0].now.timestamp()
    return found


def test_a_job_that_writes_for_longer_than_its_lease_keeps_it() -> None:
    def handler(context: JobContext) -> int:
        _write_for_longer_than_a_lease(context)
        taken = reap(BRIEF)  # at once: before the next heartbeat
        context.check()
        return taken

    kind = a_kind(handler)
    job = a_job(kind)
    run_next(kind, times=BRIEF)
    assert (fresh(job).state, fresh(job).result, fresh(job).attempts) == ("succeeded", 0, 1)
    assert DomainEvent.objects.count() == 1


def test_other_jobs_keep_their_leases_meanwhile() -> None:
    writer, other = a_kind(_write_for_longer_than_a_lease), a_kind(lambda _: None)
    written, waiting = a_job(writer), a_job(other)
    context = JobContext(a_claim(other, owner=ELSEWHERE, lease_s=BRIEF.lease_s), ADA)
    heartbeat = Heartbeat(BRIEF)
    with heartbeat.beating_for(context):
        run_next(writer, times=BRIEF)
        assert reap(BRIEF) == 0
        context.check()
    heartbeat.close()
    assert (fresh(written).state, fresh(waiting).state) == ("succeeded", "running")


def test_a_transaction_that_fails_leaves_the_leases_as_they_were() -> None:
    kind = a_kind(lambda _: None)
    job = a_job(kind)
    a_claim(kind)
    before = fresh(job).lease_until
    with pytest.raises(ZeroDivisionError), long_transaction():
        raise ZeroDivisionError
    assert fresh(job).lease_until == before
