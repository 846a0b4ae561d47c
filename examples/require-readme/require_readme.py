"""A step that another package brings: content without a README is refused.

Copy this folder to begin a step of your own; `docs/howto/add-a-step.md` walks through it.
"""

from __future__ import annotations

from dataclasses import dataclass

from muniment.information.event_types import EventType
from muniment.information.listing import read_listing
from muniment.ingest.step import Step, StepContext, StepResult, ToolAgent
from muniment.runtime.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class RequireReadmeParameters:
    """How the file must begin, without regard to case."""

    prefix: str = "readme"


class RequireReadme(Step):
    """Somewhere in the package there is a file whose name begins with `prefix`."""

    name = "require-readme"
    title = "Require a README"
    event_type = EventType.VALIDATION
    passed = "There is a README."
    failed = "There is no README."
    parameters = RequireReadmeParameters

    def run(self, context: StepContext) -> StepResult:
        """Raises InvalidPackage without one."""
        prefix = context.parameters.prefix.lower()
        files = read_listing(context.area.listing)
        if not any(file.path.rpartition("/")[2].lower().startswith(prefix) for file in files):
            context.report([_missing(prefix)])
            context.refuse_on_errors("the content does not explain itself")
        return StepResult(agents=(ToolAgent("muniment-require-readme", "1.0"),))


def _missing(prefix: str) -> Finding:
    return Finding(
        code="require-readme.missing",
        severity=Severity.ERROR,
        message=f"No file of the package is called {prefix}…; add one that says what this is.",
        parameter="prefix",
        expected=prefix,
    )
