"""Read the technical metadata of every file."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from muniment.formats.examination import Examination
from muniment.information.event_types import EventType
from muniment.ingest.area import read_rows
from muniment.ingest.examining import examine_all
from muniment.ingest.step import Step, StepContext, StepResult, ToolAgent


class Characterise(Step):
    """The properties were read when the files were validated, where that was done."""

    name = "characterise"
    title = _("Read technical metadata")
    about = _("Reads dimensions, duration, pages and other properties out of the files.")
    event_type = EventType.METADATA_EXTRACTION
    passed = _("Technical metadata was read.")
    failed = _("Technical metadata could not be read.")

    def run(self, context: StepContext) -> StepResult:
        """A file that nothing can be read from has no properties."""
        examine_all(context)
        with_properties = 0
        tools: set[ToolAgent] = set()
        for examination in read_rows(context.area.examination, Examination.from_json):
            if examination.properties:
                with_properties += 1
                tools.update(ToolAgent(each.name, each.version) for each in examination.tools)
        return StepResult(
            detail=f"{with_properties} files with technical metadata",
            agents=tuple(sorted(tools, key=lambda tool: (tool.name, tool.version))),
        )
