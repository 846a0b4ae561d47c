"""Kinds of job that only tests run."""

from __future__ import annotations

from muniment.work.kinds import JobContext, job_kind


@job_kind("test-echo")
def echo(context: JobContext) -> object:
    """Return the arguments."""
    return dict(context.arguments)
