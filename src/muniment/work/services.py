"""The only place where people and other packages change jobs.

A job is named by its number. Who may not see a job is told that there is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from muniment.runtime.actor import Actor, may, require
from muniment.runtime.errors import InvalidArgument, ObjectMissing, WrongState
from muniment.runtime.failpoints import failpoint
from muniment.work import wakeup
from muniment.work.changes import Note, note_change
from muniment.work.kinds import kind_named
from muniment.work.models import Job
from muniment.work.types import HeldReason, JobState


def enqueue(  # noqa: PLR0913  # one keyword for each member of a job
    kind: str,
    arguments: Mapping[str, object],
    *,
    actor: Actor,
    queue: str = "default",
    group: str = "",
    priority: int = 0,
    run_after: datetime | None = None,
    idempotency_key: str = "",
    parent: Job | None = None,
) -> Job:
    """Queue a job, in the caller's transaction when there is one.

    With the same kind and `idempotency_key` the job that exists is returned, whatever its state.
    Asks the policy nothing: the service that queues has asked for its own action.
    Raises InvalidArgument for a kind that nobody registered.
    """
    registered = kind_named(kind)
    if idempotency_key:
        known = Job.objects.filter(kind=kind, idempotency_key=idempotency_key).first()
        if known is not None:
            return known
    values: dict[str, object] = {"run_after": run_after} if run_after else {}
    job = Job(
        kind=kind,
        arguments=dict(arguments),
        arguments_version=registered.version,
        max_attempts=registered.max_attempts,
        queue=queue,
        group=group,
        priority=priority,
        idempotency_key=idempotency_key,
        parent=parent,
        asked_by=actor.name,
        **values,
    )
    try:
        with transaction.atomic():
            job.save(force_insert=True)
            note_change(job.pk, Note(JobState.QUEUED, actor.name), attempt=0)
            wakeup.notify(queue)
            failpoint("work.enqueuing")
    except IntegrityError:
        if not idempotency_key:
            raise
        return Job.objects.get(kind=kind, idempotency_key=idempotency_key)
    return job


def cancel(job_id: int, *, actor: Actor) -> Job:
    """Cancel a job and its open children: at once when it waits, soon when it runs.

    Idempotent. Raises PermissionDenied, ObjectMissing, WrongState when it has ended otherwise.
    """
    with transaction.atomic():
        job = _changeable(job_id, actor)
        if job.state in {JobState.SUCCEEDED, JobState.FAILED}:
            raise WrongState(f"job {job.pk} has already {job.state}; there is nothing to cancel")
        for each in _with_open_children(job):
            _cancel_one(each, actor)
    job.refresh_from_db()
    return job


def _with_open_children(job: Job) -> list[Job]:
    found, level = [job], [job.pk]
    ended = [state.value for state in JobState if state.is_ended]
    while level:
        children = list(
            Job.objects.select_for_update().filter(parent_id__in=level).exclude(state__in=ended)
        )
        found += children
        level = [child.pk for child in children]
    return found


def _cancel_one(job: Job, actor: Actor) -> None:
    if job.state == JobState.CANCELLED:
        return
    if job.cancel_requested_at is None:
        Job.objects.filter(pk=job.pk).update(cancel_requested_at=Now())
    if job.state in {JobState.QUEUED, JobState.HELD}:
        _move(job, JobState.CANCELLED, actor, ended_at=Now(), held_reason="")


def retry(job_id: int, *, actor: Actor) -> Job:
    """Queue a failed, held or cancelled job again, with all its attempts.

    A job that waits for its next attempt has it now: whoever freed the disk need not wait.
    Raises PermissionDenied, ObjectMissing, WrongState.
    """
    with transaction.atomic():
        job = _changeable(job_id, actor)
        ended = {JobState.FAILED, JobState.HELD, JobState.CANCELLED}
        if job.state not in ended and not _waits_for_an_attempt(job):
            raise WrongState(f"job {job.pk} is {job.state}; only an ended or held job is retried")
        _move(job, JobState.QUEUED, actor, **_FRESH, note="retry", attempts=0)
    job.refresh_from_db()
    return job


def _waits_for_an_attempt(job: Job) -> bool:
    return job.state == JobState.QUEUED and job.attempts > 0


def release(job_id: int, *, actor: Actor, choice: str = "") -> Job:
    """Let a held job go on; where a decision was asked for, `choice` is one of its choices.

    The choice is kept with the job and in its history. Raises PermissionDenied, ObjectMissing,
    WrongState, InvalidArgument for a choice that was not offered.
    """
    with transaction.atomic():
        job = _changeable(job_id, actor)
        if job.state != JobState.HELD:
            raise WrongState(f"job {job.pk} is {job.state}, not held")
        if choice and choice not in job.choices:
            offered = ", ".join(job.choices) or "none"
            raise InvalidArgument(f"job {job.pk} does not offer {choice!r}; choices: {offered}")
        decision = {"choice": choice, "by": actor.name} if choice else job.decision
        note = f"released: {choice}" if choice else "released"
        _move(job, JobState.QUEUED, actor, **_FRESH, note=note, attempts=0, decision=decision)
    job.refresh_from_db()
    return job


def hold(job_id: int, *, actor: Actor, reason: str = "") -> Job:
    """Pause a queued job until it is released.

    Raises PermissionDenied, ObjectMissing, WrongState.
    """
    with transaction.atomic():
        job = _changeable(job_id, actor)
        if job.state != JobState.QUEUED:
            raise WrongState(f"job {job.pk} is {job.state}; only a queued job can be paused")
        _move(job, JobState.HELD, actor, note=reason, held_reason=HeldReason.PAUSED.value)
    job.refresh_from_db()
    return job


_FRESH: dict[str, object] = {
    "held_reason": "",
    "choices": [],
    "ended_at": None,
    "cancel_requested_at": None,
    "run_after": Now(),
}


def _changeable(job_id: int, actor: Actor) -> Job:
    job: Job | None = Job.objects.select_for_update().filter(pk=job_id).first()
    if job is None or not may(actor, "job.read", job):
        raise ObjectMissing(f"there is no job {job_id}")
    require(actor, "job.change", job)
    return job


def _move(job: Job, state: JobState, actor: Actor, *, note: str = "", **columns: object) -> None:
    """Change a job that no worker has; conditional, so that a claim in between is not undone."""
    moved = Job.objects.filter(pk=job.pk, state=job.state).update(state=state.value, **columns)
    if not moved:
        raise WrongState(f"job {job.pk} has just changed; look again")
    note_change(job.pk, Note(state, actor.name, note), attempt=job.attempts)
    if state is JobState.QUEUED:
        wakeup.notify(job.queue)
