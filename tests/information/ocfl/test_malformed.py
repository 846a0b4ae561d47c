"""Malformed inventories are findings, never a traceback."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.events import MALFORMED as RAISED
from muniment.information.ocfl.events import json_events
from muniment.information.ocfl.parsing import InventoryParser
from muniment.information.ocfl.validation import validate_object
from tests.information.ocfl.builders import an_object, sha512, write_bytes
from tests.information.ocfl.malformed import MALFORMED

SHORT = {
    "id",
    "manifest",
    "versions",
    "v1",
    "state",
    "fixity",
    "md5",
    "user",
    "created",
    sha512(b""),
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED.keys())
@pytest.mark.parametrize("place", ["", "v1"])
def test_a_malformed_inventory_is_a_finding(tmp_path: Path, content: bytes, place: str) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}, {"b": b"one"}])
    write_bytes(root / place, content)
    report = validate_object(root, workers=0)
    assert not report.is_valid
    assert all(finding.message for finding in report.findings)


def test_a_repeated_key_is_told_as_no_good_json(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    text = (root / "inventory.json").read_text()
    twice = text.replace('"head": "v1",', '"head": "v1", "head": "v1",')
    for folder in (root, root / "v1"):
        write_bytes(folder, twice.encode())
    (finding,) = validate_object(root).findings
    assert (finding.code, finding.pointer) == ("E033", "/head")


def test_paths_that_no_file_system_has_are_missing(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    text = (root / "inventory.json").read_text().replace("v1/content/a", "v1/content/\\u0000")
    for folder in (root, root / "v1"):
        write_bytes(folder, text.encode())
    assert {finding.code for finding in validate_object(root).findings} == {"E023", "E092", "E093"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(sorted(SHORT)) | st.text(max_size=2), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(document=JSON, cut=st.integers(min_value=0, max_value=400))
def test_the_parser_reports_and_never_fails(document: object, cut: int) -> None:
    import json

    told: list[str] = []

    def report(code: str, pointer: str, detail: str = "") -> None:
        told.append(code + pointer + detail)

    database = InventoryDatabase()
    content = json.dumps(document).encode()[: cut or None]
    try:
        InventoryParser(database, report).parse(json_events(BytesIO(content)))
    except RAISED as exc:
        told.append(str(exc))
    finally:
        database.close()
    assert told or isinstance(document, dict)


@pytest.mark.parametrize("name", ["inventory.json", "inventory.json.sha512", "v1/inventory.json"])
@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_regular_file_is_not_opened(
    tmp_path: Path, name: str, make: Callable[[Path], object]
) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    (root / name).unlink()
    make(root / name)
    report = validate_object(root)
    assert "UNREADABLE" in {finding.code for finding in report.findings}
    assert not report.is_complete


@pytest.mark.parametrize("make", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_a_declaration_that_is_no_regular_file_is_told(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    (root / "0=ocfl_object_1.1").unlink()
    make(root / "0=ocfl_object_1.1")
    assert "E002" in {finding.code for finding in validate_object(root).findings}
