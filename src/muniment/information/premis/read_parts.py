"""Parts that several units share, read by local name."""

from __future__ import annotations

from muniment.information.premis.model import Identifier, Link, Relationship
from muniment.information.xml import Node


class PremisFault(Exception):  # a signal inside this package, made a finding by it
    """A unit lacks what PREMIS demands."""


def identifiers_of(node: Node, kind: str) -> tuple[Identifier, ...]:
    """Return the identifiers of an object, event or agent. Raises PremisFault without one."""
    found = some_identifiers_of(node, kind)
    if not found:
        raise PremisFault(f"an element {kind} has no identifier")
    return found


def some_identifiers_of(node: Node, kind: str) -> tuple[Identifier, ...]:
    """Return the identifiers `<kindIdentifier>`, if any."""
    name = f"{kind}Identifier"
    return tuple(
        [
            Identifier(each.text(f"{name}Type"), each.text(f"{name}Value"))
            for each in node.each(name)
        ]
    )


def links_of(node: Node, kind: str) -> tuple[Link, ...]:
    """Return the linking identifiers to agents, objects…, with their roles."""
    name = f"linking{kind}"
    return tuple(
        Link(
            Identifier(each.text(f"{name}IdentifierType"), each.text(f"{name}IdentifierValue")),
            each.texts(f"{name}Role"),
        )
        for each in node.each(f"{name}Identifier")
    )


def relationships_of(node: Node) -> tuple[Relationship, ...]:
    """Return the relationships of an object."""
    return tuple(
        Relationship(
            type=each.text("relationshipType"),
            sub_type=each.text("relationshipSubType"),
            objects=some_identifiers_of(each, "relatedObject"),
            events=some_identifiers_of(each, "relatedEvent"),
        )
        for each in node.each("relationship")
    )
