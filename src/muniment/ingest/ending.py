"""How a submission ends: verdict, receipt, quarantine, the work area gone."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.db import transaction

from muniment.catalogue.services import release_object
from muniment.information.identifiers import ObjectId
from muniment.ingest.area import WorkArea
from muniment.ingest.deposit_area import DepositArea
from muniment.ingest.models import Submission
from muniment.ingest.receipts import count_findings, write_receipt
from muniment.ingest.types import SubmissionState
from muniment.runtime.clock import Clock
from muniment.runtime.durable import storage_errors
from muniment.runtime.failpoints import failpoint
from muniment.runtime.home import ArchiveHome
from muniment.work import outbox
from muniment.work.models import Job
from muniment.work.types import JobState


def end(
    submission: Submission, state: SubmissionState, reason: str, *, home: ArchiveHome, clock: Clock
) -> None:
    """Keep the verdict. Running it again after a crash gives the same."""
    area = WorkArea.of(home, str(submission.submission_id))
    submission.state = state
    submission.held_reason = reason
    submission.ended_at = clock.now()
    count_findings(submission, area)
    if state is SubmissionState.REFUSED:
        _quarantine(submission, area, home)
    write_receipt(receipt_file(home, submission), submission, area)
    failpoint("ingest.receipt-written")
    with transaction.atomic():
        submission.save()
        _give_identifiers_back(submission)
        outbox.add(
            f"submission {state.value}",
            submission_id=str(submission.submission_id),
            object_id=str(submission.object_id or ""),
        )
    failpoint("ingest.ended")
    area.remove()
    if submission.deposit is not None and not submission.dry_run:
        DepositArea.of(home, submission.deposit.deposit_id).remove()


def _give_identifiers_back(submission: Submission) -> None:
    """Release what an object was to be known by that will not be made, unless another makes it."""
    if submission.object_id is None or submission.version is not None:
        return
    others = Submission.objects.filter(object_id=submission.object_id, ended_at=None)
    if not others.exists():
        release_object(ObjectId(str(submission.object_id)))


def _quarantine(submission: Submission, area: WorkArea, home: ArchiveHome) -> None:
    place = home.quarantine / str(submission.submission_id)
    with storage_errors(str(place)):
        place.mkdir(parents=True, exist_ok=True)
        if area.package.exists():
            shutil.rmtree(place / "package", ignore_errors=True)
            area.package.replace(place / "package")
    submission.in_quarantine = True
    failpoint("ingest.quarantined")
    write_receipt(place / "report.json", submission, area)


def receipt_file(home: ArchiveHome, submission: Submission) -> Path:
    """Return where the receipt of a submission lies, by year."""
    year = f"{submission.created_at:%Y}"
    return home.receipts / year / f"{submission.submission_id}.json"


def follow_jobs(*, home: ArchiveHome, clock: Clock) -> None:
    """Give submissions the state of jobs that ended without them.

    The queue holds a job that killed its workers and cancels one that waited; neither runs the
    job's own code, so the submission would stay open.
    """
    for state in (JobState.CANCELLED, JobState.HELD, JobState.FAILED):
        jobs = Job.objects.filter(state=state.value)
        open_states = [SubmissionState.QUEUED, SubmissionState.RUNNING]
        if state is JobState.CANCELLED:
            open_states.append(SubmissionState.HELD)
        waiting = Submission.objects.filter(state__in=open_states, job_id__in=jobs.values("pk"))
        for submission in waiting:
            reason = jobs.get(pk=submission.job_id or 0).error_text
            if state is JobState.CANCELLED:
                end(submission, SubmissionState.CANCELLED, reason, home=home, clock=clock)
                continue
            submission.state = SubmissionState.HELD
            submission.held_reason = reason or "its job is held"
            with transaction.atomic():
                submission.save(update_fields=["state", "held_reason"])
                outbox.add("submission held", submission_id=str(submission.submission_id))
