"""Who sees submissions, deposits and pipelines."""

from __future__ import annotations

from typing import Any

from muniment.ingest.models import Deposit, DepositFile, Pipeline, StepRun, Submission
from muniment.ingest.queries import visible_submissions
from muniment.runtime.actor import Actor, current_policy, may
from muniment.work.visibility import show, show_with


def register() -> None:
    """Say it for every table of this package."""
    show(Submission, visible_submissions)
    show_with(StepRun, "submission", Submission)
    show(Deposit, _deposits)
    show_with(DepositFile, "deposit", Deposit)
    show(Pipeline, _pipelines)


def _deposits(actor: Actor) -> Any:  # noqa: ANN401  # a queryset
    action, policy = "submission.create", current_policy()
    if policy.sees_all(actor, action):
        return Deposit.objects.all()
    mine = Deposit.objects.filter(owner=actor.name)
    return mine if policy.sees_own(actor, action) else mine.none()


def _pipelines(actor: Actor) -> Any:  # noqa: ANN401  # likewise
    return Pipeline.objects.all() if may(actor, "pipeline.read") else Pipeline.objects.none()
