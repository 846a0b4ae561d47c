from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from muniment.runtime.actor import SYSTEM
from muniment.runtime.errors import InvalidArgument
from muniment.work.models import Job
from muniment.work.services import enqueue
from tests.work.builders import BOB, a_job, states_of

pytestmark = pytest.mark.django_db


def test_a_job_is_queued_with_its_history() -> None:
    job = a_job(actor=BOB)
    assert (job.state, job.attempts, job.asked_by, job.owner) == ("queued", 0, "bob", "bob")
    assert states_of(job) == ["queued"]


def test_the_database_says_when_a_job_was_made() -> None:
    job = a_job()
    assert job.created_at.tzinfo is not None
    assert job.run_after <= job.created_at


def test_the_same_key_gives_the_same_job() -> None:
    first = enqueue("test-echo", {}, actor=SYSTEM, idempotency_key="k")
    again = enqueue("test-echo", {"other": 1}, actor=SYSTEM, idempotency_key="k")
    assert again == first
    assert states_of(first) == ["queued"]


def test_jobs_without_a_key_are_different_jobs() -> None:
    assert a_job() != a_job()


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="no package registered"):
        a_job("no-such-kind")


def test_a_job_can_be_put_off() -> None:
    at = datetime(2100, 1, 1, tzinfo=UTC)
    assert enqueue("test-echo", {}, actor=SYSTEM, run_after=at).run_after == at


def test_a_job_has_a_parent() -> None:
    parent = a_job()
    child = enqueue("test-echo", {}, actor=SYSTEM, parent=parent)
    assert list(parent.children.all()) == [child]


@pytest.mark.django_db(transaction=True, available_apps=["muniment.work"])
def test_a_job_goes_with_the_transaction_that_queued_it() -> None:
    with transaction.atomic():
        a_job()
        transaction.set_rollback(True)
    assert not Job.objects.exists()
