"""Runs the steps of one submission, from the first that is not done (DESIGN §4).

One durable job runs a whole submission; what is done stands in the step runs, so the job that is
started again after a crash goes on where the last one was cut off.
"""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import Any, Protocol, assert_never

from django.db import transaction

from muniment.ingest.area import WorkArea
from muniment.ingest.catalogue_of_steps import step_class
from muniment.ingest.events import event_of, failed_event_of
from muniment.ingest.finding_log import FindingLog
from muniment.ingest.models import StepRun, Submission
from muniment.ingest.step import Step, StepContext, StepResult, parse_parameters
from muniment.ingest.tools import Tools
from muniment.ingest.types import StepState
from muniment.runtime.actor import Actor
from muniment.runtime.clock import Clock
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import (
    Damaged,
    InvalidPackage,
    Locked,
    MunimentError,
    Outcome,
    VersionConflict,
)
from muniment.runtime.failpoints import failpoint
from muniment.runtime.home import ArchiveHome
from muniment.runtime.logs import log_fields
from muniment.runtime.metrics import STEP_DURATION, STEPS
from muniment.runtime.tracing import span
from muniment.work.owner import this_process

log = logging.getLogger(__name__)
_MOST_VERSION_CONFLICTS = 20
_LEAVES_FILES = frozenset({StepState.DONE, StepState.SKIPPED, StepState.FAILED})


class Watcher(Protocol):
    """Is told how far a run is, and raises when it must stop (cancelled, lease lost, shutdown)."""

    def progress(self, done: int, total: int | None, message: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run needs from outside."""

    home: ArchiveHome
    clock: Clock
    tools: Tools
    watcher: Watcher
    actor: Actor


def run_steps(submission: Submission, around: Surroundings) -> None:
    """Run every step that is not done; raises what a step raises.

    A version conflict goes back to `describe` on the new head, damage before the sealing to the
    beginning. Work files that are not as they were recorded (cleared for a full disk, or of a
    machine that has gone down since) are made again; the version that was sealed from them stays.
    """
    area = WorkArea.of(around.home, str(submission.submission_id))
    area.make(boot=this_process().boot)
    runs = list(submission.step_runs.order_by("position"))
    for run in runs:
        run.submission = submission  # one instance: steps tell it what they learn
    if submission.version is None:
        _distrust_lost_outputs(runs, area)
    _stay_refused(runs)
    conflicts = 0
    position = 0
    while position < len(runs):
        run = runs[position]
        if run.state in {StepState.DONE, StepState.SKIPPED}:
            position += 1
            continue
        try:
            with (
                log_fields(step=run.name, object_id=_object_of(submission)),
                span(f"step {run.name}", {"muniment.submission": str(submission.submission_id)}),
                STEP_DURATION.timed(type=run.name),
            ):
                _run_one(run, runs[:position], area, around)
        except VersionConflict as exc:
            conflicts += 1
            if conflicts > _MOST_VERSION_CONFLICTS:
                raise Locked("others keep making versions of this object; tried again") from exc
            position = _go_back(runs, "describe")
        except Damaged:
            # What was sealed stays sealed: describing it again would make a second version of it.
            if submission.version is None:
                _go_back(runs, "receive")
            raise


def _object_of(submission: Submission) -> str | None:
    """Return the object that is known by now: the earliest steps run before it is reserved."""
    return str(submission.object_id) if submission.object_id else None


def _stay_refused(runs: list[StepRun]) -> None:
    """Raise again what refused the package, when the process ended before the verdict was kept."""
    for run in runs:
        if run.state == StepState.FAILED:
            raise InvalidPackage(run.message)


def _go_back(runs: list[StepRun], name: str) -> int:
    position = next(index for index, run in enumerate(runs) if run.name == name)
    for run in runs[position:]:
        run.state = StepState.READY
        run.save(update_fields=["state"])
    return position


def _distrust_lost_outputs(runs: list[StepRun], area: WorkArea) -> None:
    """Go back to the step whose files are lost.

    From the start where that step refused the package: what it saw is in quarantine by now.
    """
    for run in runs:
        if run.state in _LEAVES_FILES and run.outputs != _digests_of(run, area):
            _go_back(runs, runs[0].name if run.state == StepState.FAILED else run.name)
            return


def _digests_of(run: StepRun, area: WorkArea) -> dict[str, str]:
    digests = {}
    for name in run.outputs:
        file = area.path / name
        if file.is_file():
            with file.open("rb") as stream:
                digests[name] = hashlib.file_digest(stream, "sha256").hexdigest()
    return digests


def _run_one(run: StepRun, before: list[StepRun], area: WorkArea, around: Surroundings) -> None:
    step = step_class(run.name)
    if run.submission.dry_run and not step.in_dry_run:
        run.state = StepState.SKIPPED
        run.message = "Not done in a dry run."
        run.save(update_fields=["state", "message"])
        return
    _begin(run, around.clock)
    started_s = around.clock.monotonic_s()
    known = _files_in(area)
    try:
        with storage_errors(f"the work area {area.path}"), FindingLog(area, run.name) as log:
            result = step().run(_context(run, before, area, around, log))
    except MunimentError as exc:
        _record_failure(run, step, exc, area, around.clock)
        STEPS.add(type=run.name, state="retried" if run.state == StepState.READY else run.state)
        raise
    run.duration_s = around.clock.monotonic_s() - started_s
    failpoint("ingest.step-ran")
    _finish(run, step, result, area, known, around.clock)
    STEPS.add(type=run.name, state=run.state)
    failpoint("ingest.step-recorded")


def _context(
    run: StepRun, before: list[StepRun], area: WorkArea, around: Surroundings, log: FindingLog
) -> StepContext:
    parameters = run.submission.steps[run.position].get("parameters") or {}
    return StepContext(
        submission=run.submission,
        area=area,
        home=around.home,
        actor=around.actor,
        clock=around.clock,
        log=log,
        parameters=parse_parameters(step_class(run.name), parameters),
        tools=around.tools,
        progress=around.watcher.progress,
        runs=before,
    )


def _begin(run: StepRun, clock: Clock) -> None:
    run.state = StepState.RUNNING
    run.attempts += 1
    run.started_at = clock.now()
    run.save(update_fields=["state", "attempts", "started_at"])


def _record_failure(
    run: StepRun, step: type[Step], exc: MunimentError, area: WorkArea, clock: Clock
) -> None:
    run.state = _state_after(exc)
    run.message = str(exc)
    run.ended_at = clock.now()
    run.event = failed_event_of(step, str(exc), at=run.ended_at)
    run.outputs = {f"findings/{run.name}.jsonl": ""}
    run.outputs = _digests_of(run, area)
    run.save(update_fields=["state", "message", "ended_at", "event", "outputs"])


def _state_after(exc: MunimentError) -> StepState:
    match exc.outcome:
        case Outcome.CONTENT_FAILURE:
            return StepState.FAILED
        case Outcome.DECISION_NEEDED:
            return StepState.WAITING
        case Outcome.SYSTEM_FAILURE | Outcome.INCIDENT:
            return StepState.READY
        case _:
            assert_never(exc.outcome)


def _finish(  # the run, what it made and when
    run: StepRun,
    step: type[Step],
    result: StepResult,
    area: WorkArea,
    known: dict[str, int],
    clock: Clock,
) -> None:
    run.state = StepState.SKIPPED if result.skipped else StepState.DONE
    log.info("step ended", extra={"state": run.state, "duration_s": run.duration_s})
    run.message = str(step.skipped if result.skipped else result.detail or step.passed)
    run.ended_at = clock.now()
    run.event = event_of(step, result, at=run.ended_at)
    run.outputs = dict.fromkeys(
        name for name, changed in _files_in(area).items() if known.get(name) != changed
    )
    run.outputs = _digests_of(run, area)
    with transaction.atomic():
        run.save()
        run.submission.save()


def _files_in(area: WorkArea) -> dict[str, Any]:
    return {
        str(file.relative_to(area.path)): (file.stat().st_mtime_ns, file.stat().st_ino)
        for folder in (area.path, area.findings)
        for file in folder.iterdir()
        if file.is_file() and not file.name.startswith(".")
    }
