"""Writing rights statements. PREMIS §4."""

from __future__ import annotations

from muniment.information.premis.model import Identifier, RightsGranted, RightsStatement
from muniment.information.premis.parts import identifier, links
from muniment.information.xml import branch, leaf, leaves

OPEN_START = ".."
"""EDTF for "no known start": the schema demands a start wherever there is an end."""


def render_rights(unit: RightsStatement) -> str:
    """Return the `rights` element of one statement."""
    return branch(
        "rights",
        branch(
            "rightsStatement",
            identifier("rightsStatement", unit.identifier),
            leaf("rightsBasis", unit.basis),
            _information(unit),
            "".join(map(_granted, unit.granted)),
            links("Object", unit.objects),
            links("Agent", unit.agents),
        ),
    )


def _information(unit: RightsStatement) -> str:
    match unit.basis.lower():
        case "copyright":
            return branch(
                "copyrightInformation",
                leaf("copyrightStatus", unit.terms),
                leaf("copyrightJurisdiction", unit.jurisdiction),
                leaves("copyrightNote", unit.notes),
                _documentation("copyright", unit.documentation),
            )
        case "license":
            return branch(
                "licenseInformation",
                _documentation("license", unit.documentation),
                leaf("licenseTerms", unit.terms),
                leaves("licenseNote", unit.notes),
            )
        case "statute":
            return branch(
                "statuteInformation",
                leaf("statuteJurisdiction", unit.jurisdiction),
                leaf("statuteCitation", unit.terms),
                leaves("statuteNote", unit.notes),
                _documentation("statute", unit.documentation),
            )
        case _:
            return branch(
                "otherRightsInformation",
                _documentation("otherRights", unit.documentation),
                leaf("otherRightsBasis", unit.terms or unit.basis),
                leaves("otherRightsNote", unit.notes),
            )


def _documentation(kind: str, identifiers: tuple[Identifier, ...]) -> str:
    return "".join(identifier(f"{kind}Documentation", each) for each in identifiers)


def _granted(each: RightsGranted) -> str:
    term = ""
    if each.starts_at or each.ends_at:
        term = branch(
            "termOfGrant",
            leaf("startDate", each.starts_at or OPEN_START),
            leaf("endDate", each.ends_at) if each.ends_at else "",
        )
    return branch(
        "rightsGranted",
        leaf("act", each.act),
        leaves("restriction", each.restrictions),
        term,
        leaves("rightsGrantedNote", each.notes),
    )
