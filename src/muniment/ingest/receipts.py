"""The receipt: one JSON document that says what came, what was found and what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from muniment.information.listing import ListedFile
from muniment.ingest.area import WorkArea
from muniment.ingest.finding_log import read_findings
from muniment.ingest.models import StepRun, Submission
from muniment.runtime.durable import storage_errors, write_durably
from muniment.runtime.findings import Finding, Severity


def count_findings(submission: Submission, area: WorkArea) -> None:
    """Set the submission's counts to what its steps found, each at its last attempt."""
    found = Counter(each.severity for each in findings_of(_runs_of(submission), area))
    submission.error_count = found[Severity.ERROR]
    submission.warning_count = found[Severity.WARNING]


def _runs_of(submission: Submission) -> list[StepRun]:
    return list(submission.step_runs.order_by("position"))


def write_receipt(
    file: Path, submission: Submission, area: WorkArea, *, with_files: bool = True
) -> None:
    """Write the receipt of a submission as it stands, streaming its files and findings."""
    runs = _runs_of(submission)
    with storage_errors(str(file)):
        file.parent.mkdir(parents=True, exist_ok=True)
        with write_durably(file) as stream:
            _write_head(stream, _head(submission, area))
            _write_list(stream, "steps", map(_step, runs))
            _write_list(stream, "findings", (each.as_json() for each in findings_of(runs, area)))
            if with_files:
                _write_list(stream, "files", map(_file, _listed(area)))
            stream.write(b"\n}\n")


def _write_head(stream: BinaryIO, head: dict[str, Any]) -> None:
    stream.write(orjson.dumps(head, option=orjson.OPT_INDENT_2).rstrip(b"}").rstrip())


def _write_list(stream: BinaryIO, name: str, rows: Iterable[dict[str, Any]]) -> None:
    stream.write(b',\n  "' + name.encode() + b'": [')
    separator = b"\n    "
    for row in rows:
        stream.write(separator + orjson.dumps(row))
        separator = b",\n    "
    stream.write(b"]")


def _head(submission: Submission, area: WorkArea) -> dict[str, Any]:
    recognised = area.read_document("package")
    return {
        "submission_id": str(submission.submission_id),
        "source_path": submission.source_path,
        "verdict": submission.state,
        "reason": submission.held_reason,
        "object_id": str(submission.object_id) if submission.object_id else None,
        "version": submission.version,
        "owner": submission.owner,
        "pipeline": submission.pipeline,
        "dry_run": submission.dry_run,
        "received_at": submission.created_at.isoformat(),
        "ended_at": submission.ended_at.isoformat() if submission.ended_at else None,
        "form": submission.form,
        "package": recognised,
        "file_count": submission.file_count,
        "size_bytes": submission.size_bytes,
        "error_count": submission.error_count,
        "warning_count": submission.warning_count,
        "decision": submission.decision or None,
    }


def _step(run: StepRun) -> dict[str, Any]:
    return {
        "name": run.name,
        "state": run.state,
        "message": run.message,
        "attempts": run.attempts,
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "duration_s": run.duration_s,
        "agents": run.event.get("agents", []),
    }


def _file(file: ListedFile) -> dict[str, Any]:
    row = {"path": file.path, "size_bytes": file.size_bytes, "digests": dict(file.digests)}
    return row if file.original_name == file.path else {**row, "original_name": file.original_name}


def _listed(area: WorkArea) -> Iterator[ListedFile]:
    return area.files() if area.listing.exists() else iter(())


def findings_of(runs: Iterable[StepRun], area: WorkArea) -> Iterator[Finding]:
    """Yield the findings of all steps, in the order of the steps."""
    for run in runs:
        yield from read_findings(area, run.name)
