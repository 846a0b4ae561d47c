"""Writing PREMIS 3.0, one semantic unit a line, memory flat.

A line holds one unit and nothing but it, which lets our own reader take files without a tree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any, Protocol, Self

from muniment.information.premis.model import (
    PREMIS_NAMESPACE,
    PROPERTIES_NAMESPACE,
    Agent,
    Event,
    EventOutcome,
    File,
    IntellectualEntity,
    PremisUnit,
    Representation,
    RightsStatement,
)
from muniment.information.premis.parts import identifier, links, relationship
from muniment.information.premis.write_file import render_file
from muniment.information.premis.write_rights import render_rights
from muniment.information.xml import branch, leaf, leaves
from muniment.runtime.errors import InvalidArgument

HEADER = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<premis xmlns="{PREMIS_NAMESPACE}" xmlns:m="{PROPERTIES_NAMESPACE}"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0">\n'
)
FOOTER = "</premis>\n"


class ByteSink(Protocol):
    """Takes bytes: a file, or something that digests on the way."""

    def write(self, data: bytes, /) -> object: ...


class PremisWriter:
    """Writes one PREMIS document; a context manager that closes the root element.

    The schema wants objects, then events, agents and rights, and at least one object. Raises
    InvalidArgument when units come in another order.
    """

    def __init__(self, sink: ByteSink) -> None:
        self._sink = sink
        self._stage = -1

    def __enter__(self) -> Self:
        self._sink.write(HEADER.encode())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if error is None:
            self._sink.write(FOOTER.encode())

    def write(self, unit: PremisUnit) -> None:
        """Write one unit."""
        stage, render_unit = _RENDERERS[type(unit)]
        if stage != self._stage:
            if stage < self._stage or self._stage < 0 < stage:
                raise InvalidArgument("PREMIS wants objects, then events, agents and rights")
            self._stage = stage
        self._sink.write((render_unit(unit) + "\n").encode())

    def write_all(self, units: Iterable[PremisUnit]) -> None:
        """Write units as they come."""
        for unit in units:
            self.write(unit)


def render(unit: PremisUnit) -> str:
    """Return one unit as XML on one line; the prefixes are those of HEADER."""
    return _RENDERERS[type(unit)][1](unit)


def _entity(unit: IntellectualEntity) -> str:
    return _whole_object(unit, "intellectualEntity")


def _representation(unit: Representation) -> str:
    return _whole_object(unit, "representation")


def _whole_object(unit: IntellectualEntity | Representation, category: str) -> str:
    properties = (
        branch(
            "significantProperties",
            leaf("significantPropertiesType", kind),
            leaf("significantPropertiesValue", value),
        )
        for kind, value in unit.significant_properties
    )
    return (
        f'<object xsi:type="{category}">'
        + "".join(identifier("object", each) for each in unit.identifiers)
        + "".join(properties)
        + (leaf("originalName", unit.original_name) if unit.original_name else "")
        + "".join(map(relationship, unit.relationships))
        + "</object>"
    )


def _event(unit: Event) -> str:
    details = (
        f"<eventDetailInformation>{leaf('eventDetail', detail)}</eventDetailInformation>"
        for detail in unit.details
    )
    return (
        f"<event>{identifier('event', unit.identifier)}"
        f"{leaf('eventType', unit.event_type)}{leaf('eventDateTime', unit.occurred_at)}"
        f"{''.join(details)}{''.join(map(_outcome, unit.outcomes))}"
        f"{links('Agent', unit.agents)}{links('Object', unit.objects)}</event>"
    )


def _outcome(each: EventOutcome) -> str:
    notes = (branch("eventOutcomeDetail", leaf("eventOutcomeDetailNote", n)) for n in each.notes)
    return branch("eventOutcomeInformation", leaf("eventOutcome", each.outcome), *notes)


def _agent(unit: Agent) -> str:
    return branch(
        "agent",
        "".join(identifier("agent", each) for each in unit.identifiers),
        leaves("agentName", unit.names),
        leaf("agentType", unit.agent_type) if unit.agent_type else "",
        leaf("agentVersion", unit.version) if unit.version else "",
        leaves("agentNote", unit.notes),
    )


# Any: each renderer takes the class that it is filed under.
_RENDERERS: dict[type, tuple[int, Callable[[Any], str]]] = {
    File: (0, render_file),
    IntellectualEntity: (0, _entity),
    Representation: (0, _representation),
    Event: (1, _event),
    Agent: (2, _agent),
    RightsStatement: (3, render_rights),
}
