"""The package of DESIGN §3: what `write_aip` writes is what `read_aip` reads and judges accept."""

from __future__ import annotations

from hashlib import sha256, sha512
from pathlib import Path

import pytest

from muniment.information.aip import DescribedFile, KeptRepresentation, read_aip, write_aip
from muniment.information.premis import Event, IntellectualEntity, Representation
from tests.information.aip.builders import (
    A_LICENCE,
    DESCRIPTION,
    OBJECT_ID,
    SOFTWARE,
    a_description,
    a_file,
    a_representation,
    a_submission_file,
    an_event,
    opener_of,
    put,
)
from tests.judges.fixtures import Judge, XsdJudge

FILES = {
    "a.txt": b"a",
    "letters/été 100%25 & <more>.txt": b"bonjour",
    "a\nb.txt": b"odd name",
}
SUBMISSION = {"bag-info.txt": b"Bag-Size: 1\n", "manifest-sha256.txt": b""}


def a_whole_package(folder: Path) -> Path:
    described = [a_file(path, content) for path, content in FILES.items()]
    extra = [a_submission_file(path, content) for path, content in SUBMISSION.items()]
    write_aip(
        a_description(
            representations=(
                a_representation(described),
                a_representation([a_file("p.txt", b"p")], name="access", events=lambda: iter(())),
            ),
            submission=lambda: iter(extra),
        ),
        folder,
    )
    for path, content in FILES.items():
        put(folder, f"representations/original/data/{path}", content)
    put(folder, "representations/access/data/p.txt", b"p")
    for path, content in SUBMISSION.items():
        put(folder, f"submission/{path}", content)
    return folder


def test_the_layout_is_that_of_the_design(tmp_path: Path) -> None:
    written = write_aip(a_description(), tmp_path)
    assert sorted(file.logical_path for file in written) == [
        "METS.xml",
        "documentation/README.txt",
        "metadata/descriptive/dc.xml",
        "metadata/preservation/premis.xml",
        "representations/original/METS.xml",
        "representations/original/metadata/preservation/premis.xml",
        "schemas/dc.xsd",
    ]


def test_the_digests_are_those_of_what_was_written(tmp_path: Path) -> None:
    for file in write_aip(a_description(), tmp_path):
        content = (tmp_path / file.logical_path).read_bytes()
        assert file.size_bytes == len(content)
        assert file.digests == {
            "sha512": sha512(content).hexdigest(),
            "sha256": sha256(content).hexdigest(),
        }


def test_writing_again_gives_the_same_bytes(tmp_path: Path) -> None:
    assert write_aip(a_description(), tmp_path) == write_aip(a_description(), tmp_path)


def test_the_entity_comes_back_with_its_events_agents_and_rights(tmp_path: Path) -> None:
    write_aip(a_description(), tmp_path)
    entity, *others = read_aip(opener_of(tmp_path)).units()
    assert isinstance(entity, IntellectualEntity)
    assert [each.value for each in entity.identifiers] == [OBJECT_ID, "42"]
    assert others == [an_event(), SOFTWARE, A_LICENCE]


def test_the_files_of_a_representation_come_back_with_all_that_was_said(tmp_path: Path) -> None:
    files = [
        a_file(),
        a_file("b & c.bin", b"b", puid="", format_name="", basis="", mime_type="", validity=""),
        a_file("d", b"d", warnings=("extension mismatch", "basis: not a basis"), properties={}),
    ]
    write_aip(a_description(representations=(a_representation(files),)), tmp_path)
    units = list(read_aip(opener_of(tmp_path)).representation("original"))
    assert [unit for unit in units if isinstance(unit, DescribedFile)] == files
    assert isinstance(units[0], Representation)
    assert [unit for unit in units if isinstance(unit, Event)] == [an_event("virus check", "")]


def test_the_description_comes_back(tmp_path: Path) -> None:
    write_aip(a_description(), tmp_path)
    assert read_aip(opener_of(tmp_path)).dublin_core() == DESCRIPTION


def test_empty_folders_are_recorded(tmp_path: Path) -> None:
    representation = a_representation([a_file()], empty_folders=("x/y", "z"))
    write_aip(a_description(representations=(representation,)), tmp_path)
    unit = next(read_aip(opener_of(tmp_path)).representation("original"))
    assert isinstance(unit, Representation)
    assert unit.significant_properties == (("empty folder", "x/y"), ("empty folder", "z"))


def test_the_submission_comes_back_from_the_root_mets(tmp_path: Path) -> None:
    reader = read_aip(opener_of(a_whole_package(tmp_path)))
    assert [(file.path, file.size_bytes) for file in reader.submission()] == [
        ("bag-info.txt", 12),
        ("manifest-sha256.txt", 0),
    ]


def test_a_kept_representation_is_pointed_to_and_not_written(tmp_path: Path) -> None:
    write_aip(a_description(), tmp_path / "v1")
    kept = read_aip(opener_of(tmp_path / "v1")).representations()
    written = write_aip(a_description(representations=kept), tmp_path / "v2")
    assert isinstance(kept[0], KeptRepresentation)
    assert not [file for file in written if file.logical_path.startswith("representations/")]
    assert read_aip(opener_of(tmp_path / "v2")).representations() == kept


def test_an_empty_representation_is_still_a_package(tmp_path: Path) -> None:
    write_aip(a_description(representations=(a_representation([]),)), tmp_path)
    assert len(list(read_aip(opener_of(tmp_path)).representation("original"))) == 3


@pytest.mark.tool("eark-validator")
def test_eark_validator_finds_no_error(eark_judge: Judge, tmp_path: Path) -> None:
    assert eark_judge(a_whole_package(tmp_path)) == []


@pytest.mark.parametrize(
    ("schema", "path"),
    [
        ("mets.xsd", "METS.xml"),
        ("mets.xsd", "representations/original/METS.xml"),
        ("mets.xsd", "representations/access/METS.xml"),
        ("premis-v3.xsd", "metadata/preservation/premis.xml"),
        ("premis-v3.xsd", "representations/original/metadata/preservation/premis.xml"),
    ],
)
def test_the_official_schemas_accept_it(
    xsd_judge: XsdJudge, tmp_path: Path, schema: str, path: str
) -> None:
    assert xsd_judge(schema, a_whole_package(tmp_path) / path) == []
