"""Every code that a validator can see in a storage root."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.information.ocfl import HashAndIdNTuple
from muniment.information.ocfl.validation import validate, validate_root
from muniment.runtime.errors import InvalidArgument
from tests.information.ocfl.builders import a_root, an_object
from tests.information.ocfl.root_faults import FAULTS, Break


def codes_of(root: Path) -> set[str]:
    return {finding.code for finding in validate_root(root, workers=0).findings}


@pytest.mark.parametrize(("codes", "break_it"), FAULTS)
def test_a_storage_root_gets_exactly_its_codes(tmp_path: Path, codes: str, break_it: Break) -> None:
    root = a_root(tmp_path / "root", HashAndIdNTuple())
    break_it(root)
    assert codes_of(root) == set(codes.split())


def test_a_good_root_has_no_findings_and_counts_its_objects(tmp_path: Path) -> None:
    root = a_root(tmp_path / "root", HashAndIdNTuple(), ["urn:x:1", "urn:x:2"])
    report = validate(root)
    assert (report.findings, report.object_count) == ((), 2)


def test_findings_of_an_object_name_its_place_in_the_root(tmp_path: Path) -> None:
    layout = HashAndIdNTuple()
    root = a_root(tmp_path / "root", layout, ["urn:x:1"])
    place = layout.path_of("urn:x:1")
    (root / place / "v1/content/z").write_bytes(b"z")
    (finding,) = validate(root).findings
    assert (finding.code, finding.path) == ("E023", f"{place}/v1/content/z")


def test_a_folder_of_objects_without_declaration_is_a_root_without_it(tmp_path: Path) -> None:
    an_object(tmp_path / "a" / "b")
    assert [finding.code for finding in validate(tmp_path).findings] == ["E069"]


def test_an_object_is_taken_for_an_object(tmp_path: Path) -> None:
    assert validate(an_object(tmp_path / "o")).is_valid


def test_a_file_is_refused_as_an_argument(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InvalidArgument, match="not a folder"):
        validate(tmp_path / "file")
