"""Whatever is altered, removed or added in a package, our own check names it.

`eark-validator` hardly looks at files and never reads the METS of a representation (archive spec
§2), so nobody else would.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.eark import check_aip
from tests.information.aip.shapes import SHAPES
from tests.information.eark.builders import as_received, listing_of

SHAPE = SHAPES["two-representations"]
METS = "representations/original/METS.xml"
CONTENT = "representations/original/data/a.txt"
FILES = (
    CONTENT,
    METS,
    "representations/access copies/METS.xml",
    "representations/access copies/data/a.pdf",
    "representations/original/metadata/preservation/premis.xml",
    "representations/access copies/metadata/preservation/premis.xml",
    "metadata/preservation/premis.xml",
    "metadata/descriptive/dc.xml",
    "documentation/README.txt",
    "schemas/dc.xsd",
)


def errors_of(root: Path) -> set[tuple[str, str | None]]:
    found = check_aip(root, listing_of(root)).findings
    return {(each.code, each.path) for each in found if each.severity == "error"}


def test_the_table_names_every_file_but_the_root_mets(tmp_path: Path) -> None:
    root = SHAPE(tmp_path)
    there = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}
    assert there == {*FILES, "METS.xml"}


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_was_removed_is_named(tmp_path: Path, path: str) -> None:
    root = SHAPE(tmp_path)
    (root / path).unlink()
    assert ("file-missing", path) in errors_of(root)


@pytest.mark.parametrize("path", FILES)
def test_a_file_of_another_content_is_named(tmp_path: Path, path: str) -> None:
    root = SHAPE(tmp_path)
    shutil.copy(root / "METS.xml", root / path)
    assert {("digest-mismatch", path), ("size-mismatch", path)} <= errors_of(root)


@given(path=st.sampled_from(FILES), at=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_any_byte_that_changed_is_seen(
    tmp_path_factory: pytest.TempPathFactory, path: str, at: int, flip: int
) -> None:
    root = SHAPE(tmp_path_factory.mktemp("aip") / "aip")
    content = bytearray((root / path).read_bytes())
    content[at % len(content)] ^= flip
    (root / path).write_bytes(content)
    assert ("digest-mismatch", path) in errors_of(root)


@pytest.mark.parametrize("content", [b"", b"<mets", b"<html/>", b"\0" * 1000, b"not xml"])
def test_a_destroyed_representation_mets_is_named(tmp_path: Path, content: bytes) -> None:
    root = SHAPE(tmp_path)
    (root / METS).write_bytes(content)
    found = errors_of(root)
    assert ("digest-mismatch", METS) in found
    assert {code for code, path in found if path == METS} & {"XML01", "XML02", "XML04"}


def test_files_that_changed_places_are_named(tmp_path: Path) -> None:
    root = as_received(SHAPES["odd-names"](tmp_path))
    one, two = (root / "representations/original/data" / name for name in ("-rf", "e\u0301.txt"))
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    altered = {path for code, path in errors_of(root) if code == "digest-mismatch"}
    assert altered == {str(path.relative_to(root)) for path in (one, two)}


def test_a_file_that_was_added_is_told(tmp_path: Path) -> None:
    root = SHAPE(tmp_path)
    (root / "representations/original/data/b.txt").write_bytes(b"b")
    found = check_aip(root, listing_of(root)).findings
    assert [(each.code, each.path) for each in found] == [
        ("file-undeclared", "representations/original/data/b.txt")
    ]


def test_a_representation_mets_that_lists_another_digest_is_named_twice(tmp_path: Path) -> None:
    """Whoever alters content and its METS alike is seen by the root METS."""
    root = SHAPE(tmp_path)
    text = (root / METS).read_text()
    (root / METS).write_text(text.replace('CHECKSUM="', 'CHECKSUM="0', 1))
    assert ("digest-mismatch", METS) in errors_of(root)
