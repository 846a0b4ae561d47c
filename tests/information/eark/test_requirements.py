"""Each requirement of CSIP, SIP and AIP that is checked has a package that breaks it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from muniment.information.eark import EarkReport, check_aip, check_sip
from muniment.runtime.findings import Code, code_table
from tests.information.aip.test_writing import a_whole_package
from tests.information.eark.builders import a_sip, as_received, edit, listing_of

ROOT, REPRESENTATION = "METS.xml", "representations/original/METS.xml"
AMD = '<amdSec ID="a"><rightsMD ID="r" STATUS="CURRENT"><mdRef'
RIGHTS = ' LOCTYPE="URL" xlink:type="simple" xlink:href="schemas/dc.xsd" MDTYPE="OTHER"'
RIGHTS_END = ' MIMETYPE="text/xml" SIZE="1" CREATED="2026" CHECKSUM="a" CHECKSUMTYPE="MD5"/>'


PREMIS = 'xlink:href="metadata/preservation/premis.xml"'
PREMIS_SIZE = 'SIZE="2560"'
PREMIS_AT = f'{PREMIS_SIZE} CREATED="2026-01-01T00:00:00Z"'
DC_HEAD = 'SIZE="200" CREATED="2026-01-01T00:00:00Z"'


def rights(old: str, new: str = "") -> tuple[str, str, str]:
    """An edit that adds a rightsMD whose mdRef lacks something."""
    section = (AMD + RIGHTS + RIGHTS_END).replace(old, new)
    return ROOT, '<fileSec ID="files">', f'{section}</rightsMD></amdSec><fileSec ID="files">'


SIP_FAULTS: list[tuple[str, tuple[str, str, str]]] = [
    ("CSIP1", (ROOT, ' OBJID="', ' ID="')),
    ("CSIP2", (ROOT, 'TYPE="Mixed"', 'TYPE="Stuff"')),
    ("CSIP3", (ROOT, 'TYPE="Mixed"', 'TYPE="Other"')),
    ("CSIP4", (ROOT, 'csip:CONTENTINFORMATIONTYPE="OTHER" csip', "csip")),
    ("CSIP5", (ROOT, ' csip:OTHERCONTENTINFORMATIONTYPE="unspecified" PROFILE', " PROFILE")),
    ("CSIP6", (ROOT, " PROFILE=", " xlink:label=")),
    ("SIP2", (ROOT, "E-ARK-SIP-v2", "E-ARK-CSIP-v2")),
    ("CSIP7", (ROOT, " CREATEDATE=", " xlink:label=")),
    ("CSIP8", (ROOT, " LASTMODDATE=", " xlink:label=")),
    ("CSIP9", (ROOT, 'csip:OAISPACKAGETYPE="SIP"', "")),
    ("SIP4", (ROOT, 'OAISPACKAGETYPE="SIP"', 'OAISPACKAGETYPE="DIP"')),
    ("CSIP11", (ROOT, 'ROLE="CREATOR"', 'ROLE="EDITOR"')),
    ("CSIP12", (ROOT, 'TYPE="OTHER" OTHERTYPE', 'TYPE="ORGANIZATION" OTHERTYPE')),
    ("CSIP13", (ROOT, 'OTHERTYPE="SOFTWARE"', 'OTHERTYPE="HARDWARE"')),
    ("CSIP14", (ROOT, "<name>Muniment</name>", "<name> </name>")),
    ("CSIP15", (ROOT, ">0.1.0</note>", "></note>")),
    ("CSIP16", (ROOT, "SOFTWARE VERSION", "IDENTIFICATIONCODE")),
    ("SIP15", (ROOT, 'TYPE="ORGANIZATION"', 'TYPE="OTHER"')),
    ("SIP18", (ROOT, "<name>Museum of Letters</name>", "<name/>")),
    ("SIP11", (ROOT, 'ROLE="CREATOR" TYPE="ORGANIZATION"', 'ROLE="ARCHIVIST" TYPE="OTHER"')),
    ("SIP12", (ROOT, 'CREATOR" TYPE="ORGANIZATION"><name>Museum of Letters', 'ARCHIVIST"><name>')),
    (
        "SIP14",
        (
            ROOT,
            "</name></agent></metsHdr>",
            (
                "</name></agent><agent ROLE='ARCHIVIST' TYPE='ORGANIZATION'>"
                "<name>A</name><note>1</note></agent></metsHdr>"
            ),
        ),
    ),
    (
        "SIP29",
        (
            ROOT,
            "</name></agent></metsHdr>",
            (
                "</name></agent><agent ROLE='PRESERVATION' TYPE='OTHER'>"
                "<name>A</name></agent></metsHdr>"
            ),
        ),
    ),
    ("CSIP18", (ROOT, '<dmdSec ID="dublin-core"', "<dmdSec")),
    ("CSIP20", (ROOT, 'STATUS="CURRENT"', 'STATUS="OLD"')),
    ("CSIP22", (ROOT, '<mdRef LOCTYPE="URL"', '<mdRef LOCTYPE="URN"')),
    ("CSIP23", (ROOT, ' xlink:type="simple" xlink:href="metadata', ' xlink:href="metadata')),
    ("CSIP24", (ROOT, ' xlink:href="metadata/descriptive/dc.xml"', "")),
    ("CSIP25", (ROOT, 'MDTYPE="DC"', 'MDTYPE="XY"')),
    ("CSIP26", (ROOT, 'MDTYPE="DC" MIMETYPE="application/xml"', 'MDTYPE="DC" MIMETYPE="xml"')),
    ("CSIP27", (ROOT, 'xml" SIZE="200"', 'xml" SIZE="-200"')),
    ("CSIP28", (ROOT, 'SIZE="200" CREATED=', 'SIZE="200" LABEL=')),
    ("CSIP29", (ROOT, 'SIZE="200" CREATED="2026-01-01T00:00:00Z" CHECKSUM=', DC_HEAD + " LABEL=")),
    ("CSIP30", (ROOT, 'CHECKSUMTYPE="SHA-512" xlink:type', 'CHECKSUMTYPE="sha512" xlink:type')),
    ("CSIP33", (REPRESENTATION, 'digiprovMD ID="premis"', "digiprovMD")),
    ("CSIP34", (REPRESENTATION, 'STATUS="CURRENT"', "")),
    ("CSIP36", (REPRESENTATION, '<mdRef LOCTYPE="URL"', '<mdRef LOCTYPE="URN"')),
    ("CSIP37", (REPRESENTATION, f' xlink:type="simple" {PREMIS}', f" {PREMIS}")),
    ("CSIP38", (REPRESENTATION, f" {PREMIS}", "")),
    ("CSIP39", (REPRESENTATION, 'MDTYPE="PREMIS"', "")),
    ("CSIP40", (REPRESENTATION, '3.0" MIMETYPE="application/xml"', '3.0" MIMETYPE="premis"')),
    ("CSIP41", (REPRESENTATION, 'application/xml" SIZE="', 'application/xml" SIZE="x')),
    ("CSIP42", (REPRESENTATION, f"{PREMIS_SIZE} CREATED=", f"{PREMIS_SIZE} LABEL=")),
    ("CSIP43", (REPRESENTATION, f"{PREMIS_AT} CHECKSUM=", f"{PREMIS_AT} LABEL=")),
    ("CSIP44", (REPRESENTATION, 'TYPE="SHA-512" xlink', 'TYPE="SHA512" xlink')),
    ("CSIP46", rights(' ID="r"')),
    ("CSIP47", rights("CURRENT")),
    (
        "CSIP48",
        (ROOT, '<fileSec ID="files">', '<amdSec><rightsMD ID="r"/></amdSec><fileSec ID="files">'),
    ),
    ("CSIP49", rights('LOCTYPE="URL"')),
    ("CSIP50", rights('xlink:type="simple"')),
    ("CSIP51", rights('xlink:href="schemas/dc.xsd"')),
    ("CSIP52", rights('MDTYPE="OTHER"')),
    ("CSIP53", rights('MIMETYPE="text/xml"')),
    ("CSIP54", rights('SIZE="1"', 'SIZE="-1"')),
    ("CSIP55", rights('CREATED="2026"')),
    ("CSIP56", rights('CHECKSUM="a"')),
    ("CSIP57", rights('CHECKSUMTYPE="MD5"', 'CHECKSUMTYPE="md5"')),
    ("CSIP91", rights("x", "x")),
    ("CSIP92", (ROOT, ' DMDID="dublin-core"', "")),
    ("CSIP59", (ROOT, '<fileSec ID="files">', "<fileSec>")),
    ("CSIP60", (ROOT, 'USE="Documentation"', 'USE="documents"')),
    ("CSIP113", (ROOT, 'USE="Schemas"', 'USE="schemas"')),
    ("CSIP114", (ROOT, 'USE="Representations/original"', 'USE="data"')),
    ("CSIP62", (REPRESENTATION, 'data" csip:CONTENTINFORMATIONTYPE="OTHER"', 'data"')),
    (
        "CSIP63",
        (REPRESENTATION, ' csip:OTHERCONTENTINFORMATIONTYPE="unspecified">\n<file', ">\n<file"),
    ),
    ("CSIP64", (REPRESENTATION, 'USE="Representations/original/data"', "")),
    ("CSIP65", (REPRESENTATION, '<fileGrp ID="group-data"', "<fileGrp")),
    ("CSIP66", (ROOT, "</fileSec>", '<fileGrp ID="g" USE="x"/></fileSec>')),
    ("CSIP67", (REPRESENTATION, '<file ID="', '<file OWNERID="')),
    ("CSIP68", (REPRESENTATION, 'MIMETYPE="application/octet-stream"', "")),
    ("CSIP69", (REPRESENTATION, 'SIZE="8"', 'SIZE="eight"')),
    ("CSIP70", (REPRESENTATION, 'SIZE="8" CREATED=', 'SIZE="8" OWNERID=')),
    ("CSIP71", (REPRESENTATION, 'Z" CHECKSUM="e3', 'Z" OWNERID="e3')),
    ("CSIP72", (REPRESENTATION, 'CHECKSUMTYPE="SHA-256"', 'CHECKSUMTYPE="SHA3"')),
    ("CSIP76", (REPRESENTATION, "</file>", '<FLocat LOCTYPE="URL"/></file>')),
    ("CSIP77", (REPRESENTATION, '<FLocat LOCTYPE="URL"', '<FLocat LOCTYPE="OTHER"')),
    ("CSIP78", (REPRESENTATION, '<FLocat LOCTYPE="URL" xlink:type="simple"', "<FLocat")),
    ("CSIP79", (REPRESENTATION, ' xlink:href="data/empty"', "")),
    ("CSIP80", (ROOT, "structMap", "structLink")),
    ("CSIP81", (ROOT, 'TYPE="PHYSICAL"', 'TYPE="LOGICAL"')),
    ("CSIP82", (ROOT, 'LABEL="CSIP"', 'LABEL="csip"')),
    ("CSIP83", (ROOT, '<structMap ID="structure"', "<structMap")),
    ("CSIP84", (ROOT, "</structMap>", '<div ID="d2"/></structMap>')),
    ("CSIP85", (ROOT, '<div ID="structure-root"', "<div")),
    ("CSIP88", (ROOT, 'LABEL="Metadata"', 'LABEL="metadata"')),
    ("CSIP89", (ROOT, '<div ID="structure-metadata"', "<div")),
    ("CSIP93", (ROOT, 'LABEL="Documentation"', 'LABEL="documentation"')),
    ("CSIP94", (ROOT, '<div ID="structure-documentation"', "<div")),
    ("CSIP96", (ROOT, '<fptr FILEID="group-documentation"/>', "")),
    ("CSIP116", (ROOT, '<fptr FILEID="group-documentation"/>', "<fptr/>")),
    ("CSIP97", (ROOT, 'LABEL="Schemas"', 'LABEL="schemas"')),
    ("CSIP98", (ROOT, '<div ID="structure-schemas"', "<div")),
    ("CSIP100", (ROOT, '<fptr FILEID="group-schemas"/>', "")),
    ("CSIP118", (ROOT, '<fptr FILEID="group-schemas"/>', "<fptr/>")),
    ("CSIP101", (ROOT, 'LABEL="Representations"', 'LABEL="content"')),
    ("CSIP102", (ROOT, '<div ID="structure-representations"', "<div")),
    ("CSIP104", (ROOT, '<fptr FILEID="group-representations-original"/>', "")),
    ("CSIP119", (ROOT, '<fptr FILEID="group-representations-original"/>', "<fptr/>")),
    ("CSIP106", (ROOT, '<div ID="structure-representation"', "<div")),
    ("CSIP107", (ROOT, 'LABEL="Representations/original"', 'LABEL="original"')),
    ("CSIP108", (ROOT, ' xlink:title="group-representations-original"', "")),
    ("CSIP109", (ROOT, "<mptr", "<fptr")),
    (
        "CSIP110",
        (ROOT, ' xlink:href="representations/original/METS.xml" xlink:title', " xlink:title"),
    ),
    ("CSIP111", (ROOT, '<mptr LOCTYPE="URL" xlink:type="simple"', '<mptr LOCTYPE="URL"')),
    ("CSIP112", (ROOT, '<mptr LOCTYPE="URL"', '<mptr LOCTYPE="URN"')),
    ("CSIP117", (ROOT, "metsHdr", "metsHeader")),
    ("id-repeated", (ROOT, 'ID="group-schemas"', 'ID="group-documentation"')),
    ("id-dangling", (ROOT, 'FILEID="group-schemas"', 'FILEID="nowhere"')),
]


# What else the same change breaks: the other rule, or the file that nothing points to any more.
ALSO: Mapping[str, set[str]] = {
    "CSIP4": {"CSIP62"},
    "CSIP11": {"SIP15"},
    "SIP11": {"SIP15"},
    "SIP12": {"SIP15", "SIP11"},
    "CSIP17": {"file-undeclared"},
    "CSIP21": {"CSIP35", "AIPM5", "file-undeclared"},
    "CSIP24": {"file-undeclared"},
    "CSIP32": {"AIPM5"},
    "CSIP35": {"CSIP21", "AIPM5", "file-undeclared"},
    "CSIP38": {"file-undeclared"},
    "CSIP48": {"CSIP47"},
    **{f"CSIP{number}": {"CSIP91"} for number in range(49, 58)},
    "CSIP65": {"id-dangling"},
    "CSIP72": {"digest-unchecked"},
    "CSIP78": {"CSIP77"},
    "CSIP79": {"file-undeclared"},
    "CSIP109": {"CSIP105"},
    "CSIP110": {"CSIP105", "href-outside"},
    "AIPM5": {"CSIP32"},
}
# The root METS tells that the one of the representation is not the one it knew.
OF_THE_EDIT = {"digest-mismatch", "size-mismatch"}


def codes_of(report: EarkReport) -> set[str]:
    return {finding.code for finding in report.findings}


@pytest.mark.parametrize(("code", "change"), SIP_FAULTS, ids=[code for code, _ in SIP_FAULTS])
def test_what_breaks_a_requirement_of_a_sip_is_found(
    tmp_path: Path, code: str, change: tuple[str, str, str]
) -> None:
    root = as_received(a_sip(tmp_path))
    good = codes_of(check_sip(root, listing_of(root)))
    edit(root, *change)
    found = codes_of(check_sip(root, listing_of(root)))
    assert found - good - OF_THE_EDIT == {code} | ALSO.get(code, set())


AIP_FAULTS: list[tuple[str, tuple[str, str, str]]] = [
    ("AIPM2", (ROOT, "E-ARK-AIP", "E-ARK-SIP")),
    ("AIPM3", (ROOT, 'OAISPACKAGETYPE="AIP"', 'OAISPACKAGETYPE="SIP"')),
    ("AIPM5", (ROOT, "digiprovMD", "techMD")),
    ("AIPM6", (ROOT, 'MDTYPE="PREMIS"', 'MDTYPE="OTHER"')),
    ("CSIP10", (ROOT, "agent", "angent")),
    ("CSIP17", (ROOT, "dmdSec", "dndSec")),
    ("CSIP19", (ROOT, '<dmdSec ID="dublin-core" CREATED=', '<dmdSec ID="dublin-core" GROUPID=')),
    ("CSIP21", (ROOT, "mdRef", "mdWrap")),
    ("CSIP35", (ROOT, "mdRef", "mdWrap")),
    ("CSIP31", (ROOT, "amdSec", "sourceX")),
    ("CSIP32", (ROOT, "digiprovMD", "techMD")),
    ("CSIP58", (ROOT, "fileSec", "fileX")),
]


@pytest.mark.parametrize(("code", "change"), AIP_FAULTS, ids=[code for code, _ in AIP_FAULTS])
def test_what_breaks_a_requirement_of_an_aip_is_found(
    tmp_path: Path, code: str, change: tuple[str, str, str]
) -> None:
    root = as_received(a_whole_package(tmp_path))
    edit(root, *change)
    found = codes_of(check_aip(root, listing_of(root)))
    assert found - OF_THE_EDIT == {code} | ALSO.get(code, set())


FOLDERS: list[tuple[str, str]] = [
    ("CSIPSTR5", "metadata"),
    ("CSIPSTR6", "metadata/preservation"),
    ("CSIPSTR7", "metadata/descriptive"),
    ("CSIPSTR9", "representations"),
    ("CSIPSTR11", "representations/original/data"),
    ("CSIPSTR12", REPRESENTATION),
    ("CSIPSTR15", "schemas"),
    ("CSIPSTR16", "documentation"),
]


@pytest.mark.parametrize(("code", "path"), FOLDERS, ids=[code for code, _ in FOLDERS])
def test_a_folder_that_should_be_there_is_missed(tmp_path: Path, code: str, path: str) -> None:
    root = as_received(a_whole_package(tmp_path))
    if (root / path).is_dir():
        shutil.rmtree(root / path)
    else:
        (root / path).unlink()
    found = codes_of(check_aip(root, listing_of(root)))
    assert {each for each in found if each.startswith("CSIPSTR")} == {code}
    assert "file-missing" in found


# Held by tests of their own: test_checking.py and test_hostile.py.
ELSEWHERE = {"CSIP105", "CSIPSTR4", "digest-mismatch", "digest-unchecked", "file-missing",
             "file-undeclared", "href-outside", "size-mismatch", "too-deep"}  # fmt: skip


def test_every_code_has_a_package_that_breaks_it() -> None:
    tried = {code for code, _ in [*SIP_FAULTS, *AIP_FAULTS]} | {code for code, _ in FOLDERS}
    assert {row.code for row in code_table("muniment.information.eark")} == tried | ELSEWHERE


@pytest.mark.parametrize("row", list(code_table("muniment.information.eark")), ids=lambda r: r.code)
def test_each_code_says_the_same_places_in_both_languages(row: Code) -> None:
    places = {
        "subject": "s",
        "name": "n",
        "id": "i",
        "href": "h",
        "file": "f",
        "document": "d",
        "algorithm": "a",
        "limit": "8",
    }
    assert row.en.format(**places)
    assert row.fr.format(**places)
    assert row.clause
