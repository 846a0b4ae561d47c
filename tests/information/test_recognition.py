"""The form of a package is told by the files at its root."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.information.listing import ListedFile
from muniment.information.recognition import PackageForm, recognise

UUID = "4a6f2b1c-6a53-4d0e-9d3b-2f1f6f0b6d10"


def listed(*paths: str) -> list[ListedFile]:
    return [ListedFile(path, path, 0, {}, None) for path in paths]


@pytest.mark.parametrize(
    ("paths", "form", "top"),
    [
        (["a.txt"], PackageForm.PLAIN, ""),
        (["a/bagit.txt", "b", "c"], PackageForm.PLAIN, ""),
        (["bagit.txt", "data/a"], PackageForm.BAG, ""),
        (["x/bagit.txt", "x/data/a"], PackageForm.BAG, "x"),
        (["x/bagit.txt", "x/data/a", "other"], PackageForm.PLAIN, ""),
        (["bagit.txt", "data/meta/sip.json"], PackageForm.CERN_SIP, ""),
        (["s/bagit.txt", "s/data/meta/sip.json"], PackageForm.CERN_SIP, "s"),
        (["x/y/bagit.txt"], PackageForm.PLAIN, ""),
        ([f"METS.{UUID}.xml", "objects/a"], PackageForm.ARCHIVEMATICA, ""),
        (["bagit.txt", f"data/METS.{UUID}.xml"], PackageForm.ARCHIVEMATICA, ""),
        (["METS.xml"], PackageForm.PLAIN, ""),
        ([f"t/METS.{UUID}.xml", "t/objects/a"], PackageForm.ARCHIVEMATICA, "t"),
        (["t/bagit.txt", f"t/data/METS.{UUID}.xml"], PackageForm.ARCHIVEMATICA, "t"),
        ([f"METS.{UUID.upper()}.xml"], PackageForm.PLAIN, ""),
        ([f"x/y/METS.{UUID}.xml"], PackageForm.PLAIN, ""),
        (["notbagit.txt", "data/meta/sip.json"], PackageForm.PLAIN, ""),
        (["data/meta/sip.json"], PackageForm.PLAIN, ""),
        (["bagit.txt"], PackageForm.BAG, ""),
    ],
)
def test_the_root_tells_the_form(
    tmp_path: Path, paths: list[str], form: PackageForm, top: str
) -> None:
    (tmp_path / "METS.xml").write_text("<mets/>")
    recognised = recognise(tmp_path, listed(*paths))
    assert (recognised.form, recognised.top) == (form, top)


def test_the_uuid_of_archivematica_is_in_the_name_of_its_mets(tmp_path: Path) -> None:
    assert recognise(tmp_path, listed(f"METS.{UUID}.xml")).mets_uuid == UUID


def test_nothing_is_plain(tmp_path: Path) -> None:
    assert recognise(tmp_path, []).form is PackageForm.PLAIN


PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml"
EARK = {
    "its profile": f'<mets xmlns="http://www.loc.gov/METS/" PROFILE="{PROFILE}"/>',
    "its profile, though cut short": f'<mets PROFILE="{PROFILE}"',
    "its namespace, in any case": '<mets xmlns:csip="https://DILCIS.eu/XML/METS/CSIPExtensionMETS">',
}


@pytest.mark.parametrize("folder", ["", "top"])
@pytest.mark.parametrize("text", EARK.values(), ids=EARK)
def test_a_mets_that_names_eark_is_held_to_it(tmp_path: Path, folder: str, text: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / "METS.xml").write_text(text)
    path = f"{folder}/METS.xml" if folder else "METS.xml"
    recognised = recognise(tmp_path, listed(path))
    assert (recognised.form, recognised.top) == (PackageForm.EARK_SIP, folder)


def test_a_bag_is_a_bag_whatever_mets_lies_beside_it(tmp_path: Path) -> None:
    (tmp_path / "METS.xml").write_text(EARK["its profile"])
    assert recognise(tmp_path, listed("bagit.txt", "METS.xml")).form is PackageForm.BAG


def test_of_several_mets_the_first_by_name_says_whose_it_is(tmp_path: Path) -> None:
    other = UUID.replace("4a", "ff", 1)
    files = listed(f"METS.{other}.xml", f"METS.{UUID}.xml")
    assert recognise(tmp_path, files).mets_uuid == UUID


def test_files_are_looked_at_once_and_not_kept(tmp_path: Path) -> None:
    files = iter(listed(*(f"METS/{number}/METS.txt" for number in range(100)), "bagit.txt"))
    assert recognise(tmp_path, files).form is PackageForm.BAG
