"""Hostile E-ARK packages: every one gets a report, none a traceback."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.eark import PackageKind, check_package, check_sip, recognise
from muniment.information.mets import METS_NAMESPACE
from tests.information.eark.builders import a_sip, as_received, listing_of
from tests.information.xml.hostile import hostile


@pytest.mark.parametrize("document", hostile("mets", METS_NAMESPACE))
@pytest.mark.parametrize("path", ["METS.xml", "representations/original/METS.xml"])
def test_a_hostile_mets_is_an_error_of_the_package(
    tmp_path: Path, document: bytes, path: str
) -> None:
    root = as_received(a_sip(tmp_path))
    (root / path).write_bytes(document)
    report = check_sip(root, listing_of(root))
    assert not report.is_valid
    assert path in {finding.path for finding in report.findings}


@given(cut=st.integers(0, 4000), junk=st.binary(max_size=60), keep=st.integers(0, 400))
def test_any_damage_of_the_root_mets_is_reported(cut: int, junk: bytes, keep: int) -> None:
    with TemporaryDirectory() as folder:
        root = as_received(a_sip(Path(folder)))
        whole = (root / "METS.xml").read_bytes()
        (root / "METS.xml").write_bytes(whole[:cut] + junk + whole[cut + keep :])
        report = check_sip(root, listing_of(root))
        assert all(finding.message for finding in report.findings)


@given(href=st.text(st.characters(codec="utf-8", exclude_characters='"<&')))
def test_no_href_makes_the_check_raise(href: str) -> None:
    with TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "METS.xml").write_text(
            f'<mets xmlns="{METS_NAMESPACE}" xmlns:x="http://www.w3.org/1999/xlink"><structMap>'
            f'<div LABEL="a"><mptr x:href="{href}"/></div></structMap></mets>',
            encoding="utf-8",
            errors="xmlcharrefreplace",
        )
        assert not check_package(root, listing_of(root), PackageKind.GENERIC).is_valid


@pytest.mark.parametrize("document", hostile("mets", METS_NAMESPACE))
def test_a_hostile_mets_is_no_claim_to_be_an_eark_package(tmp_path: Path, document: bytes) -> None:
    (tmp_path / "METS.xml").write_bytes(document)
    assert recognise(tmp_path) is None


def a_mets(folder: Path, profile: str, package_type: str) -> Path:
    (folder / "METS.xml").write_text(
        f'<mets xmlns="{METS_NAMESPACE}" PROFILE="{profile}"'
        ' xmlns:csip="https://DILCIS.eu/XML/METS/CSIPExtensionMETS">'
        f'<metsHdr csip:OAISPACKAGETYPE="{package_type}"/><structMap/></mets>'
    )
    return folder


@pytest.mark.parametrize(
    ("profile", "package_type", "kind"),
    [
        ("https://earksip.dilcis.eu/profile/E-ARK-SIP.xml", "", PackageKind.SIP),
        ("https://earkaip.dilcis.eu/profile/E-ARK-AIP.xml", "", PackageKind.AIP),
        ("https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml", "SIP", PackageKind.SIP),
        ("https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml", "AIP", PackageKind.AIP),
        ("https://earkcsip.dilcis.eu/profile/E-ARK-CSIP.xml", "DIP", PackageKind.GENERIC),
        ("http://archivematica.example/profile", "", None),
    ],
)
def test_a_package_is_what_it_claims_to_be(
    tmp_path: Path, profile: str, package_type: str, kind: PackageKind | None
) -> None:
    assert recognise(a_mets(tmp_path, profile, package_type)) is kind


def test_documents_that_point_ever_deeper_are_given_up(tmp_path: Path) -> None:
    for number in range(12):
        name = f"m{number}.xml" if number else "METS.xml"
        (tmp_path / name).write_text(
            f'<mets xmlns="{METS_NAMESPACE}" xmlns:x="http://www.w3.org/1999/xlink"><structMap>'
            f'<div><mptr x:href="m{number + 1}.xml"/></div></structMap></mets>'
        )
    report = check_package(tmp_path, listing_of(tmp_path), PackageKind.GENERIC)
    assert "too-deep" in {finding.code for finding in report.findings}
