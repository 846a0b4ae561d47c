from __future__ import annotations

import pytest

from muniment.runtime.actor import SYSTEM
from muniment.work import embedded, services
from muniment.work.models import Job
from muniment.work.types import JobState
from tests.work import kinds_for_tests as _kinds  # noqa: F401  # registers them

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["muniment.work"])


def test_a_command_runs_the_jobs_that_it_waits_for() -> None:
    job = services.enqueue("test-echo", {"word": "hello"}, actor=SYSTEM)
    embedded.run_until(lambda: Job.objects.filter(pk=job.pk, state=JobState.SUCCEEDED).exists())
    job.refresh_from_db()
    assert job.result == {"word": "hello"}
    assert [change.state for change in job.changes.order_by("pk")] == [
        "queued",
        "running",
        "succeeded",
    ]
