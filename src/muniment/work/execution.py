"""Running one claimed job to its settlement."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import DatabaseError, connection

from muniment.runtime.actor import SYSTEM, Actor
from muniment.runtime.deeds import Unit, unit_of_work
from muniment.runtime.failpoints import failpoint
from muniment.runtime.logs import log_fields
from muniment.runtime.metrics import ATTEMPTS
from muniment.runtime.tracing import span
from muniment.work import leases
from muniment.work.classification import settlement_of
from muniment.work.context import JobContext, ProgressListener
from muniment.work.heartbeat import Heartbeat
from muniment.work.interruptions import LeaseLost, TimeLimit
from muniment.work.kinds import JobKind, kind_named
from muniment.work.types import Claimed, JobState, Settlement, Times

log = logging.getLogger(__name__)

NEWER_WORKER_WAIT_S = 30.0
SETTLE_AGAIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a worker gives each of its jobs.

    `started` is told of each context, so that a signal can reach the job that runs. `abandon` ends
    the process after a job was cut: only a process that runs nothing else may do that.
    """

    heartbeat: Heartbeat
    listener: ProgressListener | None = None
    started: Callable[[JobContext | None], None] = lambda _: None
    abandon: Callable[[], None] = lambda: None


def execute(job: Claimed, around: Surroundings) -> JobState | None:
    """Run a job that was just claimed; return its new state, None when the lease was lost.

    KeyboardInterrupt and SystemExit give the job back, without counting the attempt, and go on.
    """
    lease = job.lease
    kind = kind_named(job.kind)
    if job.arguments_version > kind.version:
        return _give_to_newer_worker(job)
    context = JobContext(job, Actor(job.asked_by, SYSTEM.roles), around.listener)
    with (
        log_fields(job_id=lease.job_id, step=None, object_id=None),
        span("job", {"muniment.job_id": str(lease.job_id), "muniment.kind": job.kind}),
    ):
        return _execute(job, kind, context, around)


def _execute(
    job: Claimed, kind: JobKind, context: JobContext, around: Surroundings
) -> JobState | None:
    lease = job.lease
    around.started(context)
    try:
        settlement = _run(job, kind, context, around)
    except (KeyboardInterrupt, SystemExit):
        stopped = Settlement(JobState.QUEUED, note="the worker stopped", counts_as_attempt=False)
        leases.settle(lease, stopped, context.latest_progress)
        raise
    finally:
        around.started(None)
    if settlement is None or not _settle(context, settlement, around.heartbeat.times):
        log.warning("lease lost", extra={"kind": job.kind})
        return None
    _tell(job, settlement)
    return settlement.state


def _run(
    job: Claimed, kind: JobKind, context: JobContext, around: Surroundings
) -> Settlement | None:
    def cut() -> None:
        order = TimeLimit(f"it took longer than {kind.hard_limit_s:g} s and did not stop")
        leases.settle(context.lease, _after(order, job, kind), context.latest_progress)
        around.abandon()

    try:
        with around.heartbeat.beating_for(context, hard_limit_s=kind.hard_limit_s, cut=cut):
            failpoint("work.running")
            with unit_of_work(Unit(detail={"job": context.job_id, "kind": kind.name})):
                result = kind.handler(context)
    except LeaseLost:
        return None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as exc:  # noqa: BLE001  # the runner's outermost frame (STYLE §2.5)
        return _after(exc, job, kind)
    return Settlement(JobState.SUCCEEDED, result=result)


def _settle(context: JobContext, settlement: Settlement, times: Times) -> bool:
    """Settle; while the database does not answer, try again as long as the lease may be ours."""
    give_up_s = time.monotonic() + times.lease_s
    while True:
        try:
            return leases.settle(context.lease, settlement, context.latest_progress)
        except DatabaseError:
            connection.close()
            if time.monotonic() > give_up_s:
                raise
            log.warning("settling again", exc_info=True)
            time.sleep(SETTLE_AGAIN_S)


def _after(exc: BaseException, job: Claimed, kind: JobKind) -> Settlement:
    return settlement_of(
        exc, policy=kind.retry.value, attempts=job.lease.attempt, max_attempts=job.max_attempts
    )


def _give_to_newer_worker(job: Claimed) -> JobState:
    note = f"its arguments have version {job.arguments_version}: waits for a newer worker"
    settlement = Settlement(
        JobState.QUEUED, note=note, delay_s=NEWER_WORKER_WAIT_S, counts_as_attempt=False
    )
    leases.settle(job.lease, settlement)
    return JobState.QUEUED


def _tell(job: Claimed, settlement: Settlement) -> None:
    facts = {"kind": job.kind, "state": settlement.state.value}
    ATTEMPTS.add(type=job.kind, state=settlement.state.value, **{"class": settlement.error_class})
    if settlement.state is JobState.HELD:
        log.error("job held", extra=facts | {"error": settlement.error_text})
    elif settlement.error_text:
        log.warning("job did not succeed", extra=facts | {"error": settlement.error_text})
    else:
        log.info("job settled", extra=facts)
