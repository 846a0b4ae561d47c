"""Submissions: handed in, decided, cancelled, sent again."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction

from muniment.information.identifiers import new_object_id
from muniment.information.paths import encode_name
from muniment.ingest.deposit_area import PREFIX
from muniment.ingest.models import Deposit, StepRun, Submission
from muniment.ingest.services.pipelines import pipeline_named
from muniment.ingest.types import Decision, StepState, SubmissionState
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, ObjectMissing, WrongState
from muniment.work import outbox
from muniment.work import services as work

JOB_KIND = "submission"


@dataclass(frozen=True, slots=True)
class SubmissionRequest:
    """What a producer hands in: a path on this machine, and how it is to be treated.

    Of a deposit, the source is in its area, and `name` what the package is called.
    """

    source: Path
    pipeline: str | None = None
    object_id: str = ""
    dry_run: bool = False
    fingerprint: str = ""
    deposit: Deposit | None = None
    name: str = ""

    @property
    def source_path(self) -> str:
        """Return what the submission is known to come from: no path of ours for a deposit."""
        if self.deposit is not None:
            return f"{PREFIX}{self.deposit.deposit_id}/{self.name}"
        return encode_name(os.fsencode(self.source.absolute()))


def submit(request: SubmissionRequest, *, actor: Actor, clock: Clock) -> Submission:
    """Take a package in and queue its run; the bytes are not touched yet.

    Idempotent for an entry of a watched folder (its fingerprint): the first submission is returned.
    Raises PermissionDenied, InvalidArgument when nothing is there, ObjectMissing for the pipeline.
    """
    require(actor, "submission.create")
    if not request.source.exists() and not request.source.is_symlink():
        raise InvalidArgument(f"{request.source_path}: there is no such file or folder")
    pipeline = pipeline_named(request.pipeline)
    try:
        with transaction.atomic():
            submission = _insert(request, pipeline.name, pipeline.steps, actor, clock)
            _queue(submission, actor)
    except IntegrityError:
        if not request.fingerprint:
            raise
        return Submission.objects.get(fingerprint=request.fingerprint)
    return submission


def _insert(
    request: SubmissionRequest, pipeline: str, steps: object, actor: Actor, clock: Clock
) -> Submission:
    submission = Submission.objects.create(
        submission_id=new_object_id(),
        source_path=request.source_path,
        deposit=request.deposit,
        owner=actor.name,
        owner_roles=sorted(actor.roles),
        owner_address=actor.address,
        pipeline=pipeline,
        steps=steps,
        dry_run=request.dry_run,
        requested_object=request.object_id,
        state=SubmissionState.QUEUED,
        fingerprint=request.fingerprint,
        created_at=clock.now(),
    )
    StepRun.objects.bulk_create(
        StepRun(submission=submission, position=position, name=step["name"])
        for position, step in enumerate(submission.steps)
    )
    return submission


def _queue(submission: Submission, actor: Actor) -> None:
    job = work.enqueue(
        JOB_KIND,
        {"submission_id": str(submission.submission_id)},
        actor=actor,
        idempotency_key=f"submission:{submission.submission_id}",
    )
    submission.job_id = job.pk
    submission.save(update_fields=["job_id"])
    outbox.add("submission received", submission_id=str(submission.submission_id))


def submission_of(submission_id: str, *, actor: Actor) -> Submission:
    """Return a submission that the actor may see; ObjectMissing otherwise."""
    try:
        wanted = uuid.UUID(submission_id)
    except ValueError as exc:
        raise InvalidArgument(f"{submission_id!r} is no submission identifier") from exc
    submission = Submission.objects.filter(submission_id=wanted).first()
    if submission is None:
        raise ObjectMissing(f"there is no submission {submission_id}")
    require(actor, "submission.read", submission)
    return submission


def decide(submission: Submission, choice: Decision, *, actor: Actor, clock: Clock) -> Submission:
    """Answer the question of a waiting submission and let its run go on; the choice is audited.

    Raises PermissionDenied, WrongState when nothing is asked.
    """
    require(actor, "submission.decide", submission)
    if submission.state != SubmissionState.HELD:
        raise WrongState(f"submission {submission.submission_id} waits for no decision")
    with transaction.atomic():
        submission.decision = {
            "choice": choice.value,
            "by": actor.name,
            "at": clock.now().isoformat(),
        }
        submission.state = SubmissionState.QUEUED
        submission.held_reason = ""
        submission.save(update_fields=["decision", "state", "held_reason"])
        submission.step_runs.filter(state=StepState.WAITING).update(state=StepState.READY)
        outbox.add(
            "submission decided",
            submission_id=str(submission.submission_id),
            choice=choice.value,
            by=actor.name,
        )
        work.release(submission.job_id or 0, actor=actor)
    return submission
