"""Packages of every shape are good for three judges: eark-validator, the schemas, our own check."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from muniment.information.aip import AipReader, DescribedFile, write_aip
from muniment.information.eark import check_aip
from muniment.information.mets import MetsFile, MetsPointer, read_mets
from muniment.information.premis import Representation
from tests.information.aip.builders import a_description, opener_of
from tests.information.aip.shapes import SHAPES
from tests.information.eark.builders import as_received, listing_of
from tests.judges import ask
from tests.judges.fixtures import XsdJudge

every_shape = pytest.mark.parametrize("shape", SHAPES)


@pytest.fixture
def made(shape: str, tmp_path: Path) -> Path:
    return SHAPES[shape](tmp_path / shape)


def data_of(mets: Path) -> list[Path]:
    """Return what lies in the data folder beside the METS of a representation."""
    return list(mets.parent.glob("data/*"))


@pytest.mark.tool("eark-validator")
def test_eark_validator_finds_no_error_in_any_shape(tmp_path: Path) -> None:
    for shape, make in SHAPES.items():
        make(tmp_path / shape)
    found: dict[str, list[str]] = ask("eark-validator", "judge_eark.py", "--each", tmp_path)
    assert found == {shape: [] for shape in SHAPES}


@every_shape
def test_the_official_schemas_accept_every_document(made: Path, xsd_judge: XsdJudge) -> None:
    documents = [*made.rglob("METS.xml"), *made.rglob("premis.xml")]
    assert len(documents) >= 4
    for document in documents:
        schema = "mets.xsd" if document.name == "METS.xml" else "premis-v3.xsd"
        assert xsd_judge(schema, document) == [], document


@every_shape
def test_our_own_check_finds_nothing(made: Path) -> None:
    empty = [path.parent for path in made.glob("representations/*/METS.xml") if not data_of(path)]
    report = check_aip(as_received(made), listing_of(made))
    # A listing has no folders: an empty data/ is not there.
    assert [(each.code, each.path) for each in report.findings] == [
        ("CSIPSTR11", folder.relative_to(made).as_posix()) for folder in empty
    ]


@every_shape
def test_every_file_is_listed_once_and_every_document_is_pointed_to(made: Path) -> None:
    listed: list[str] = []
    for document in made.rglob("METS.xml"):
        folder = document.parent.relative_to(made).as_posix()
        for part in read_mets(BytesIO(document.read_bytes())):
            if isinstance(part, MetsFile):
                listed.append(f"{folder}/{part.href}".removeprefix("./"))
            if isinstance(part, MetsPointer):
                assert (made / part.href.replace("%20", " ").replace("%C3%BC", "ü")).is_file()
    metadata = {"METS.xml", "dc.xml", "premis.xml"}
    files = [path for path in made.rglob("*") if path.is_file() and path.name not in metadata]
    documents = [path for path in made.rglob("METS.xml") if path.parent != made]
    assert len(listed) == len(set(listed)) == len(files) + len(documents)


@every_shape
def test_it_is_read_back_with_every_file(made: Path) -> None:
    reader = AipReader(opener_of(made))
    for kept in reader.representations():
        first, *units = reader.representation(kept.name)
        assert isinstance(first, Representation)
        found = {unit.path: unit.size_bytes for unit in units if isinstance(unit, DescribedFile)}
        data = made / "representations" / kept.name / "data"
        there = [path for path in data.rglob("*") if path.is_file()]
        assert found == {str(path.relative_to(data)): path.stat().st_size for path in there}
    submission = {each.path: each.size_bytes for each in reader.submission()}
    sent = [path for path in (made / "submission").rglob("*") if path.is_file()]
    assert submission == {
        str(path.relative_to(made / "submission")): path.stat().st_size for path in sent
    }


def test_an_object_that_is_held_elsewhere_has_its_description_and_no_representation(
    tmp_path: Path, xsd_judge: XsdJudge
) -> None:
    written = write_aip(a_description(representations=()), tmp_path)
    assert [file.logical_path for file in written if "representations" in file.logical_path] == []
    assert AipReader(opener_of(tmp_path)).representations() == ()
    assert xsd_judge("mets.xsd", tmp_path / "METS.xml") == []
    assert xsd_judge("premis-v3.xsd", tmp_path / "metadata/preservation/premis.xml") == []
