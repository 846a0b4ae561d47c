"""The durable job that runs a submission to its verdict."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, transaction

from muniment.ingest.area import WorkArea
from muniment.ingest.ending import end
from muniment.ingest.models import Submission
from muniment.ingest.runner import Surroundings, run_steps
from muniment.ingest.services.deposit_expiry import expire_deposits
from muniment.ingest.services.submissions import JOB_KIND
from muniment.ingest.tools import Tools
from muniment.ingest.types import SubmissionState
from muniment.runtime.actor import Actor, Role
from muniment.runtime.clock import Clock
from muniment.runtime.errors import DecisionNeeded, MunimentError, NoSpace, Outcome
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.work import outbox
from muniment.work.kinds import JobContext, job_kind
from muniment.work.schedules import Plan

_ATTEMPTS = 5
HOURLY_EXPIRY = Plan("deposits", "35 * * * *", "deposits")
"""Each hour; whoever initialises an archive adds it."""


# No hard limit: a package of many TB takes days; its steps limit the tools that they call.
@job_kind(JOB_KIND, max_attempts=_ATTEMPTS, hard_limit_s=0, takes_space=True)
def run_submission(context: JobContext) -> dict[str, Any]:
    """Run the submission of the job to its verdict.

    A package at fault is a result, not a failure of the job; system failures are raised, so that
    the job is retried or held.
    """
    submission = Submission.objects.get(submission_id=context.arguments["submission_id"])
    if SubmissionState(submission.state).is_ended:
        return _result(submission)
    submission.state = SubmissionState.RUNNING
    submission.held_reason = ""
    submission.save(update_fields=["state", "held_reason"])
    around = _surroundings(submission, context)
    try:
        verdict, reason = _run_to_verdict(submission, around)
        end(submission, verdict, reason, home=around.home, clock=around.clock)
    except MunimentError as exc:
        _wait(submission, exc, is_tried_again=exc.retried and context.attempt < _ATTEMPTS)
        raise
    except DatabaseError:
        raise  # the queue decides: locked or gone, nobody's fault in this package
    except Exception as exc:
        # Outermost frame: whatever it is, the person who waits is told, and the job is held.
        _wait(submission, exc, is_tried_again=False)
        raise
    return _result(submission)


def _run_to_verdict(submission: Submission, around: Surroundings) -> tuple[SubmissionState, str]:
    """Run the steps; a package at fault has a verdict and a reason, anything else is raised."""
    try:
        run_steps(submission, around)
    except NoSpace:
        if submission.version is None:
            # Its partial files fill the disk; all of them can be made again.
            WorkArea.of(around.home, str(submission.submission_id)).remove()
        raise
    except MunimentError as exc:
        if exc.outcome is not Outcome.CONTENT_FAILURE:
            raise
        return _bad_end(submission), str(exc)
    return _good_end(submission), ""


class _JobWatcher:
    def __init__(self, context: JobContext) -> None:
        self._context = context

    def progress(self, done: int, total: int | None, message: str) -> None:
        self._context.progress(done, total, "files", message)
        self._context.check()


def _surroundings(submission: Submission, context: JobContext) -> Surroundings:
    return Surroundings(
        home=adapter_of(ArchiveHome),
        clock=adapter_of(Clock),  # type: ignore[type-abstract]  # a port is a Protocol
        tools=adapter_of(Tools),
        watcher=_JobWatcher(context),
        actor=Actor(
            submission.owner,
            frozenset(map(Role, submission.owner_roles)),
            submission.owner_address,
        ),
    )


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


def _wait(submission: Submission, exc: Exception, *, is_tried_again: bool) -> None:
    """Tell why it waits, and whether somebody must act first."""
    submission.held_reason = str(exc) or type(exc).__name__
    submission.state = SubmissionState.QUEUED if is_tried_again else SubmissionState.HELD
    if isinstance(exc, DecisionNeeded):
        submission.decision = {"choices": list(exc.choices)}
    with transaction.atomic():
        submission.save(update_fields=["state", "held_reason", "decision"])
        if submission.state == SubmissionState.HELD:
            outbox.add("submission held", submission_id=str(submission.submission_id))


@job_kind("deposits")
def remove_old_deposits(context: JobContext) -> dict[str, int]:
    """Remove the bytes of deposits that nobody handed in (setting `deposit_days`)."""
    clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
    home = adapter_of(ArchiveHome)
    return expire_deposits(home=home, actor=context.actor, clock=clock, check=context.check)
