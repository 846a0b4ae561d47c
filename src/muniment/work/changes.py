"""The history of a job: one row for each change of state, in the transaction of the change."""

from __future__ import annotations

from muniment.work.models import JobChange
from muniment.work.types import JobState


def note_change(job_id: int, state: JobState, *, attempt: int, by: str, note: str = "") -> None:
    """Write that the job came into `state`; the caller's transaction holds the change itself."""
    JobChange.objects.create(job_id=job_id, state=state.value, attempt=attempt, by=by, note=note)
