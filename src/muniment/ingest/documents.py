"""Submissions and pipelines as JSON documents, for the API and the command line alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from muniment.ingest.models import Pipeline, StepRun, Submission

Document = dict[str, Any]  # Any: JSON of any shape


def submission(row: Submission) -> Document:
    """Return a submission without its steps and findings."""
    return {
        "number": row.pk,
        "submission_id": str(row.submission_id),
        "source_path": row.source_path,
        "verdict": row.state,
        "reason": row.held_reason or None,
        "choices": row.decision.get("choices") or [],
        "owner": row.owner,
        "pipeline": row.pipeline,
        "dry_run": row.dry_run,
        "object_id": str(row.object_id) if row.object_id else None,
        "version": row.version,
        "job": row.job_id,
        "file_count": row.file_count,
        "size_bytes": row.size_bytes,
        "error_count": row.error_count,
        "warning_count": row.warning_count,
        "received_at": row.created_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }


def step(row: StepRun) -> Document:
    """Return how far a step is."""
    return {
        "name": row.name,
        "state": row.state,
        "message": row.message,
        "attempts": row.attempts,
        "duration_s": row.duration_s,
    }


def pipeline(row: Pipeline) -> Document:
    """Return a pipeline."""
    return {
        "name": row.name,
        "title": row.title,
        "is_default": row.is_default,
        "steps": row.steps,
        "changed_at": row.changed_at.isoformat(),
        "changed_by": row.changed_by,
    }
