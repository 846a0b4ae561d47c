from __future__ import annotations

import pytest

from muniment.work import embedded, outbox
from muniment.work.kinds import JobContext
from muniment.work.models import Delivery, Job
from muniment.work.types import JobState
from tests.work.builders import QUICK, a_job, a_kind, fresh, raising, states_of

pytestmark = pytest.mark.django_db(transaction=True, available_apps=["muniment.work"])


def _is_done(job: Job) -> bool:
    return JobState(fresh(job).state).is_ended


def test_a_command_runs_the_jobs_that_it_waits_for() -> None:
    job = a_job(arguments={"word": "hello"})
    embedded.run_until(lambda: _is_done(job))
    assert fresh(job).result == {"word": "hello"}
    assert states_of(job) == ["queued", "running", "succeeded"]


def test_a_command_delivers_all_events_before_it_ends() -> None:
    heard: list[str] = []
    outbox.subscribe("test", ["thing done"], lambda event: heard.append(event.entity))

    def handler(context: JobContext) -> None:
        outbox.add("thing done", entity="x")

    job = a_job(a_kind(handler))
    embedded.run_until(lambda: _is_done(job))
    assert heard == ["x"]
    assert not Delivery.objects.exists()


def test_the_progress_of_the_job_reaches_the_command() -> None:
    shown: list[tuple[int, int | None, str]] = []

    def handler(context: JobContext) -> None:
        context.progress(3, 9, "files", "a.txt")

    job = a_job(a_kind(handler))
    embedded.run_until(
        lambda: _is_done(job), progress=lambda *facts: shown.append(facts), times=QUICK
    )
    assert shown == [(3, 9, "a.txt")]


def test_ctrl_c_gives_the_job_back_and_the_next_command_goes_on() -> None:
    kind = a_kind(raising(KeyboardInterrupt()))
    job = a_job(kind)
    with pytest.raises(KeyboardInterrupt):
        embedded.run_until(lambda: _is_done(job))
    left = fresh(job)
    assert (left.state, left.attempts, left.lease_token) == ("queued", 0, None)
    assert states_of(job) == ["queued", "running", "queued"]
