"""The quarantine: refused packages wait here, with their reports, until somebody removes them."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.db.models import QuerySet

from muniment.ingest.models import Submission
from muniment.ingest.queries import visible_submissions
from muniment.ingest.services.submissions import submission_of
from muniment.runtime.actor import Actor, require
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import ObjectMissing
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.work import outbox


def quarantined(*, actor: Actor) -> list[Submission]:
    """Return the refused submissions that the actor may see and whose package is still here."""
    return list(quarantined_rows(actor))


def quarantined_rows(actor: Actor) -> QuerySet[Submission]:
    """Return the same as rows, newest first."""
    return visible_submissions(actor).filter(in_quarantine=True)


def quarantined_one(submission_id: str, *, actor: Actor) -> tuple[Submission, Path]:
    """Return a refused submission and the folder of its report and package."""
    submission = submission_of(submission_id, actor=actor)
    place = _place(submission)
    if not place.is_dir():
        raise ObjectMissing(f"nothing of submission {submission_id} is in quarantine")
    return submission, place


def remove(submission: Submission, *, actor: Actor) -> None:
    """Delete the package and its report; the receipt stays. Idempotent."""
    require(actor, "submission.decide", submission)
    place = _place(submission)
    with storage_errors(str(place)):
        if place.is_dir():
            shutil.rmtree(place)
    Submission.objects.filter(pk=submission.pk).update(in_quarantine=False)
    outbox.add("quarantine removed", submission_id=str(submission.submission_id), by=actor.name)


def _place(submission: Submission) -> Path:
    return adapter_of(ArchiveHome).quarantine / str(submission.submission_id)
