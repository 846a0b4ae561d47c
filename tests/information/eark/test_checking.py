"""E-ARK packages: a good one has no error, each fault has its own code, nothing raises."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.information.eark import (
    EarkReport,
    PackageKind,
    check_aip,
    check_sip,
    recognise,
)
from muniment.information.premis import Identifier
from muniment.runtime.findings import Severity
from tests.information.aip.test_writing import a_whole_package
from tests.information.eark.builders import DATA, PACKAGE_ID, a_sip, as_received, edit, listing_of

REPRESENTATION = "representations/original/METS.xml"
LETTER = f"{DATA}/a b.txt"


def checked(root: Path) -> EarkReport:
    return check_sip(root, listing_of(root))


def errors_of(report: EarkReport) -> list[tuple[str, str | None]]:
    return [(each.code, each.path) for each in report.findings if each.severity is Severity.ERROR]


def codes_of(report: EarkReport) -> set[str]:
    return {each.code for each in report.findings}


def test_a_sip_that_we_wrote_has_no_error(tmp_path: Path) -> None:
    assert errors_of(checked(as_received(a_sip(tmp_path)))) == []


def test_an_aip_that_we_wrote_has_no_finding_at_all(tmp_path: Path) -> None:
    root = as_received(a_whole_package(tmp_path))
    assert check_aip(root, listing_of(root)).findings == ()


def test_the_report_says_what_ingest_needs(tmp_path: Path) -> None:
    report = checked(as_received(a_sip(tmp_path)))
    assert report.identifiers == (Identifier("mets:Museum of Letters", f"uuid-{PACKAGE_ID}"),)
    assert report.dublin_core.first("title") == "Letters"
    assert report.representations == ("original",)
    assert report.declared[f"{DATA}/sub/100%25.txt"].size_bytes == 8


def test_a_package_in_a_single_folder_is_found_there(tmp_path: Path) -> None:
    a_sip(tmp_path / "work").rename(tmp_path / "package")
    (tmp_path / "outer").mkdir()
    (tmp_path / "package").rename(tmp_path / "outer" / "package")
    report = checked(as_received(tmp_path / "outer"))
    assert errors_of(report) == []
    assert report.folder == "package/"
    assert recognise(tmp_path / "outer") is PackageKind.SIP


def test_an_altered_file_is_named_with_both_digests(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    (root / LETTER).write_bytes(b"lettres")
    report = checked(root)
    finding = next(each for each in report.findings if each.code == "digest-mismatch")
    assert errors_of(report) == [("digest-mismatch", LETTER)]
    assert finding.expected != finding.found
    assert finding.params["document"] == REPRESENTATION


def test_a_file_of_another_size_is_named_with_both_sizes(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    (root / LETTER).write_bytes(b"letters and papers")
    finding = next(each for each in checked(root).findings if each.code == "size-mismatch")
    assert (finding.expected, finding.found) == ("7", "18")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    (root / LETTER).unlink()
    assert errors_of(checked(root)) == [("file-missing", LETTER)]


def test_a_file_that_no_mets_lists_is_a_warning(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    (root / DATA / "extra.txt").write_bytes(b"?")
    report = checked(root)
    assert errors_of(report) == []
    assert "file-undeclared" in codes_of(report)


def test_a_digest_that_the_listing_lacks_is_computed(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    edit(
        root,
        REPRESENTATION,
        'CHECKSUM="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" '
        'CHECKSUMTYPE="SHA-256"',
        'CHECKSUM="d41d8cd98f00b204e9800998ecf8427f" CHECKSUMTYPE="MD5"',
    )
    assert ("digest-mismatch", f"{DATA}/empty") in errors_of(checked(root))


def test_an_algorithm_that_nobody_here_knows_is_a_warning(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    edit(root, REPRESENTATION, 'CHECKSUMTYPE="SHA-256"><FLocat', 'CHECKSUMTYPE="HAVAL"><FLocat')
    assert "digest-unchecked" in codes_of(checked(root))


@pytest.mark.parametrize(
    ("href", "code"),
    [
        ("../../../../etc/passwd", "href-outside"),
        ("data/%2e%2e/%2e%2e/../../../x", "href-outside"),
        ("/etc/passwd", "href-outside"),
        ("https://example.org/a", "href-outside"),
        ("file:///etc/passwd", "file-missing"),
        ("data/%00", "file-missing"),
        ("data/" + "x" * 5000, "file-missing"),
    ],
)
def test_an_href_never_leads_out_of_the_package(tmp_path: Path, href: str, code: str) -> None:
    root = as_received(a_sip(tmp_path))
    edit(root, REPRESENTATION, 'xlink:href="data/a%20b.txt"', f'xlink:href="{href}"')
    assert code in [found for found, _ in errors_of(checked(root))]


def test_a_pointer_to_a_mets_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    (root / REPRESENTATION).unlink()
    assert ("file-missing", REPRESENTATION) in errors_of(checked(root))


def test_a_destroyed_representation_mets_is_named(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    (root / REPRESENTATION).write_bytes(b"<mets")
    found = errors_of(checked(root))
    assert ("XML01", REPRESENTATION) in found
    assert ("digest-mismatch", REPRESENTATION) in found


def test_a_representation_that_no_pointer_names_is_checked_all_the_same(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    (root / "representations/original").rename(root / "representations/second")
    report = checked(root)
    assert "CSIP105" in codes_of(report)
    assert "representations/second/data/a b.txt" in report.declared


def test_mets_documents_that_point_to_each_other_end(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    edit(
        root, "METS.xml", 'xlink:href="representations/original/METS.xml"', 'xlink:href="METS.xml"'
    )
    assert ("digest-mismatch", "METS.xml") not in errors_of(checked(root))


def test_a_folder_without_mets_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    assert errors_of(checked(tmp_path)) == [("CSIPSTR4", "METS.xml")]
    assert recognise(tmp_path) is None


def test_missing_folders_are_warnings(tmp_path: Path) -> None:
    (tmp_path / "METS.xml").write_text(
        '<mets xmlns="http://www.loc.gov/METS/" OBJID="x"><structMap><div/></structMap></mets>'
    )
    codes = codes_of(checked(tmp_path))
    assert {"CSIPSTR5", "CSIPSTR9", "CSIPSTR15", "CSIPSTR16"} <= codes


def test_the_dublin_core_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    root = as_received(a_sip(tmp_path))
    (root / "metadata/descriptive/dc.xml").write_bytes(b"no xml")
    assert ("XML01", "metadata/descriptive/dc.xml") in errors_of(checked(root))
