"""What becomes of a job whose run raised (STYLE §2.5): the one place that decides it."""

from __future__ import annotations

import traceback
from dataclasses import replace

from django.db import InterfaceError, OperationalError

from muniment.runtime.errors import DecisionNeeded, Misconfigured, MunimentError, Outcome
from muniment.work.interruptions import (
    Cancelled,
    Interrupted,
    Rescheduled,
    Stopping,
    TimeLimit,
)
from muniment.work.retry import Policy
from muniment.work.types import HeldReason, JobState, Settlement

_LONGEST_STORY = 20_000


def settlement_of(
    exc: BaseException, *, policy: Policy, attempts: int, max_attempts: int
) -> Settlement:
    """Return how the job is left after `exc`.

    The package at fault: failed. We or a partner at fault: tried again with back-off, then held.
    A decision, damage, a wrong setting, a bug: held at once. An order to stop: back to the queue or
    cancelled.
    """
    match exc:
        case Interrupted() if not isinstance(exc, TimeLimit):
            found = _after_order(exc)
        case DecisionNeeded():
            found = _held(exc, HeldReason.DECISION, exc.choices)
        case _ if _is_tried_again(exc):
            found = _try_again(exc, policy, attempts, max_attempts)
        case MunimentError(outcome=Outcome.CONTENT_FAILURE):
            found = _told(Settlement(JobState.FAILED), exc)
        case MunimentError(outcome=Outcome.INCIDENT):
            found = _held(exc, HeldReason.INCIDENT)
        case Misconfigured():
            found = _held(exc, HeldReason.MISCONFIGURED)
        case _:
            found = _held(exc, HeldReason.BUG)
    return found


def _is_tried_again(exc: BaseException) -> bool:
    # A database that is locked or gone is nobody's fault in this job.
    if isinstance(exc, (TimeLimit, OperationalError, InterfaceError)):
        return True
    return isinstance(exc, MunimentError) and exc.retried


def _after_order(exc: Interrupted) -> Settlement:
    if isinstance(exc, Cancelled):
        return Settlement(JobState.CANCELLED, note="cancelled")
    if isinstance(exc, Rescheduled):
        return Settlement(
            JobState.QUEUED,
            note=exc.reason or "waits",
            delay_s=exc.delay_s,
            run_after=exc.at,
            counts_as_attempt=False,
        )
    note = "the worker stopped" if isinstance(exc, Stopping) else str(exc)
    return Settlement(JobState.QUEUED, note=note, counts_as_attempt=False)


def _try_again(exc: BaseException, policy: Policy, attempts: int, max_attempts: int) -> Settlement:
    """Queue with back-off, or hold when the tries are used up.

    A partner's own wish (`retry_after_s`) wins over the policy; an error that says
    `counts_as_attempt = False` (an open breaker) uses up no try.
    """
    counts = bool(getattr(exc, "counts_as_attempt", True))
    if counts and policy.is_used_up(attempts, max_attempts):
        return _held(exc, HeldReason.ATTEMPTS_USED_UP)
    wished = getattr(exc, "retry_after_s", None)
    delay_s = policy.delay_s(attempts) if wished is None else float(wished)
    return _told(Settlement(JobState.QUEUED, delay_s=delay_s, counts_as_attempt=counts), exc)


def _held(exc: BaseException, reason: HeldReason, choices: tuple[str, ...] = ()) -> Settlement:
    return _told(Settlement(JobState.HELD, held_reason=reason.value, choices=choices), exc)


def _told(settlement: Settlement, exc: BaseException) -> Settlement:
    """Add the error: its class and text for the person, its story for the developer."""
    text = str(exc) or type(exc).__name__
    story = "".join(traceback.format_exception(exc))[-_LONGEST_STORY:]
    return replace(
        settlement,
        note=text,
        error_class=getattr(exc, "code", "") or type(exc).__qualname__,
        error_text=text,
        error_story=story,
    )
