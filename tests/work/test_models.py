from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now

from muniment.work.models import Job, JobChange, Limit
from tests.work.builders import a_job

pytestmark = pytest.mark.django_db

LEASED: dict[str, Any] = {"lease_owner": "w", "lease_token": uuid.UUID(int=7), "lease_until": Now()}


@pytest.mark.parametrize("model", list(apps.get_app_config("work").get_models()))
def test_every_table_says_that_it_is_not_rebuilt(model: type[models.Model]) -> None:
    assert model.__dict__["rebuilt"] is False
    assert isinstance(str(model()), str)


@pytest.mark.parametrize(
    "columns",
    [
        {"state": "dreaming"},
        {"state": "running"},
        {"state": "queued", **LEASED},
        {"state": "running", **LEASED, "lease_owner": ""},
        {"state": "held"},
        {"state": "held", "held_reason": "whim"},
        {"state": "queued", "held_reason": "bug"},
        {"state": "succeeded"},
        {"state": "queued", "ended_at": Now()},
        {"progress_done": -1},
        {"progress_total": -1},
        {"max_attempts": 0},
    ],
    ids=str,
)
def test_the_database_refuses_a_job_that_cannot_be(columns: dict[str, Any]) -> None:
    job = a_job()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**columns)


def test_the_database_refuses_two_jobs_of_one_key() -> None:
    Job.objects.create(kind="k", asked_by="x", idempotency_key="1")
    Job.objects.create(kind="other", asked_by="x", idempotency_key="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.create(kind="k", asked_by="x", idempotency_key="1")


def test_the_database_refuses_an_unknown_change_and_an_unknown_limit() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        JobChange.objects.create(job=a_job(), state="dreaming", attempt=0, by="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Limit.objects.create(dimension="planet", name="x", changed_by="x")


def test_a_job_with_a_history_is_not_deleted() -> None:
    with pytest.raises(models.ProtectedError):
        a_job().delete()
