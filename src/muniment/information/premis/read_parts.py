"""Parts that several units share, read by local name."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.information.premis.model import Identifier, Link, Relationship
from muniment.information.xml import Element, local_name, own_text


class PremisFault(Exception):  # a signal inside this package, made a finding by it
    """A unit lacks what PREMIS demands."""


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the direct children with this local name."""
    return (each for each in element if local_name(each.tag) == name)


def texts_of(element: Element, name: str) -> tuple[str, ...]:
    """Return the texts of the direct children with this local name."""
    return tuple(own_text(each) for each in children(element, name))


def text_of(element: Element, name: str) -> str:
    """Return the text of the first such child, "" when there is none."""
    return next((own_text(each) for each in children(element, name)), "")


def identifiers_of(element: Element, kind: str) -> tuple[Identifier, ...]:
    """Return the identifiers of an object, event or agent. Raises PremisFault without one."""
    found = _identifiers(element, kind)
    if not found:
        raise PremisFault(f"an {kind} has no identifier")
    return found


def _identifiers(element: Element, kind: str) -> tuple[Identifier, ...]:
    name = f"{kind}Identifier"
    pairs = (
        (text_of(each, f"{name}Type"), text_of(each, f"{name}Value"))
        for each in children(element, name)
    )
    return tuple(Identifier(kind, value) for kind, value in pairs)


def documentation_of(element: Element, kind: str) -> tuple[Identifier, ...]:
    """Return the documentation identifiers of a rights basis."""
    return _identifiers(element, f"{kind}Documentation")


def links_of(element: Element, kind: str) -> tuple[Link, ...]:
    """Return the linking identifiers to agents, objects…, with their roles."""
    name = f"linking{kind}"
    return tuple(
        Link(
            Identifier(
                text_of(each, f"{name}IdentifierType"), text_of(each, f"{name}IdentifierValue")
            ),
            texts_of(each, f"{name}Role"),
        )
        for each in children(element, f"{name}Identifier")
    )


def relationships_of(element: Element) -> tuple[Relationship, ...]:
    """Return the relationships of an object."""
    return tuple(
        Relationship(
            type=text_of(each, "relationshipType"),
            sub_type=text_of(each, "relationshipSubType"),
            objects=_identifiers(each, "relatedObject"),
            events=_identifiers(each, "relatedEvent"),
        )
        for each in children(element, "relationship")
    )
