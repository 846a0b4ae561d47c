"""Every code that a validator can see in an object: a good object, broken in one way."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.information.ocfl import Declares
from muniment.information.ocfl.validation import validate_object
from muniment.runtime.findings import Severity
from tests.information.ocfl.builders import an_object, declare, rewrite, sha512
from tests.information.ocfl.object_faults import (
    MORE_VERSIONS,
    ONE_VERSION,
    TWO_VERSIONS,
    Break,
    changed,
)

FILES = {"a.txt": b"one", "b/c.txt": b"two"}


def codes_of(root: Path) -> set[str]:
    return {finding.code for finding in validate_object(root, workers=0).findings}


def test_a_good_object_has_no_findings(tmp_path: Path) -> None:
    assert validate_object(an_object(tmp_path / "o", [FILES, FILES])).findings == ()


@pytest.mark.parametrize(("codes", "break_it"), ONE_VERSION)
def test_an_object_of_one_version_gets_exactly_its_codes(
    tmp_path: Path, codes: str, break_it: Break
) -> None:
    root = an_object(tmp_path / "o", [FILES])
    break_it(root)
    assert codes_of(root) == set(codes.split())


@pytest.mark.parametrize(("codes", "break_it"), TWO_VERSIONS)
def test_an_object_of_two_versions_gets_exactly_its_codes(
    tmp_path: Path, codes: str, break_it: Break
) -> None:
    root = an_object(tmp_path / "o", [FILES, FILES])
    break_it(root)
    assert codes_of(root) == set(codes.split())


@pytest.mark.parametrize(("versions", "codes", "break_it"), MORE_VERSIONS)
def test_an_object_of_more_versions_gets_exactly_its_codes(
    tmp_path: Path, versions: int, codes: str, break_it: Break
) -> None:
    root = an_object(tmp_path / "o", [FILES] * versions)
    break_it(root)
    assert codes_of(root) == set(codes.split())


def test_a_prior_inventory_that_lies_about_bytes_is_told(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a.txt": b"one"}] * 2)
    rewrite(root, lambda d: d["fixity"]["md5"].update({"0" * 32: ["v1/content/a.txt"]}), "v1")
    assert codes_of(root) == {"E093"}


def test_quick_reads_no_content(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES])
    (root / "v1/content/a.txt").write_bytes(b"ONE")
    assert validate_object(root, quick=True).is_valid
    assert not validate_object(root).is_valid


def test_quick_sees_what_is_missing(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES])
    (root / "v1/content/a.txt").unlink()
    assert {finding.code for finding in validate_object(root, quick=True).findings} == {
        "E092",
        "E093",
    }


def test_a_finding_says_where_and_what_and_by_which_clause(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a.txt": b"one"}])
    rewrite(root, lambda d: d.pop("fixity"))
    (root / "v1/content/a.txt").write_bytes(b"ONE")
    (finding,) = validate_object(root).findings
    assert finding.severity is Severity.ERROR
    assert finding.path == "v1/content/a.txt"
    assert finding.clause == "https://ocfl.io/1.1/spec/#E092"
    assert finding.expected == sha512(b"one")
    assert finding.found == sha512(b"ONE")


def test_an_object_of_1_0_is_told_the_codes_of_1_0(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES])
    (root / "0=ocfl_object_1.1").unlink()
    declare(root, Declares.OBJECT, "1.0")
    changed(lambda d: d.update(type="https://ocfl.io/1.0/spec/#inventory", fixity=None))(root)
    (finding,) = validate_object(root).findings
    assert (finding.code, finding.clause) == ("E056", "https://ocfl.io/1.0/spec/#E056")


def test_a_name_that_is_not_utf_8_is_told_and_can_be_printed(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES])
    Path(str(root / "v1/content/") + "/\udcff").write_bytes(b"x")
    (finding,) = validate_object(root).findings
    assert (finding.code, finding.path) == ("E023", "v1/content/\\xff")


@pytest.mark.parametrize("damaged", ["", "v2/"])
def test_of_two_inventories_that_differ_the_damaged_one_is_blamed(
    tmp_path: Path, damaged: str
) -> None:
    root = an_object(tmp_path / "o", [FILES, FILES])
    inventory = root / damaged / "inventory.json"
    inventory.write_bytes(inventory.read_bytes().replace(b'"v1"', b'"v1" '))
    told = {(each.code, each.path) for each in validate_object(root, workers=0).findings}
    path = f"{damaged}inventory.json"
    assert told == {("E060", path), ("E064", path)}


def test_without_a_damaged_one_the_inventory_of_the_version_is_blamed(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [FILES, FILES])
    rewrite(root, lambda document: document["versions"]["v2"].update(message="x"), "v2")
    told = {(each.code, each.path) for each in validate_object(root, workers=0).findings}
    assert told == {("E064", "v2/inventory.json")}
