"""The rules of CSIP hold in the METS of a representation as they do in that of the package."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from muniment.information.eark import check_aip
from muniment.information.eark.references import inside
from tests.information.aip.shapes import SHAPES
from tests.information.eark.builders import as_received, edit, listing_of

METS = "representations/original/METS.xml"
OTHER = "representations/access copies/METS.xml"
INFORMATION = 'csip:CONTENTINFORMATIONTYPE="OTHER" csip:OTHERCONTENTINFORMATIONTYPE="unspecified"'
CHANGES: list[tuple[str, str, str]] = [
    ("CSIP1", " OBJID=", " ID="),
    ("CSIP2", 'TYPE="Other"', 'TYPE="Stuff"'),
    ("CSIP3", ' csip:OTHERTYPE="Unspecified"', ""),
    ("CSIP4", f"{INFORMATION} PROFILE", "PROFILE"),
    ("CSIP5", ' csip:OTHERCONTENTINFORMATIONTYPE="unspecified" PROFILE', " PROFILE"),
    ("CSIP6", " PROFILE=", " xlink:label="),
    ("AIPM2", "E-ARK-AIP", "E-ARK-SIP"),
    ("CSIP31", "amdSec", "sourceX"),
    ("CSIP32", "digiprovMD", "techMD"),
    ("CSIP33", '<digiprovMD ID="premis"', "<digiprovMD"),
    ("CSIP34", 'STATUS="CURRENT"', 'STATUS="OLD"'),
    ("CSIP59", '<fileSec ID="files">', "<fileSec>"),
    ("CSIP62", f"{INFORMATION}>\n<file", ">\n<file"),
    ("CSIP64", 'USE="Representations/original/data"', ""),
    ("CSIP68", 'MIMETYPE="text/plain"', 'MIMETYPE="text"'),
    ("CSIP70", 'SIZE="1" CREATED=', 'SIZE="1" OWNERID='),
    ("CSIP80", "structMap", "structLink"),
    ("CSIP81", 'TYPE="PHYSICAL"', 'TYPE="LOGICAL"'),
    ("CSIP82", 'LABEL="CSIP"', 'LABEL="csip"'),
    ("CSIP83", '<structMap ID="structure"', "<structMap"),
    ("CSIP85", '<div ID="structure-root"', "<div"),
    ("CSIP88", 'LABEL="Metadata"', 'LABEL="metadata"'),
    ("CSIP89", '<div ID="structure-metadata"', "<div"),
    ("CSIP91", ' ADMID="premis"', ""),
    ("CSIP117", "metsHdr", "metsHeader"),
    ("id-dangling", 'FILEID="group-data"', 'FILEID="nowhere"'),
    ("id-repeated", 'ID="structure-metadata"', 'ID="structure-root"'),
]  # fmt: skip


@pytest.mark.parametrize(("code", "old", "new"), CHANGES, ids=[code for code, *_ in CHANGES])
def test_a_rule_that_a_representation_breaks_is_told_of_it(
    tmp_path: Path, code: str, old: str, new: str
) -> None:
    root = as_received(SHAPES["two-representations"](tmp_path))
    edit(root, METS, old, new)
    found = {(each.code, each.path) for each in check_aip(root, listing_of(root)).findings}
    assert (code, METS) in found
    assert (code, OTHER) not in found


def test_what_only_the_package_must_have_is_not_asked_of_a_representation(tmp_path: Path) -> None:
    """Documentation, schemas and descriptive metadata (CSIP17, CSIP60, CSIP113)."""
    root = as_received(SHAPES["one-file"](tmp_path))
    assert check_aip(root, listing_of(root)).findings == ()


def test_a_representation_that_points_to_the_other_ones_file_lists_it_too(tmp_path: Path) -> None:
    root = as_received(SHAPES["two-representations"](tmp_path))
    edit(root, METS, 'xlink:href="data/a.txt"', 'xlink:href="../access%20copies/data/a.pdf"')
    found = {(each.code, each.path) for each in check_aip(root, listing_of(root)).findings}
    assert ("digest-mismatch", "representations/access copies/data/a.pdf") in found
    assert ("file-undeclared", "representations/original/data/a.txt") in found


def test_a_representation_that_is_gone_is_told_of_every_file(tmp_path: Path) -> None:
    root = as_received(SHAPES["two-representations"](tmp_path))
    shutil.rmtree(root / "representations" / "original")
    missing = {
        each.path
        for each in check_aip(root, listing_of(root)).findings
        if each.code == "file-missing"
    }
    assert missing == {METS}


@pytest.mark.parametrize(
    ("folder", "href", "path"),
    [
        ("", "a", "a"),
        ("", "./a//b", "a/b"),
        ("", "../a", None),
        ("", "a/../../b", None),
        ("r/x/", "../a", "r/a"),
        ("r/x/", "../../a", "a"),
        ("r/x/", "../../../a", None),
        ("r/x/", "data/%2e%2e/a", "r/x/a"),
        ("r/x/", "data/100%25", "r/x/data/100%25"),
        ("r/x/", "data/%FF", "r/x/data/%FF"),
        ("r/x/", "", None),
        ("r/x/", "/a", None),
        ("r/x/", "urn:a", None),
    ],
)
def test_an_href_leads_from_its_own_document(folder: str, href: str, path: str | None) -> None:
    assert inside(folder, href) == path
