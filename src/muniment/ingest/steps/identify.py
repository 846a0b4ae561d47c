"""Identify the format of every file by PRONOM signatures."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from muniment.formats.identification import Identification
from muniment.information.event_types import EventType
from muniment.ingest.area import write_rows
from muniment.ingest.step import Step, StepContext, StepResult, ToolAgent
from muniment.runtime.findings import Finding, code_table

_CODES = code_table("muniment.ingest")


class Identify(Step):
    """One line for each file of the listing, in its order."""

    name = "identify"
    title = _("Identify formats")
    about = _("Finds the format of every file by the PRONOM registry.")
    event_type = EventType.FORMAT_IDENTIFICATION
    passed = _("The format of every file was looked for.")
    failed = _("Formats could not be identified.")

    def run(self, context: StepContext) -> StepResult:
        """A file that cannot be identified is a warning on that file."""
        identifier = context.tools.identifier()
        unknown = 0

        def rows() -> Iterator[dict[str, object]]:
            nonlocal unknown
            files = (context.area.package / each.path for each in context.area.files())
            found = identifier.identify(files)
            names = (each.path for each in context.area.files())
            for done, (name, identification) in enumerate(zip(names, found, strict=True), 1):
                unknown += not identification.puid
                context.report(_findings(name, identification))
                if done % 500 == 0:
                    context.progress(done, context.submission.file_count, "identifying formats")
                yield identification.as_json()

        count = write_rows(context.area.identification, rows())
        tool, version = identifier.tool()
        return StepResult(
            detail=f"{count - unknown} of {count} files identified",
            outcome="warning" if unknown else "success",
            agents=(ToolAgent(tool, version),),
        )


def _findings(name: str, identification: Identification) -> Iterator[Finding]:
    if identification.error:
        yield _CODES.finding("identify-failed", path=name, reason=identification.error)
    if identification.extension_mismatch:
        yield _CODES.finding(
            "identify-extension-mismatch", path=name, puid=identification.puid or "unknown"
        )
    for warning in identification.warnings:
        yield _CODES.finding("identify-warning", path=name, warning=warning)
