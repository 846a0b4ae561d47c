"""Submissions, pipelines and deposits as JSON documents, for the API and the command line alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from muniment.information.paths import decode_name

if TYPE_CHECKING:
    from muniment.ingest.models import Deposit, DepositFile, Pipeline, StepRun, Submission

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


def deposit(row: Deposit) -> Document:
    """Return a deposit; paths of the server are in no answer."""
    made = next((each for each in row.submissions.all() if not each.dry_run), None)
    metadata: dict[str, list[str]] = {}
    for term, value, _ in row.description:
        metadata.setdefault(term, []).append(value)
    return {
        "deposit_id": str(row.deposit_id),
        "kind": row.kind,
        "state": row.state,
        "title": row.title,
        "source": row.source,
        "recid": row.record_id,
        "metadata": metadata,
        "pipeline": row.pipeline,
        "object_id": row.requested_object,
        "file_count": row.file_count,
        "size_bytes": row.size_bytes,
        "upload_url": f"/api/v1/deposits/{row.deposit_id}/files",
        "submission_id": str(made.submission_id) if made else None,
        "error": row.error or None,
        "created_at": row.created_at.isoformat(),
        "expires_at": row.expires_at.isoformat(),
    }


def deposit_file(row: DepositFile, received_bytes: int) -> Document:
    """Return how much of a file has come."""
    address = quote(decode_name(row.name), safe="/")
    return {
        "path": row.name,
        "url": f"/api/v1/deposits/{row.deposit.deposit_id}/files/{address}",
        "size_bytes": row.size_bytes,
        "received_bytes": received_bytes,
        "is_complete": row.is_complete,
        "digests": {"sha256": row.sha256} if row.sha256 else dict(row.expected),
    }
