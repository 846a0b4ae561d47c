"""The report of an ingest that travels in the package: steps and findings up to the description."""

from __future__ import annotations

from muniment.information.aip import SubmissionFile
from muniment.information.aip.received import report_path
from muniment.ingest.layout import place_of
from muniment.ingest.package_facts import PackageFacts
from muniment.ingest.receipts import count_findings, write_receipt
from muniment.ingest.step import StepContext
from muniment.runtime.digests import digest_stream


def write_report(context: StepContext, facts: PackageFacts) -> SubmissionFile:
    """Write `report.json` into the work area and return it as a file of `submission/`.

    The producer may have sent a file of that name: then ours has another. Raises InvalidPackage.
    """
    file = context.area.path / "report.json"
    count_findings(context.submission, context.area)
    write_receipt(file, context.submission, context.area, with_files=False)
    with file.open("rb") as stream:
        digests = digest_stream(stream, ("sha256", "sha512"))
    places = (place_of(each, facts.layout, facts.top) for each in context.area.files())
    return SubmissionFile(
        path=report_path(place.path for place in places if place.representation is None),
        size_bytes=digests.size_bytes,
        digests=digests.by_algorithm,
        mime_type="application/json",
    )
