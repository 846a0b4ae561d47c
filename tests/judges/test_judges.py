"""The judges are judged: each finds fault with what is at fault, and says so, not nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.judges.fixtures import Judge, XsdJudge


@pytest.mark.tool("bagit")
def test_bagit_finds_a_folder_to_be_no_bag(tmp_path: Path, bagit_judge: Judge) -> None:
    assert "bagit.txt" in bagit_judge(tmp_path)[0]


@pytest.mark.tool("ocfl-py")
def test_ocfl_py_finds_an_empty_root_valid(tmp_path: Path, ocfl_judge: Judge) -> None:
    (tmp_path / "0=ocfl_1.1").write_text("ocfl_1.1\n")
    assert ocfl_judge(tmp_path) == []


@pytest.mark.tool("ocfl-py")
def test_ocfl_py_finds_a_folder_to_be_no_root(tmp_path: Path, ocfl_judge: Judge) -> None:
    assert "E069" in ocfl_judge(tmp_path)[0]


@pytest.mark.tool("ocfl-py")
def test_ocfl_py_finds_an_object_without_inventory(tmp_path: Path, ocfl_judge: Judge) -> None:
    (tmp_path / "0=ocfl_object_1.1").write_text("ocfl_object_1.1\n")
    assert any("E063" in fault for fault in ocfl_judge(tmp_path))


@pytest.mark.tool("ocfl-py")
def test_ocfl_py_finds_a_bad_object_in_a_root(tmp_path: Path, ocfl_judge: Judge) -> None:
    (tmp_path / "0=ocfl_1.1").write_text("ocfl_1.1\n")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "0=ocfl_object_1.1").write_text("ocfl_object_1.1\n")
    assert ocfl_judge(tmp_path) != []


@pytest.mark.tool("eark-validator")
def test_eark_validator_finds_a_folder_without_mets(tmp_path: Path, eark_judge: Judge) -> None:
    assert any("CSIPSTR4" in fault for fault in eark_judge(tmp_path))


@pytest.mark.parametrize("schema", ["mets.xsd", "premis-v3.xsd"])
def test_a_schema_refuses_a_foreign_document(
    schema: str, tmp_path: Path, xsd_judge: XsdJudge
) -> None:
    document = tmp_path / "foreign.xml"
    document.write_text("<foreign/>")
    assert "foreign" in xsd_judge(schema, document)[0]
