"""Durable work of the queue itself: removing what is old."""

from __future__ import annotations

from dataclasses import asdict

from muniment.runtime.clock import Clock
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import settings
from muniment.work.clearing import clear_all
from muniment.work.kinds import JobContext, job_kind
from muniment.work.pruning import Keep, prune
from muniment.work.schedules import Plan

DAILY_PRUNING = Plan("prune", "45 2 * * *", "prune")
"""Each night; whoever initialises an archive adds it."""


@job_kind("prune")
def prune_old(context: JobContext) -> dict[str, int]:
    """Remove what is older than the settings `keep_…_days` say, of jobs, events and all else."""
    clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
    done = asdict(prune(Keep.by(settings()), actor=context.actor, check=context.check))
    return done | clear_all(settings(), clock.now(), context.check)
