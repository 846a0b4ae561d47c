"""The root element and its header. CSIP1 to CSIP16, CSIP117, SIP2 to SIP18, AIPM2, AIPM3."""

from __future__ import annotations

from muniment.information.eark.notes import Notes
from muniment.information.eark.report import PackageKind
from muniment.information.eark.vocabularies import (
    CONTENT_INFORMATION_TYPES,
    PACKAGE_TYPES,
    is_content_category,
)
from muniment.information.mets import MetsAgent, MetsHeader, MetsRoot

_PEOPLE = frozenset({"ORGANIZATION", "INDIVIDUAL"})


def check_root(root: MetsRoot, kind: PackageKind, notes: Notes) -> None:
    """Check the attributes of the root element."""
    at = "mets"
    information_type = root.content_information_type
    notes.require(root.object_id, "CSIP1", at)
    notes.require(is_content_category(root.type), "CSIP2", at, found=root.type)
    notes.require(root.type != "Other" or root.other_type, "CSIP3", at)
    notes.require(information_type in CONTENT_INFORMATION_TYPES, "CSIP4", at)
    notes.require(information_type != "OTHER" or root.other_content_information_type, "CSIP5", at)
    notes.require(root.profile, "CSIP6", at)
    if root.profile:
        _check_profile(root.profile, kind, notes)


def _check_profile(profile: str, kind: PackageKind, notes: Notes) -> None:
    if kind is PackageKind.SIP:
        notes.require("E-ARK-SIP" in profile, "SIP2", "mets", found=profile)
    if kind is PackageKind.AIP:
        notes.require("E-ARK-AIP" in profile, "AIPM2", "mets", found=profile)


def check_header(header: MetsHeader, kind: PackageKind, notes: Notes) -> None:
    """Check the header of the package's root METS."""
    at, package_type = "metsHdr", header.package_type
    notes.require(header.created_at, "CSIP7", at)
    notes.require(header.modified_at, "CSIP8", at)
    notes.require(package_type in PACKAGE_TYPES, "CSIP9", at, found=package_type)
    if package_type in PACKAGE_TYPES and kind is PackageKind.SIP:
        notes.require(package_type == "SIP", "SIP4", at, found=package_type)
    if package_type in PACKAGE_TYPES and kind is PackageKind.AIP:
        notes.require(package_type == "AIP", "AIPM3", at, found=package_type)
    _check_software(header.agents, notes)
    if kind is PackageKind.SIP:
        _check_people(header.agents, notes)


def _check_software(agents: tuple[MetsAgent, ...], notes: Notes) -> None:
    at = "metsHdr/agent"
    if not agents:
        notes.add("CSIP10", "metsHdr")
        return
    creators = [each for each in agents if each.role == "CREATOR"]
    others = [each for each in creators if each.type == "OTHER"]
    software = next((each for each in others if each.other_type == "SOFTWARE"), None)
    if software is None:
        notes.add("CSIP13" if others else "CSIP12" if creators else "CSIP11", at)
        return
    notes.require(software.name.strip(), "CSIP14", at)
    versions = [text for text, _ in software.notes if text.strip()]
    notes.require(len(versions) == 1 and len(software.notes) == 1, "CSIP15", at)
    if software.notes:
        types = {kind for _, kind in software.notes}
        notes.require("SOFTWARE VERSION" in types, "CSIP16", at)


def _check_people(agents: tuple[MetsAgent, ...], notes: Notes) -> None:
    at = "metsHdr/agent"
    for each in agents:
        if each.role == "ARCHIVIST":
            notes.require(each.type in _PEOPLE, "SIP11", at, found=each.type)
            notes.require(each.name.strip(), "SIP12", at)
            codes = all(kind == "IDENTIFICATIONCODE" for _, kind in each.notes)
            notes.require(codes, "SIP14", at)
        if each.role == "PRESERVATION":
            notes.require(each.type == "ORGANIZATION", "SIP29", at, found=each.type)
    submitting = [each for each in agents if each.role == "CREATOR" and each.type in _PEOPLE]
    notes.require(submitting, "SIP15", "metsHdr")
    for each in submitting:
        notes.require(each.name.strip(), "SIP18", at)


def source_of(header: MetsHeader) -> str:
    """Return the name of who sends the package: the submitting agent, else the archival creator."""
    for role in ("CREATOR", "ARCHIVIST"):
        for each in header.agents:
            if each.role == role and each.type in _PEOPLE and each.name.strip():
                return each.name.strip()
    return ""
