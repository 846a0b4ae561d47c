"""Look for malware with ClamAV, where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from muniment.information.event_types import EventType
from muniment.ingest.adapters import find_scanner
from muniment.ingest.ports import MalwareScanner, ScanOutcome, ScanResult
from muniment.ingest.step import Step, StepContext, StepResult, ToolAgent
from muniment.runtime.errors import Misconfigured
from muniment.runtime.findings import Finding, code_table
from muniment.runtime.settings import settings

_CODES = code_table("muniment.ingest")
_CHOICES = ("skip", "hold", "never")


@dataclass(frozen=True, slots=True)
class ScanParameters:
    """What to do where no scanner is: `skip` visibly, `hold`; or `never` to scan at all."""

    without_scanner: str = field(default="skip", metadata={"choices": _CHOICES})

    def __post_init__(self) -> None:
        if self.without_scanner not in _CHOICES:
            raise ValueError(f"without_scanner is one of {', '.join(_CHOICES)}")


class Scan(Step):
    """Every file of the package is shown to the scanner; one infected file refuses the package."""

    name = "scan"
    title = _("Look for malware")
    about = _("Shows every file to the virus scanner, where there is one.")
    event_type = EventType.VIRUS_CHECK
    passed = _("No known malware was found.")
    failed = _("Malware was found.")
    skipped = _("Not scanned for malware.")
    parameters = ScanParameters

    def run(self, context: StepContext) -> StepResult:
        """Raises InvalidPackage for malware, Misconfigured for a scanner that cannot scan."""
        if context.parameters.without_scanner == "never":
            return _not_scanned(context, "the pipeline says so")
        scanner = find_scanner(settings())
        if scanner is None:
            if context.parameters.without_scanner == "hold":
                raise Misconfigured("no ClamAV here and the pipeline wants one; install it")
            return _not_scanned(context, "no scanner is installed")
        agent = ToolAgent(scanner.name, scanner.version())
        context.report(_findings(scanner, context))
        context.refuse_on_errors("malware was found")
        return StepResult(agents=(agent,))


def _not_scanned(context: StepContext, reason: str) -> StepResult:
    context.report([_CODES.finding("scan-not-done", reason=reason)])
    return StepResult(skipped=True, detail=reason)


def _findings(scanner: MalwareScanner, context: StepContext) -> Iterator[Finding]:
    package = context.area.package
    total = context.submission.file_count
    done = 0

    def progress(files: int) -> None:
        nonlocal done
        done += files
        context.progress(done, total, "looking for malware")

    files = (package / file.path for file in context.area.files())
    for result in scanner.scan(files, progress=progress):
        yield from _finding(result, package)


def _finding(result: ScanResult, package: Path) -> Iterator[Finding]:
    path = result.path.relative_to(package).as_posix()
    match result.outcome:
        case ScanOutcome.INFECTED:
            yield _CODES.finding("scan-infected", path=path, signature=result.detail)
        case ScanOutcome.UNREADABLE:
            yield _CODES.finding("scan-unreadable", path=path, reason=result.detail)
        case ScanOutcome.CLEAN:
            return
