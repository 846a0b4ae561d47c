"""From an XML element to a semantic unit, by local names, so that PREMIS 2 is read too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from muniment.information.premis.model import (
    Agent,
    Event,
    EventOutcome,
    IntellectualEntity,
    PremisObject,
    PremisUnit,
    Representation,
)
from muniment.information.premis.read_file import read_file
from muniment.information.premis.read_parts import (
    PremisFault,
    identifiers_of,
    links_of,
    relationships_of,
)
from muniment.information.premis.read_rights import read_rights
from muniment.information.xml import Node

__all__ = ["READERS", "PremisFault"]

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def _read_object(node: Node) -> Iterator[PremisObject]:
    category = node.element.get(_TYPE, "").rpartition(":")[2]
    match category:
        case "file":
            yield read_file(node)
        case "intellectualEntity":
            yield IntellectualEntity(
                identifiers=identifiers_of(node, "object"),
                significant_properties=_properties_of(node),
                original_name=node.text("originalName"),
                relationships=relationships_of(node),
            )
        case "representation":
            yield Representation(
                identifiers=identifiers_of(node, "object"),
                significant_properties=_properties_of(node),
                original_name=node.text("originalName"),
                relationships=relationships_of(node),
            )
        case "bitstream":
            return
        case _:
            raise PremisFault(f"an object has the category {category!r}")


def _properties_of(node: Node) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.text("significantPropertiesType"), each.text("significantPropertiesValue"))
        for each in node.each("significantProperties")
    )


def _read_event(node: Node) -> Iterator[Event]:
    yield Event(
        identifier=identifiers_of(node, "event")[0],
        event_type=node.text("eventType"),
        occurred_at=node.text("eventDateTime"),
        details=_details_of(node),
        outcomes=tuple(map(_outcome, node.each("eventOutcomeInformation"))),
        agents=links_of(node, "Agent"),
        objects=links_of(node, "Object"),
    )


def _details_of(node: Node) -> tuple[str, ...]:
    # PREMIS 2 has eventDetail in the event itself.
    inner = (
        text for each in node.each("eventDetailInformation") for text in each.texts("eventDetail")
    )
    return (*node.texts("eventDetail"), *inner)


def _outcome(node: Node) -> EventOutcome:
    notes = (
        note
        for each in node.each("eventOutcomeDetail")
        for note in each.texts("eventOutcomeDetailNote")
    )
    return EventOutcome(node.text("eventOutcome"), tuple(notes))


def _read_agent(node: Node) -> Iterator[Agent]:
    yield Agent(
        identifiers=identifiers_of(node, "agent"),
        names=node.texts("agentName"),
        agent_type=node.text("agentType"),
        version=node.text("agentVersion"),
        notes=node.texts("agentNote"),
    )


READERS: dict[str, Callable[[Node], Iterator[PremisUnit]]] = {
    "object": _read_object,
    "event": _read_event,
    "agent": _read_agent,
    "rights": read_rights,
}
