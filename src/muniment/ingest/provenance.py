"""The PREMIS events and agents of one submission, as the version will carry them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from muniment.information.aip import VersionReason, VersionStory
from muniment.information.event_types import EventType
from muniment.information.identifiers import agent_id, event_id
from muniment.information.premis import Agent, Event, EventOutcome, Link, uuid_identifier
from muniment.ingest.events import StepEvent, recorded_events
from muniment.ingest.models import StepRun, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """Of the version that is being described: the first or not, when, by which software."""

    object_id: str
    representation_ids: tuple[str, ...]
    is_first: bool
    occurred_at: str
    software: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Events of the entity and of its representations, and everybody who did something."""

    entity_events: tuple[Event, ...]
    representation_events: tuple[Event, ...]
    entity_agents: tuple[Agent, ...]
    representation_agents: tuple[Agent, ...]


def provenance_of(
    submission: Submission, runs: Iterable[StepRun], around: Circumstances
) -> Provenance:
    """Collect what the steps recorded and add the event that makes the version."""
    us = _software("muniment", around.software)
    entity = (Link(uuid_identifier(around.object_id)),)
    whole = tuple(Link(uuid_identifier(each)) for each in around.representation_ids)
    events: dict[bool, list[Event]] = {True: [], False: []}
    agents: dict[bool, dict[str, Agent]] = {True: {}, False: {}}
    for _, identifier, recorded in recorded_events(runs):
        tools = [_software(name, version) for name, version in recorded.agents] or [us]
        side = recorded.on_entity
        agents[side].update({tool.identifiers[0].value: tool for tool in tools})
        events[side].append(_event(identifier, recorded, tools, entity if side else whole))
    depositor = _person(submission.owner)
    agents[True].update({each.identifiers[0].value: each for each in (us, depositor)})
    events[True].append(_version_event(submission, (us, depositor), entity, around))
    return Provenance(
        tuple(events[True]),
        tuple(events[False]),
        tuple(agents[True].values()),
        tuple(agents[False].values()),
    )


def _event(
    identifier: str, recorded: StepEvent, tools: list[Agent], objects: tuple[Link, ...]
) -> Event:
    notes = (recorded.note,) if recorded.note else ()
    return Event(
        identifier=uuid_identifier(identifier),
        event_type=recorded.event_type,
        occurred_at=recorded.at,
        details=(recorded.detail,) if recorded.detail else (),
        outcomes=(EventOutcome(recorded.outcome, notes),),
        agents=tuple(Link(tool.identifiers[0], ("executing program",)) for tool in tools),
        objects=objects,
    )


def version_event_id(submission_id: str, *, is_first: bool) -> str:
    """Name the event by which a submission makes a version, the first or a later one."""
    return event_id(submission_id, EventType.INGESTION if is_first else EventType.MODIFICATION)


def _version_event(
    submission: Submission,
    who: tuple[Agent, Agent],
    entity: tuple[Link, ...],
    around: Circumstances,
) -> Event:
    us, depositor = who
    event_type = EventType.INGESTION if around.is_first else EventType.MODIFICATION
    story = VersionStory(
        VersionReason.INGEST if around.is_first else VersionReason.RE_INGEST,
        submission=str(submission.submission_id),
        pipeline=submission.pipeline,
        owner=submission.owner,
    )
    return Event(
        identifier=uuid_identifier(
            version_event_id(str(submission.submission_id), is_first=around.is_first)
        ),
        event_type=event_type,
        occurred_at=around.occurred_at,
        details=(story.as_detail(),),
        outcomes=(EventOutcome("success"),),
        agents=(
            Link(us.identifiers[0], ("executing program",)),
            Link(depositor.identifiers[0], ("implementer",)),
        ),
        objects=entity,
    )


def _software(name: str, version: str) -> Agent:
    return Agent(
        identifiers=(uuid_identifier(agent_id("software", name, version)),),
        names=(name,),
        agent_type="software",
        version=version,
    )


def _person(name: str) -> Agent:
    return Agent(
        identifiers=(uuid_identifier(agent_id("person", name)),),
        names=(name,),
        agent_type="person",
    )


@dataclass(frozen=True, slots=True)
class FileRemark:
    """What was seen of a single file that the package's event does not say."""

    file_id: str
    event_type: EventType
    outcome: str
    detail: str


def events_of_files(
    submission_id: str, remarks: Iterable[FileRemark], *, occurred_at: str
) -> Iterator[Event]:
    """Make an event for each remark."""
    for remark in remarks:
        yield Event(
            identifier=uuid_identifier(
                event_id(submission_id, remark.event_type, remark.file_id, remark.detail)
            ),
            event_type=remark.event_type,
            occurred_at=occurred_at,
            outcomes=(EventOutcome(remark.outcome, (remark.detail,) if remark.detail else ()),),
            objects=(Link(uuid_identifier(remark.file_id)),),
        )
