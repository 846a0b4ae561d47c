"""From the XML element of rights to rights statements. PREMIS §4."""

from __future__ import annotations

from collections.abc import Iterator

from muniment.information.premis.model import RightsGranted, RightsStatement
from muniment.information.premis.read_parts import (
    children,
    documentation_of,
    identifiers_of,
    links_of,
    text_of,
    texts_of,
)
from muniment.information.premis.write_rights import OPEN_START
from muniment.information.xml import Element

_TERMS = {
    "copyright": "copyrightStatus",
    "license": "licenseTerms",
    "statute": "statuteCitation",
    "otherRights": "otherRightsBasis",
}


def read_rights(element: Element) -> Iterator[RightsStatement]:
    """Yield the statements of one `rights` element."""
    return map(_statement, children(element, "rightsStatement"))


def _statement(element: Element) -> RightsStatement:
    basis = text_of(element, "rightsBasis")
    kind = basis.lower() if basis.lower() in _TERMS else "otherRights"
    information = next(children(element, f"{kind}Information"), None)
    terms = "" if information is None else text_of(information, _TERMS[kind])
    return RightsStatement(
        identifier=identifiers_of(element, "rightsStatement")[0],
        basis=basis,
        # A statement of other rights repeats its basis where it has nothing to add.
        terms="" if kind == "otherRights" and terms == basis else terms,
        jurisdiction="" if information is None else text_of(information, f"{kind}Jurisdiction"),
        notes=() if information is None else texts_of(information, f"{kind}Note"),
        documentation=() if information is None else documentation_of(information, kind),
        granted=tuple(map(_granted, children(element, "rightsGranted"))),
        objects=links_of(element, "Object"),
        agents=links_of(element, "Agent"),
    )


def _granted(element: Element) -> RightsGranted:
    term = next(children(element, "termOfGrant"), None)
    starts_at = "" if term is None else text_of(term, "startDate")
    return RightsGranted(
        act=text_of(element, "act"),
        restrictions=texts_of(element, "restriction"),
        starts_at="" if starts_at == OPEN_START else starts_at,
        ends_at="" if term is None else text_of(term, "endDate"),
        notes=texts_of(element, "rightsGrantedNote"),
    )
