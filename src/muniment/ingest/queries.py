"""Reads of submissions, already filtered by what the actor may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import ijson
from django.db.models import Count, QuerySet

from muniment.catalogue.queries.statistics import Period
from muniment.ingest.ending import follow_jobs, receipt_file
from muniment.ingest.models import Submission
from muniment.ingest.types import SubmissionState
from muniment.runtime.actor import Actor, current_policy
from muniment.runtime.clock import Clock
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of

_OPEN = [state.value for state in SubmissionState if not state.is_verdict]


def all_have_verdicts(ids: Iterable[int]) -> bool:
    """Say whether none of these submissions is queued or running any more.

    One that waits for another attempt counts as answered: its reason is known, and the wait may be
    minutes long. It goes on with the next worker.
    """
    clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
    follow_jobs(home=adapter_of(ArchiveHome), clock=clock)
    open_ones = Submission.objects.filter(pk__in=list(ids), state__in=_OPEN)
    return not open_ones.exclude(state=SubmissionState.QUEUED, held_reason__gt="").exists()


def visible_submissions(actor: Actor) -> QuerySet[Submission]:
    """Return what the actor may see, newest first."""
    everything, policy = Submission.objects.order_by("-pk"), current_policy()
    if policy.sees_all(actor, "submission.read"):
        return everything
    mine = policy.sees_own(actor, "submission.read")
    return everything.filter(owner=actor.name) if mine else everything.none()


def counts_by_verdict(actor: Actor, *, since: datetime | None = None) -> dict[str, int]:
    """Return how many submissions are in each state, of those received since then. One query."""
    rows = visible_submissions(actor).order_by()
    if since is not None:
        rows = rows.filter(created_at__gte=since)
    return dict(rows.values_list("state").annotate(count=Count("pk")))


def failures_by_month(actor: Actor) -> list[tuple[str, str, int]]:
    """Return month, verdict and number of what was refused or failed, oldest first. One query."""
    states = [SubmissionState.REFUSED.value, SubmissionState.FAILED.value]
    rows = visible_submissions(actor).order_by().filter(state__in=states)
    months = rows.annotate(month=Period("created_at", 7)).values_list("month", "state")
    return sorted(months.annotate(count=Count("pk")))


def page_of_submissions(
    actor: Actor, *, states: Sequence[str] = (), before: int | None = None, limit: int = 50
) -> list[Submission]:
    """Return one page, newest first; `before` is the key of the last row of the page before."""
    rows = visible_submissions(actor)
    if states:
        rows = rows.filter(state__in=states)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:limit])


def receipt_of(submission: Submission) -> Path:
    """Return where the receipt of a submission lies (it is written when the submission ends)."""
    return receipt_file(adapter_of(ArchiveHome), submission)


def findings_in_receipt(
    submission: Submission, *, limit: int, after: int = 0
) -> list[dict[str, Any]]:
    """Return findings of an ended submission: `limit` of them, behind the first `after`."""
    return _in_receipt(submission, "findings", limit, after)


def files_in_receipt(submission: Submission, *, limit: int) -> list[dict[str, Any]]:
    """Return the first files of an ended submission, with their digests."""
    return _in_receipt(submission, "files", limit, 0)


def _in_receipt(submission: Submission, what: str, limit: int, after: int) -> list[dict[str, Any]]:
    file = receipt_of(submission)
    if not file.exists():
        return []
    with file.open("rb") as stream:
        found = ijson.items(stream, f"{what}.item", use_float=True)
        return list(islice(found, after, after + limit))
