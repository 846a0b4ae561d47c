"""The PREMIS events of a submission's steps, made from what the step runs recorded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from muniment.information.identifiers import event_id
from muniment.ingest.step import Step, StepResult, Text


@dataclass(frozen=True, slots=True)
class StepEvent:
    """What a step run keeps of its event, as JSON."""

    event_type: str
    at: str
    outcome: str
    detail: str
    note: str
    on_entity: bool
    agents: tuple[tuple[str, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the shape that is kept in `StepRun.event`."""
        return {
            "event_type": self.event_type,
            "at": self.at,
            "outcome": self.outcome,
            "detail": self.detail,
            "note": self.note,
            "on_entity": self.on_entity,
            "agents": [list(agent) for agent in self.agents],
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> StepEvent:
        """Read what `as_json` made."""
        agents = tuple((name, version) for name, version in document["agents"])
        return cls(**{**document, "agents": agents})


def event_of(step: type[Step], result: StepResult, *, at: datetime) -> dict[str, Any]:
    """Make the event of a step that ended without an error; {} where it left none."""
    note = step.skipped if result.skipped else step.passed
    outcome = "skipped" if result.skipped else result.outcome
    return _event(step, outcome, result.detail, note, at, result)


def failed_event_of(step: type[Step], reason: str, *, at: datetime) -> dict[str, Any]:
    """Make the event of a step that raised."""
    return _event(step, "failure", reason, step.failed, at, StepResult())


def _event(  # the six parts of an event
    step: type[Step], outcome: str, detail: str, note: Text, at: datetime, result: StepResult
) -> dict[str, Any]:
    if step.event_type is None or not result.is_event:
        return {}
    agents = tuple((agent.name, agent.version) for agent in result.agents)
    event = StepEvent(
        step.event_type.value, at.isoformat(), outcome, detail, str(note), step.on_entity, agents
    )
    further = [[each.event_type.value, each.detail] for each in result.further]
    return event.as_json() | ({"further": further} if further else {})


def recorded_events(runs: Iterable[Any]) -> Iterable[tuple[str, str, StepEvent]]:
    """Yield (step name, event identifier, event) of what the runs left."""
    for run in runs:
        if not run.event:
            continue
        scope = str(run.submission.submission_id)
        further = run.event.get("further", [])
        own = {name: value for name, value in run.event.items() if name != "further"}
        event = StepEvent.from_json(own)
        yield run.name, event_id(scope, run.name), event
        for kind, detail in further:
            also = replace(event, event_type=kind, detail=detail, note="")
            yield run.name, event_id(scope, f"{run.name} {kind}"), also
