"""What a step is: the contract of our own steps and of those that other packages bring (DESIGN §4).

A step returns a `StepResult` (done) or raises an error of `muniment.runtime.errors`, whose class
says whether the package, the system or nobody yet is at fault. Running it twice changes nothing: it
works in the submission's area and publishes each list by a rename. The runner writes its event,
also when `run` raises, so no step can forget its provenance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from muniment.information.event_types import EventType
from muniment.ingest.area import WorkArea
from muniment.ingest.finding_log import FindingLog
from muniment.ingest.models import StepRun, Submission
from muniment.ingest.tools import Tools
from muniment.runtime.actor import Actor
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, InvalidPackage
from muniment.runtime.findings import Finding
from muniment.runtime.home import ArchiveHome

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


Text: TypeAlias = "str | _StrPromise"
"""A text, or one that is translated when it is shown."""


@dataclass(frozen=True, slots=True)
class ToolAgent:
    """Software that did the work: becomes a PREMIS agent of the event."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class FurtherEvent:
    """What a step did besides its own event; the same time, software and outcome."""

    event_type: EventType
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """What a finished step tells the runner.

    `detail` goes into the event; `outcome` is `success`, `warning` or `failure`. A skipped step
    says so visibly and leaves its event with the outcome `skipped`. A step that had nothing to do
    for this package is no event.
    """

    detail: str = ""
    outcome: str = "success"
    skipped: bool = False
    is_event: bool = True
    agents: tuple[ToolAgent, ...] = ()
    further: tuple[FurtherEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class NoParameters:
    """A step that has none."""


@dataclass(slots=True)
class StepContext:
    """What a step may use. `progress(done, total, message)` also notices a cancellation."""

    submission: Submission
    area: WorkArea
    home: ArchiveHome
    actor: Actor
    clock: Clock
    log: FindingLog
    parameters: Any
    tools: Tools
    """The helper processes of this run, started early and shared by its steps."""
    progress: Callable[[int, int | None, str], None]
    runs: Sequence[StepRun] = ()
    """The step runs before this one, in order."""

    def report(self, findings: Iterable[Finding]) -> int:
        """Keep findings for the receipt; return how many of them are errors."""
        before = self.log.errors
        for finding in findings:
            self.log.add(finding)
        return self.log.errors - before

    def refuse_on_errors(self, what: str) -> None:
        """Raise InvalidPackage when an error was reported; `what` begins the sentence."""
        if self.log.errors:
            raise InvalidPackage(f"{what}: {self.log.first_error}", self.log.sample)


class Step:
    """Base of all steps; see the module's docstring for the contract."""

    name: ClassVar[str]
    title: ClassVar[Text]
    about: ClassVar[Text] = ""
    """What it does, in a line; what stands in `passed` where it has none."""
    event_type: ClassVar[EventType | None]
    """None: the step leaves no event of its own (it is told in the ledger or by another step)."""
    on_entity: ClassVar[bool] = False
    """Whether the event is linked to the entity, not to its representation."""
    passed: ClassVar[Text]
    failed: ClassVar[Text]
    skipped: ClassVar[Text] = ""
    parameters: ClassVar[type] = NoParameters
    in_dry_run: ClassVar[bool] = True

    def run(self, context: StepContext) -> StepResult:
        """Do the work; the module's docstring says how to end."""
        raise NotImplementedError(f"the step {self.name} does nothing")


def parse_parameters(step: type[Step], given: Mapping[str, object]) -> object:
    """Make the step's parameters of a pipeline's data; InvalidArgument names what is wrong."""
    known = {each.name: each for each in fields(step.parameters)}
    if unknown := sorted(set(given) - set(known)):
        raise InvalidArgument(
            f"the step {step.name} has no parameter {', '.join(unknown)}; "
            f"it has: {', '.join(sorted(known)) or 'none'}"
        )
    try:
        return step.parameters(**given)
    except (TypeError, ValueError) as exc:
        raise InvalidArgument(f"parameters of the step {step.name}: {exc}") from exc
