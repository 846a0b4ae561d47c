"""One opening of each file for both validation and technical metadata."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from muniment.formats.examination import Examination, ExaminationRequest
from muniment.formats.identification import Identification
from muniment.ingest.area import read_rows, write_rows
from muniment.ingest.step import StepContext
from muniment.runtime.findings import Finding, Severity

_PROGRESS_EVERY = 200


def examine_all(context: StepContext) -> None:
    """Write one examination for each file of the listing, in its order, unless it was done."""
    area = context.area
    if area.examination.exists():
        return
    examiner = context.tools.examiner()
    paths = (file.path for file in area.files())

    def rows() -> Iterator[dict[str, object]]:
        found = zip(paths, examiner.examine(_requests(context)), strict=True)
        for done, (path, examination) in enumerate(found, 1):
            context.report(_findings(path, examination))
            if done % _PROGRESS_EVERY == 0:
                context.progress(done, context.submission.file_count, "examining files")
            yield examination.as_json()

    write_rows(area.examination, rows())


def _requests(context: StepContext) -> Iterator[ExaminationRequest]:
    area = context.area
    identified = read_rows(area.identification, Identification.from_json)
    for file in area.files():
        known = next(identified, None)
        yield ExaminationRequest(
            path=area.package / file.path,
            original_name=file.original_name,
            size_bytes=file.size_bytes,
            puid=known.puid if known else "",
            mime_type=known.mime_type if known else "",
        )


def _findings(path: str, examination: Examination) -> Iterator[Finding]:
    """Give the findings with the path in the package; a file's fault only warns."""
    for finding in examination.findings:
        is_error = finding.severity is Severity.ERROR
        severity = Severity.WARNING if is_error else finding.severity
        yield replace(finding, path=path, severity=severity)
