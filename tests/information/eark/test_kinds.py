"""Packages that claim less, hold less or are built otherwise than ours, and are good too."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from muniment.information.dublin_core import DublinCore
from muniment.information.eark import (
    EarkReport,
    PackageKind,
    SipDescription,
    check_package,
    check_sip,
    recognise,
    write_sip,
)
from muniment.information.mets import METS_NAMESPACE
from muniment.information.premis import Identifier
from tests.information.eark.builders import PACKAGE_ID, a_sip, as_received, edit, listing_of
from tests.judges.fixtures import XsdJudge

ROOT = "METS.xml"
XLINK = "http://www.w3.org/1999/xlink"


def errors_of(report: EarkReport) -> set[str]:
    return {each.code for each in report.findings if each.severity == "error"}


def without_content(folder: Path) -> Path:
    """Write a SIP of an empty folder, without a title."""
    (folder / "content").mkdir(parents=True)
    description = SipDescription(
        package_id=PACKAGE_ID,
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
        submitter="Museum of Letters",
        software_version="0.1.0",
        dublin_core=DublinCore(),
    )
    write_sip(description, folder / "content", folder / "sip")
    return folder / "sip"


def test_a_sip_without_content_is_good(tmp_path: Path) -> None:
    root = as_received(without_content(tmp_path))
    report = check_sip(root, listing_of(root))
    assert errors_of(report) == set()
    assert (report.title, report.representations) == (f"uuid-{PACKAGE_ID}", ("original",))


@pytest.mark.parametrize("path", [ROOT, "representations/original/METS.xml"])
def test_a_sip_without_content_is_valid_mets(
    tmp_path: Path, xsd_judge: XsdJudge, path: str
) -> None:
    assert xsd_judge("mets.xsd", without_content(tmp_path) / path) == []


def test_a_dip_is_held_to_the_common_rules_alone(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    edit(root, ROOT, 'OAISPACKAGETYPE="SIP"', 'OAISPACKAGETYPE="DIP"')
    edit(root, ROOT, "E-ARK-SIP-v2", "E-ARK-DIP-v2")
    assert recognise(root) is PackageKind.GENERIC
    assert errors_of(check_package(root, listing_of(root), PackageKind.GENERIC)) == set()


def test_the_archival_creator_names_the_source_where_nobody_submits(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    edit(root, ROOT, 'ROLE="CREATOR" TYPE="ORGANIZATION"', 'ROLE="ARCHIVIST" TYPE="INDIVIDUAL"')
    report = check_sip(root, listing_of(root))
    assert report.identifiers == (Identifier("mets:Museum of Letters", f"uuid-{PACKAGE_ID}"),)
    assert errors_of(report) == {"SIP15"}


def test_a_package_of_nobody_has_an_identifier_of_its_own(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    edit(root, ROOT, "<name>Museum of Letters</name>", "<name/>")
    assert check_sip(root, listing_of(root)).identifiers == (
        Identifier("mets", f"uuid-{PACKAGE_ID}"),
    )


def test_a_preservation_agent_that_is_an_organisation_is_good(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    agent = (
        '<agent ROLE="PRESERVATION" TYPE="ORGANIZATION"><name>Archive</name></agent>'
        '<agent ROLE="ARCHIVIST" TYPE="INDIVIDUAL"><name>Ada</name>'
        '<note csip:NOTETYPE="IDENTIFICATIONCODE">7</note></agent></metsHdr>'
    )
    edit(root, ROOT, "</metsHdr>", agent)
    assert errors_of(check_sip(root, listing_of(root))) == set()


def test_pointers_in_the_div_of_all_representations_are_good(tmp_path: Path) -> None:
    """A package with one representation may have its mptr there (CSIP107)."""
    root = as_received(a_sip(tmp_path))
    edit(root, ROOT, 'LABEL="Representations/original"', 'LABEL="Representations"')
    assert errors_of(check_sip(root, listing_of(root))) == set()


def test_a_software_agent_without_a_version_lacks_it_and_nothing_else(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    edit(root, ROOT, '<note csip:NOTETYPE="SOFTWARE VERSION">0.1.0</note>', "")
    assert errors_of(check_sip(root, listing_of(root))) == {"CSIP15"}


def test_a_file_without_a_place_lacks_it_and_nothing_else(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    locator = '<FLocat LOCTYPE="URL" xlink:type="simple" xlink:href="schemas/dc.xsd"/>'
    edit(root, ROOT, locator, "")
    report = check_sip(root, listing_of(root))
    assert errors_of(report) == {"CSIP76"}
    assert ("file-undeclared", "schemas/dc.xsd") in {(f.code, f.path) for f in report.findings}


@pytest.mark.parametrize("href", ["./schemas/dc.xsd", "schemas//dc.xsd", "schemas/./x/../dc.xsd"])
def test_detours_of_an_href_lead_to_the_same_file(tmp_path: Path, href: str) -> None:
    root = as_received(a_sip(tmp_path))
    edit(root, ROOT, 'xlink:href="schemas/dc.xsd"', f'xlink:href="{href}"')
    assert errors_of(check_sip(root, listing_of(root))) == set()


def a_mets(folder: Path, inner: str) -> EarkReport:
    text = f'<mets xmlns="{METS_NAMESPACE}" xmlns:x="{XLINK}" OBJID="o">{inner}</mets>'
    (folder / ROOT).write_text(text)
    return check_package(folder, listing_of(folder), PackageKind.GENERIC)


def test_pointers_outside_of_any_div_are_looked_at_too(tmp_path: Path) -> None:
    report = a_mets(
        tmp_path,
        '<structMap LABEL="CSIP"><fptr FILEID="nowhere"/><mptr x:href="gone.xml"/></structMap>',
    )
    found = {(each.code, each.params.get("id"), each.path) for each in report.findings}
    assert ("id-dangling", "nowhere", ROOT) in found
    assert ("file-missing", None, "gone.xml") in found


def test_a_second_map_that_is_not_the_csip_is_free(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    logical = '<structMap TYPE="LOGICAL"><div><fptr/></div><div/></structMap></mets>'
    edit(root, ROOT, "</mets>", logical)
    assert errors_of(check_sip(root, listing_of(root))) == set()


def test_sections_that_are_superseded_need_no_place_in_the_map(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    edit(root, ROOT, 'STATUS="CURRENT"', 'STATUS="SUPERSEDED"')
    edit(root, ROOT, ' DMDID="dublin-core"', "")
    codes = {each.code for each in check_sip(root, listing_of(root)).findings}
    assert "CSIP92" not in codes


def test_groups_inside_groups_count_as_one(tmp_path: Path) -> None:
    """CSIP66 asks of the outer group only that it holds files, however deep."""
    root = as_received(a_sip(tmp_path))
    edit(root, ROOT, '<file ID="file-group-schemas"', '<fileGrp ID="inner" USE="x"><file ID="f"')
    edit(root, ROOT, 'dc.xsd"/></file>', 'dc.xsd"/></file></fileGrp>')
    assert errors_of(check_sip(root, listing_of(root))) == set()


def test_files_beside_the_package_are_not_its_own(tmp_path: Path) -> None:
    a_sip(tmp_path / "work").rename(tmp_path / "package")
    root = tmp_path / "outer"
    root.mkdir()
    (tmp_path / "package").rename(root / "package")
    files = [*listing_of(as_received(root))]
    stray = files[0].__class__("stray", "stray", 0, files[0].digests, None)
    (report, with_stray) = (check_sip(root, files), check_sip(root, [*files, stray]))
    assert errors_of(with_stray) == errors_of(report)
    assert ("file-undeclared", "stray") in {(each.code, each.path) for each in with_stray.findings}


def test_the_same_file_in_two_documents_is_compared_with_both(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    entry = (
        '<file ID="again" MIMETYPE="text/plain" SIZE="9" CREATED="2026" CHECKSUM="00"'
        ' CHECKSUMTYPE="SHA-256"><FLocat LOCTYPE="URL" xlink:type="simple"'
        ' xlink:href="representations/original/data/empty"/></file>'
    )
    edit(root, ROOT, '<file ID="file-group-schemas"', entry + '<file ID="file-group-schemas"')
    found = [
        (each.code, each.params["document"])
        for each in check_sip(root, listing_of(root)).findings
        if each.path == "representations/original/data/empty"
    ]
    assert found == [("size-mismatch", ROOT), ("digest-mismatch", ROOT)]


def test_a_file_that_cannot_be_read_is_no_fault_of_the_package(tmp_path: Path) -> None:
    from muniment.runtime.errors import StorageUnavailable

    root = as_received(a_sip(tmp_path))
    listed = [
        file.__class__(file.path, file.original_name, file.size_bytes, {}, None)
        for file in listing_of(root)
    ]
    (root / "representations/original/data/empty").unlink()
    with pytest.raises(StorageUnavailable, match="cannot read"):
        check_sip(root, listed)
