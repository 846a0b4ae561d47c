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
        (["bagit.txt", "data/a"], PackageForm.BAG, ""),
        (["x/bagit.txt", "x/data/a"], PackageForm.BAG, "x"),
        (["x/bagit.txt", "x/data/a", "other"], PackageForm.PLAIN, ""),
        (["bagit.txt", "data/meta/sip.json"], PackageForm.CERN_SIP, ""),
        (["s/bagit.txt", "s/data/meta/sip.json"], PackageForm.CERN_SIP, "s"),
        (["x/y/bagit.txt"], PackageForm.PLAIN, ""),
        ([f"METS.{UUID}.xml", "objects/a"], PackageForm.ARCHIVEMATICA, ""),
        (["bagit.txt", f"data/METS.{UUID}.xml"], PackageForm.ARCHIVEMATICA, ""),
        (["METS.xml"], PackageForm.PLAIN, ""),
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
