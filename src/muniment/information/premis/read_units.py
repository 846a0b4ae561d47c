"""From an XML element to a semantic unit, by local names, so that PREMIS 2 is read too."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from muniment.information.premis.model import (
    Agent,
    Event,
    EventOutcome,
    Identifier,
    IntellectualEntity,
    PremisObject,
    PremisUnit,
    Representation,
)
from muniment.information.premis.read_file import read_file
from muniment.information.premis.read_parts import (
    PremisFault,
    children,
    identifiers_of,
    links_of,
    relationships_of,
    text_of,
    texts_of,
)
from muniment.information.premis.read_rights import read_rights
from muniment.information.xml import Element

__all__ = ["READERS", "PremisFault"]

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


def _read_object(element: Element) -> Iterator[PremisObject]:
    category = element.get(_TYPE, "").rpartition(":")[2]
    match category:
        case "file":
            yield read_file(element)
        case "intellectualEntity":
            yield IntellectualEntity(
                identifiers=identifiers_of(element, "object"),
                significant_properties=_properties_of(element),
                original_name=text_of(element, "originalName"),
                relationships=relationships_of(element),
            )
        case "representation":
            yield Representation(
                identifiers=identifiers_of(element, "object"),
                significant_properties=_properties_of(element),
                original_name=text_of(element, "originalName"),
                relationships=relationships_of(element),
            )
        case "bitstream":
            return
        case _:
            raise PremisFault(f"an object has the category {category!r}")


def _properties_of(element: Element) -> tuple[tuple[str, str], ...]:
    return tuple(
        (text_of(each, "significantPropertiesType"), text_of(each, "significantPropertiesValue"))
        for each in children(element, "significantProperties")
    )


def _read_event(element: Element) -> Iterator[Event]:
    yield Event(
        identifier=_one_identifier(element, "event"),
        event_type=text_of(element, "eventType"),
        occurred_at=text_of(element, "eventDateTime"),
        details=_details_of(element),
        outcomes=tuple(_outcome(each) for each in children(element, "eventOutcomeInformation")),
        agents=links_of(element, "Agent"),
        objects=links_of(element, "Object"),
    )


def _details_of(element: Element) -> tuple[str, ...]:
    # PREMIS 2 has eventDetail in the event itself.
    inner = (
        text
        for each in children(element, "eventDetailInformation")
        for text in texts_of(each, "eventDetail")
    )
    return (*texts_of(element, "eventDetail"), *inner)


def _outcome(element: Element) -> EventOutcome:
    notes = (
        note
        for each in children(element, "eventOutcomeDetail")
        for note in texts_of(each, "eventOutcomeDetailNote")
    )
    return EventOutcome(text_of(element, "eventOutcome"), tuple(notes))


def _read_agent(element: Element) -> Iterator[Agent]:
    yield Agent(
        identifiers=identifiers_of(element, "agent"),
        names=texts_of(element, "agentName"),
        agent_type=text_of(element, "agentType"),
        version=text_of(element, "agentVersion"),
        notes=texts_of(element, "agentNote"),
    )


def _one_identifier(element: Element, kind: str) -> Identifier:
    return identifiers_of(element, kind)[0]


READERS: dict[str, Callable[[Element], Iterator[PremisUnit]]] = {
    "object": _read_object,
    "event": _read_event,
    "agent": _read_agent,
    "rights": read_rights,
}
