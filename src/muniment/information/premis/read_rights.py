"""From the XML element of rights to rights statements. PREMIS §4."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.information.premis.model import RightsGranted, RightsStatement
from muniment.information.premis.read_parts import identifiers_of, links_of, some_identifiers_of
from muniment.information.premis.write_rights import OPEN_START
from muniment.information.xml import Node

_TERMS = {
    "copyright": "copyrightStatus",
    "license": "licenseTerms",
    "statute": "statuteCitation",
    "otherRights": "otherRightsBasis",
}


def read_rights(node: Node) -> Iterator[RightsStatement]:
    """Yield the statements of one `rights` element."""
    return map(_statement, node.each("rightsStatement"))


def _statement(node: Node) -> RightsStatement:
    basis = node.text("rightsBasis")
    kind = basis.lower() if basis.lower() in _TERMS else "otherRights"
    information = node.first(f"{kind}Information")
    terms = "" if information is None else information.text(_TERMS[kind])
    return RightsStatement(
        identifier=identifiers_of(node, "rightsStatement")[0],
        basis=basis,
        # A statement of other rights repeats its basis where it has nothing to add.
        terms="" if kind == "otherRights" and terms == basis else terms,
        jurisdiction="" if information is None else information.text(f"{kind}Jurisdiction"),
        notes=() if information is None else information.texts(f"{kind}Note"),
        documentation=()
        if information is None
        else some_identifiers_of(information, f"{kind}Documentation"),
        granted=tuple(map(_granted, node.each("rightsGranted"))),
        objects=links_of(node, "Object"),
        agents=links_of(node, "Agent"),
    )


def _granted(node: Node) -> RightsGranted:
    term = node.first("termOfGrant")
    starts_at = "" if term is None else term.text("startDate")
    return RightsGranted(
        act=node.text("act"),
        restrictions=node.texts("restriction"),
        starts_at="" if starts_at == OPEN_START else starts_at,
        ends_at="" if term is None else term.text("endDate"),
        notes=node.texts("rightsGrantedNote"),
    )
