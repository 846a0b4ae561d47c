"""Durable work of the queue itself: removing what is old."""

from __future__ import annotations

from dataclasses import asdict

from muniment.runtime.settings import settings
from muniment.work.kinds import JobContext, job_kind
from muniment.work.pruning import Keep, prune
from muniment.work.schedules import Plan

DAILY_PRUNING = Plan("prune", "45 2 * * *", "prune")
"""Each night; whoever initialises an archive adds it."""


@job_kind("prune")
def prune_old(context: JobContext) -> dict[str, int]:
    """Remove what is older than the settings `keep_jobs_days` and `keep_events_days` say."""
    return asdict(prune(Keep.by(settings()), actor=context.actor, check=context.check))
