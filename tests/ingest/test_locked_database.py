"""A database that is locked: for a while it is waited for, for ever there is a clear answer."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import OperationalError

from muniment.catalogue.models import IntellectualEntity
from muniment.ingest.models import Submission
from muniment.ingest.types import SubmissionState
from muniment.runtime.actor import SYSTEM
from muniment.runtime.clock import Clock
from muniment.runtime.registry import provide
from muniment.work import services as work
from muniment.work.models import Job
from muniment.work.worker import Worker
from tests.eventually import eventually
from tests.ingest.at_step import ENDING, AtStep
from tests.ingest.open_archive import SHORT, OpenArchive
from tests.ingest.packages import a_bag
from tests.locked import impatient, locked
from tests.work.builders import QUICK

STEPS = [*(step["name"] for step in SHORT), ENDING]


def is_accepted_once(submission: Submission, archive: OpenArchive) -> bool:
    submission.refresh_from_db()
    entities = IntellectualEntity.objects.values_list("object_id", "head")
    return (submission.state, list(entities), len(list(archive.root.object_ids()))) == (
        SubmissionState.ACCEPTED,
        [(submission.object_id, 1)],
        1,
    )


@pytest.mark.parametrize("step", STEPS)
def test_a_lock_that_goes_is_waited_for(
    open_archive: OpenArchive, tmp_path: Path, step: str
) -> None:
    with ExitStack() as held:
        release = threading.Timer(0.2, held.close)

        def lock() -> None:
            held.enter_context(locked())
            release.start()

        provide(Clock, AtStep(step, lock))  # type: ignore[type-abstract]  # a port is a Protocol
        submission = open_archive.hand_in(a_bag(tmp_path / "bag"))
        release.join()
    assert is_accepted_once(submission, open_archive)
    assert Job.objects.get(pk=submission.job_id or 0).attempts == 1


@pytest.mark.parametrize("step", STEPS)
def test_a_lock_for_ever_ends_the_command_and_the_next_goes_on(
    open_archive: OpenArchive, tmp_path: Path, step: str
) -> None:
    with impatient(), ExitStack() as held:
        provide(Clock, AtStep(step, lambda: held.enter_context(locked())))  # type: ignore[type-abstract]  # a port is a Protocol
        submission = open_archive.submit(a_bag(tmp_path / "bag"))
        with pytest.raises(OperationalError, match="lock"):
            open_archive.finish(submission, QUICK)

    def has_ended() -> bool:
        Worker(times=QUICK).run_until_idle()
        job = Job.objects.get(pk=submission.job_id or 0)
        if job.state == "queued":
            work.retry(job.pk, actor=SYSTEM)
        return is_accepted_once(submission, open_archive)

    eventually(has_ended, within_s=20)
