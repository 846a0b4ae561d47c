"""The durable job that runs a submission, and what a submission becomes when it ends."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.db import transaction

from muniment.ingest.area import WorkArea
from muniment.ingest.models import Submission
from muniment.ingest.receipts import write_receipt
from muniment.ingest.runner import Surroundings, run_steps
from muniment.ingest.services.submissions import JOB_KIND
from muniment.ingest.tools import Tools
from muniment.ingest.types import StepState, SubmissionState
from muniment.runtime.actor import SYSTEM, Actor
from muniment.runtime.clock import Clock
from muniment.runtime.errors import DecisionNeeded, MunimentError, Outcome
from muniment.runtime.failpoints import failpoint
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.work import outbox
from muniment.work.kinds import JobContext, job_kind


@job_kind(JOB_KIND, max_attempts=5)
def run_submission(context: JobContext) -> dict[str, Any]:
    """Run the submission of the job to its verdict.

    A package at fault is a result, not a failure of the job; system failures are raised, so that
    the job is retried or held.
    """
    submission = Submission.objects.get(submission_id=context.arguments["submission_id"])
    if SubmissionState(submission.state).is_ended:
        return _result(submission)
    around = Surroundings(
        home=adapter_of(ArchiveHome),
        clock=adapter_of(Clock),  # type: ignore[type-abstract]  # a port is a Protocol
        tools=adapter_of(Tools),
        watcher=_JobWatcher(context),
        actor=Actor(submission.owner, SYSTEM.roles, submission.owner_address),
    )
    _set_state(submission, SubmissionState.RUNNING)
    try:
        run_steps(submission, around)
    except MunimentError as exc:
        if exc.outcome is not Outcome.CONTENT_FAILURE:
            _hold(submission, exc)
            raise
        _end(submission, _bad_end(submission), str(exc), around)
    else:
        _end(submission, _good_end(submission), "", around)
    return _result(submission)


class _JobWatcher:
    def __init__(self, context: JobContext) -> None:
        self._context = context

    def progress(self, done: int, total: int | None, message: str) -> None:
        self._context.progress(done, total, "files", message)
        self._context.check()


def _good_end(submission: Submission) -> SubmissionState:
    return SubmissionState.WOULD_ACCEPT if submission.dry_run else SubmissionState.ACCEPTED


def _bad_end(submission: Submission) -> SubmissionState:
    return SubmissionState.WOULD_REFUSE if submission.dry_run else SubmissionState.REFUSED


def _result(submission: Submission) -> dict[str, Any]:
    return {
        "submission_id": str(submission.submission_id),
        "verdict": submission.state,
        "object_id": str(submission.object_id) if submission.object_id else None,
        "version": submission.version,
    }


def _set_state(submission: Submission, state: SubmissionState) -> None:
    submission.state = state
    submission.save(update_fields=["state"])


def _hold(submission: Submission, exc: MunimentError) -> None:
    """Tell why it waits; the job's own state says whether it is tried again."""
    submission.held_reason = str(exc)
    submission.state = SubmissionState.HELD
    if isinstance(exc, DecisionNeeded):
        submission.step_runs.filter(state=StepState.FAILED).update(state=StepState.WAITING)
        submission.decision = {"choices": list(exc.choices)}
    submission.save(update_fields=["state", "held_reason", "decision", "error_count"])


def _end(submission: Submission, state: SubmissionState, reason: str, around: Surroundings) -> None:
    area = WorkArea.of(around.home, str(submission.submission_id))
    submission.state = state
    submission.held_reason = reason
    submission.ended_at = around.clock.now()
    if state is SubmissionState.REFUSED:
        _quarantine(submission, area, around.home)
    write_receipt(receipt_file(around.home, submission), submission, area)
    failpoint("ingest.receipt-written")
    with transaction.atomic():
        submission.save()
        outbox.add(
            f"submission {state.value}",
            submission_id=str(submission.submission_id),
            object_id=str(submission.object_id or ""),
        )
    failpoint("ingest.ended")
    area.remove()


def _quarantine(submission: Submission, area: WorkArea, home: ArchiveHome) -> None:
    place = home.quarantine / str(submission.submission_id)
    place.mkdir(parents=True, exist_ok=True)
    write_receipt(place / "report.json", submission, area)
    if area.package.exists():
        shutil.rmtree(place / "package", ignore_errors=True)
        area.package.replace(place / "package")


def receipt_file(home: ArchiveHome, submission: Submission) -> Path:
    """Return where the receipt of a submission lies, by year."""
    year = f"{submission.created_at:%Y}"
    return home.receipts / year / f"{submission.submission_id}.json"
