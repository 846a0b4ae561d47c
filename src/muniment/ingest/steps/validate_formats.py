"""Validate every file by the rules of its format."""

from __future__ import annotations

from collections import Counter

from django.utils.translation import gettext_lazy as _

from muniment.formats.examination import Examination
from muniment.information.event_types import EventType
from muniment.ingest.area import read_rows
from muniment.ingest.examining import examine_all
from muniment.ingest.step import Step, StepContext, StepResult, ToolAgent


class ValidateFormats(Step):
    """Each file is opened once: its validity is told here, its properties by `characterise`."""

    name = "validate_formats"
    title = _("Validate formats")
    about = _("Checks every file by the rules of its format, where there are any.")
    event_type = EventType.VALIDATION
    passed = _("Every file was checked by the rules of its format, where there are any.")
    failed = _("Formats could not be validated.")

    def run(self, context: StepContext) -> StepResult:
        """A file that is not valid is told; it does not refuse the package."""
        examine_all(context)
        verdicts: Counter[str] = Counter()
        tools: set[ToolAgent] = set()
        for examination in read_rows(context.area.examination, Examination.from_json):
            verdicts[examination.validity] += 1
            tools.update(ToolAgent(tool.name, tool.version) for tool in examination.tools)
        detail = ", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))
        is_bad = verdicts["invalid"] or verdicts["failed"]
        return StepResult(
            detail=detail,
            outcome="warning" if is_bad else "success",
            agents=tuple(sorted(tools, key=lambda tool: (tool.name, tool.version))),
        )
