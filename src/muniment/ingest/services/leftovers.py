"""Work areas that nobody needs: their submission ended before they were tidied away."""

from __future__ import annotations

from muniment.ingest.area import WorkArea
from muniment.ingest.models import Submission
from muniment.ingest.types import SubmissionState
from muniment.runtime.actor import Actor, require
from muniment.runtime.durable import storage_errors
from muniment.runtime.home import ArchiveHome


def remove_leftovers(*, home: ArchiveHome, actor: Actor) -> list[str]:
    """Remove the work areas of submissions that ended or were never kept; return their names.

    Raises PermissionDenied, StorageUnavailable. Twice in a row, it does nothing more.
    """
    left = leftovers(home=home, actor=actor)
    for name in left:
        WorkArea(home.work / "submissions" / name).remove()
    return left


def leftovers(*, home: ArchiveHome, actor: Actor) -> list[str]:
    """Return the names of those work areas; raises likewise."""
    require(actor, "storage.recover")
    folder = home.work / "submissions"
    if not folder.is_dir():
        return []
    open_ones = {
        str(submission_id)
        for submission_id in Submission.objects.exclude(
            state__in=[state.value for state in SubmissionState if state.is_ended]
        ).values_list("submission_id", flat=True)
    }
    with storage_errors(str(folder)):
        return sorted(area.name for area in folder.iterdir() if area.name not in open_ones)
