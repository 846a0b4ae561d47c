"""The vocabulary of durable work (archive spec §5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class JobState(StrEnum):
    """Where a job is; steps, imports and harvests map onto these, there is no other queue."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    HELD = "held"
    CANCELLED = "cancelled"

    @property
    def is_ended(self) -> bool:
        """Say whether nothing happens any more unless somebody asks for it."""
        return self in {JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED}


class HeldReason(StrEnum):
    """Why a held job waits for a person."""

    ATTEMPTS_USED_UP = "attempts used up"
    WORKER_LOST = "worker lost"
    BUG = "bug"
    MISCONFIGURED = "misconfigured"
    INCIDENT = "incident"
    DECISION = "decision needed"
    PAUSED = "paused"


class Dimension(StrEnum):
    """What a limit counts: the running jobs of one queue, of one group, or of one kind."""

    QUEUE = "queue"
    GROUP = "group"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: `done` of `total` (None = not known) in `unit`s, and what it does now."""

    done: int = 0
    total: int | None = None
    unit: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one worker to run one job; every write of the worker carries the token."""

    job_id: int
    token: UUID
    owner: str
    attempt: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that this worker has just taken: what it needs to run it."""

    lease: Lease
    kind: str
    arguments: Mapping[str, Any]  # any JSON: the kind parses it
    arguments_version: int
    decision: Mapping[str, Any]  # {"choice", "by"} or empty
    max_attempts: int
    asked_by: str
    following: str = ""
    """Who else waits with a job as urgent, behind `asked_by` by name; "" when nobody does."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a worker leaves a job: the new state and what is kept of the run."""

    state: JobState
    note: str = ""
    held_reason: str = ""
    choices: tuple[str, ...] = ()
    result: object = None
    error_class: str = ""
    error_text: str = ""
    error_story: str = ""
    delay_s: float = 0.0
    run_after: datetime | None = None
    counts_as_attempt: bool = True


@dataclass(frozen=True, slots=True)
class Times:
    """The spans of the lease protocol, in seconds (execution spec §3.3); tests shorten them."""

    lease_s: float = 60.0
    beat_s: float = 15.0
    watch_s: float = 2.0
    """How often a running job looks whether it is cancelled and tells its progress."""
    reap_s: float = 15.0
    mend_s: float = 60.0
    """How often somebody looks whether the clock was set back."""
    idle_s: float = 1.0
    """Longest sleep of an idle worker between two looks at the queue."""
    grace_s: float = 30.0
    """How long a job may go on after SIGTERM, and after its hard time limit before it is cut."""
    last_call_s: float = 5.0
    """How long a job that was told to stop may take to its next `check`."""
    worker_loss_s: float = 5.0
    """First step of the back-off after a lost worker: min(2^attempt * this, 10 min)."""
