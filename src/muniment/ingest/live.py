"""Submissions can be watched: by state, and how far their steps are."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Concat

from muniment.ingest.models import StepRun
from muniment.ingest.queries import visible_submissions
from muniment.runtime.actor import Actor
from muniment.work.live import Topic
from muniment.work.models import Job


def _identifiers(things: Collection[str]) -> Iterator[uuid.UUID]:
    for each in things:
        try:
            yield uuid.UUID(each)
        except ValueError:
            continue


def _states(things: Collection[str]) -> Mapping[str, str]:
    """Return the states of submissions and their steps, and the progress of their jobs."""
    progress = Job.objects.filter(pk=OuterRef("submission__job_id")).annotate(
        text=Concat("progress_done", "progress_message", output_field=CharField())
    )
    runs = StepRun.objects.filter(submission__submission_id__in=list(_identifiers(things)))
    rows = runs.order_by("submission_id", "position").values_list(
        "submission__submission_id",
        "submission__state",
        Subquery(progress.values("text")[:1]),
        "state",
        "attempts",
    )
    found: dict[str, str] = {}
    for identifier, state, done, step, attempts in rows:
        before = found.get(str(identifier), f"{state} {done}")
        found[str(identifier)] = f"{before} {step}{attempts}"
    return found


def _may_watch(actor: Actor, thing: str) -> bool:
    return visible_submissions(actor).filter(submission_id__in=list(_identifiers([thing]))).exists()


SUBMISSIONS = Topic("submission", _states, _may_watch)
