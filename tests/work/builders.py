"""Builders of jobs, kinds and claims, with defaults."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Mapping
from datetime import timedelta

from django.db.models import F
from django.db.models.functions import Now

from muniment.runtime.actor import SYSTEM, Actor, Role, actor_with
from muniment.work.claiming import Wanted, claim
from muniment.work.execution import Surroundings, execute
from muniment.work.heartbeat import Heartbeat
from muniment.work.kinds import Handler, JobContext, job_kind
from muniment.work.models import Job
from muniment.work.retry import RetryPolicy
from muniment.work.services import enqueue
from muniment.work.types import Claimed, JobState, Times

ADA = actor_with("ada", Role.ARCHIVIST)
BOB = actor_with("bob", Role.DEPOSITOR)
QUICK = Times(
    lease_s=1.0, beat_s=0.1, watch_s=0.02, reap_s=0.05, idle_s=0.05, grace_s=0.2, worker_loss_s=0.01
)
ELSEWHERE = "other/boot/ns/1/1"
_numbers = itertools.count()


@job_kind("test-echo")
def echo(context: JobContext) -> object:
    """Return the arguments."""
    return dict(context.arguments)


def a_kind(
    handler: Handler,
    *,
    retry: RetryPolicy = RetryPolicy.LONG_REQUEST,
    max_attempts: int = 3,
    hard_limit_s: float = 0.0,
    takes_space: bool = False,
) -> str:
    """Register a kind of a name of its own; return the name."""
    name = f"test-{next(_numbers)}"
    job_kind(
        name,
        retry=retry,
        max_attempts=max_attempts,
        hard_limit_s=hard_limit_s,
        takes_space=takes_space,
    )(handler)
    return name


def raising(exc: BaseException) -> Handler:
    """Return a handler that raises."""

    def handler(context: JobContext) -> object:
        raise exc

    return handler


def a_job(
    kind: str = "test-echo",
    arguments: Mapping[str, object] | None = None,
    *,
    actor: Actor = SYSTEM,
    queue: str = "default",
    group: str = "",
    priority: int = 0,
) -> Job:
    """Queue a job."""
    return enqueue(kind, arguments or {}, actor=actor, queue=queue, group=group, priority=priority)


def a_claim(kind: str = "test-echo", *, owner: str = ELSEWHERE, lease_s: float = 60.0) -> Claimed:
    """Claim the next job of the kind, which must be there."""
    claimed = claim(owner, Wanted([kind]), lease_s=lease_s)
    assert claimed is not None
    return claimed


def a_running_job(kind: str = "test-echo", *, actor: Actor = SYSTEM) -> tuple[Job, Claimed]:
    """Queue a job and claim it."""
    job = a_job(kind, actor=actor)
    claimed = a_claim(kind)
    return fresh(job), claimed


def run_next(kind: str, *, times: Times = QUICK) -> JobState | None:
    """Claim the next job of the kind and run it to its settlement."""
    heartbeat = Heartbeat(times)
    try:
        return execute(a_claim(kind, lease_s=times.lease_s), Surroundings(heartbeat))
    finally:
        heartbeat.close()


def run_job(handler: Handler, *, max_attempts: int = 3, hard_limit_s: float = 0.0) -> Job:
    """Queue and run one job of this handler; return it as it was left."""
    kind = a_kind(handler, max_attempts=max_attempts, hard_limit_s=hard_limit_s)
    job = a_job(kind)
    run_next(kind)
    return fresh(job)


def fresh(job: Job) -> Job:
    """Read a job again."""
    return Job.objects.get(pk=job.pk)


def let_lease_run_out(job: Job) -> None:
    """Make the lease end in the past, as if the worker had been silent."""
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))


def make_due(job: Job) -> None:
    """Let the back-off of a queued job be over."""
    Job.objects.filter(pk=job.pk).update(run_after=F("created_at"))


def give_to_another_worker(job: Job) -> uuid.UUID:
    """Change the fencing token as a new claim would."""
    token = uuid.uuid4()
    Job.objects.filter(pk=job.pk).update(lease_token=token)
    return token


def states_of(job: Job) -> list[str]:
    """Return the states that a job went through."""
    return list(job.changes.order_by("pk").values_list("state", flat=True))
