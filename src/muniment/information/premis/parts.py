"""Elements that several semantic units share."""

from __future__ import annotations

from collections.abc import Iterable

from muniment.information.premis.model import Identifier, Link, Relationship
from muniment.information.xml import branch, escape, leaf, leaves


def identifier(kind: str, each: Identifier) -> str:
    """Return `<kindIdentifier>` with type and value."""
    name = f"{kind}Identifier"
    return (
        f"<{name}><{name}Type>{escape(each.type)}</{name}Type>"
        f"<{name}Value>{escape(each.value)}</{name}Value></{name}>"
    )


def relationship(each: Relationship) -> str:
    """Return a `relationship` element. PREMIS §1.13."""
    return branch(
        "relationship",
        leaf("relationshipType", each.type),
        leaf("relationshipSubType", each.sub_type),
        "".join(identifier("relatedObject", one) for one in each.objects),
        "".join(identifier("relatedEvent", one) for one in each.events),
    )


def links(kind: str, each: Iterable[Link]) -> str:
    """Return `<linkingkindIdentifier>` for each link, with its roles."""
    name = f"linking{kind}"
    return "".join(
        f"<{name}Identifier>{leaf(f'{name}IdentifierType', link.identifier.type)}"
        f"{leaf(f'{name}IdentifierValue', link.identifier.value)}"
        f"{leaves(f'{name}Role', link.roles)}</{name}Identifier>"
        for link in each
    )
