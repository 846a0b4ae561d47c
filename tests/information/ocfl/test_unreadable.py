"""Could not read is not damaged and not missing: what we may not read is told as that."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.information.ocfl import HashAndIdNTuple, find_objects, load_inventory, read_layout
from muniment.information.ocfl.validation import validate_object, validate_root
from muniment.information.ocfl.validation.content import Reading, check_content
from muniment.information.ocfl.validation.inventory import check_inventory
from muniment.information.ocfl.validation.log import FindingLog
from muniment.information.ocfl.validation.tables import ValidationTables
from muniment.runtime.errors import CorruptObject, ObjectMissing, StorageUnavailable
from muniment.runtime.findings import Severity
from tests.information.ocfl.builders import OBJECT_ID, a_root, an_object
from tests.ordinary_user import ordinary_user

FILES = {"a.txt": b"one", "b/c.txt": b"two"}
LAYOUT = HashAndIdNTuple()


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A place that an ordinary user can reach."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def told_without_rights(folder: Path, closed: str) -> list[tuple[str, str | None]]:
    """Close one path and validate as an ordinary user."""
    (folder / closed).chmod(0)
    with ordinary_user():
        report = validate_object(folder, workers=0)
    (folder / closed).chmod(0o755)
    assert not report.is_complete
    return [(each.code, each.path) for each in report.of(Severity.ERROR)]


@pytest.mark.parametrize(
    ("closed", "told"),
    [
        ("v1/content/a.txt", [("UNREADABLE", "v1/content/a.txt")]),
        ("inventory.json", [("UNREADABLE", "inventory.json")]),
        ("inventory.json.sha512", [("UNREADABLE", "inventory.json.sha512")]),
        ("v1/inventory.json", [("UNREADABLE", "v1/inventory.json")]),
        ("0=ocfl_object_1.1", [("UNREADABLE", "0=ocfl_object_1.1")]),
    ],
)
def test_a_file_that_may_not_be_read_is_told(
    open_to_all: Path, closed: str, told: list[tuple[str, str]]
) -> None:
    root = an_object(open_to_all / "o", [FILES])
    assert told_without_rights(root, closed) == told


@pytest.mark.parametrize("closed", ["v1/content/b", "v1/content", "v1", "extensions", "other"])
def test_nothing_is_said_of_a_folder_but_that_it_may_not_be_read(
    open_to_all: Path, closed: str
) -> None:
    root = an_object(open_to_all / "o", [FILES, FILES])
    (root / closed).mkdir(exist_ok=True)
    stray = [("E001", "other")] if closed == "other" else []
    assert told_without_rights(root, closed) == [*stray, ("UNREADABLE", closed)]


def test_of_an_object_that_may_not_be_read_nothing_else_is_said(open_to_all: Path) -> None:
    root = an_object(open_to_all / "o", [FILES])
    assert told_without_rights(root, ".") == [("UNREADABLE", ".")]


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_a_folder_on_the_way_to_objects_that_may_not_be_read_is_told(
    open_to_all: Path, depth: int
) -> None:
    root = a_root(open_to_all / "root", LAYOUT)
    closed = "/".join(LAYOUT.path_of(OBJECT_ID).split("/")[:depth]) or "."
    (root / closed).chmod(0)
    with ordinary_user():
        report = validate_root(root, workers=0)
    (root / closed).chmod(0o755)
    assert [(each.code, each.path) for each in report.findings if each.code != "UNREADABLE"] == []
    assert ("UNREADABLE", closed) in [(each.code, each.path) for each in report.findings]


def test_a_file_beside_a_folder_that_may_not_be_read_is_still_missed(open_to_all: Path) -> None:
    root = an_object(open_to_all / "o", [FILES])
    (root / "v1/content/a.txt").unlink()
    told = told_without_rights(root, "v1/content/b")
    assert set(told) == {
        ("UNREADABLE", "v1/content/b"),
        ("E092", "v1/content/a.txt"),
        ("E093", "v1/content/a.txt"),
    }


def test_the_strict_reader_says_what_it_could_not_read(open_to_all: Path) -> None:
    root = an_object(open_to_all / "o", [FILES])
    (root / "inventory.json").chmod(0)
    with ordinary_user(), pytest.raises(StorageUnavailable, match="Permission denied"):
        load_inventory(root)


@pytest.mark.parametrize("closed", ["ocfl_layout.json", f"extensions/{LAYOUT.name}/config.json"])
def test_a_layout_that_may_not_be_read_is_told(open_to_all: Path, closed: str) -> None:
    root = a_root(open_to_all / "root", LAYOUT)
    (root / closed).chmod(0)
    with ordinary_user():
        report = validate_root(root, workers=0)
        with pytest.raises(StorageUnavailable):
            read_layout(root)
    assert [(each.code, each.path) for each in report.findings] == [
        ("UNREADABLE", "ocfl_layout.json")
    ]


def test_walking_a_root_that_may_not_be_read_is_unavailable(open_to_all: Path) -> None:
    root = a_root(open_to_all / "root", LAYOUT)
    top = root / LAYOUT.path_of(OBJECT_ID).partition("/")[0]
    top.chmod(0)
    with ordinary_user(), pytest.raises(StorageUnavailable):
        list(find_objects(root))
    top.chmod(0o755)


def test_a_file_that_goes_while_others_are_read_is_missing(tmp_path: Path) -> None:
    root = an_object(tmp_path / "o", [{"a": b"one"}])
    log = FindingLog()
    with ValidationTables() as tables:
        facts = check_inventory(root, "", tables.root, log, declared="1.1")
        assert facts is not None
        row = ("v1/content/a", "sha512", "0" * 128, "E092", "inventory.json")
        tables.root.execute("INSERT INTO expected VALUES (?, ?, ?, ?, ?)", row)
        tables.root.execute("INSERT INTO disk VALUES (?)", row[:1])
        (root / "v1/content/a").unlink()
        check_content(root, tables.root, facts, log, Reading(workers=0))
    assert [(each.code, each.message.rpartition(" went")[2]) for each in log.all_findings()] == [
        ("E092", " away")
    ]


@pytest.mark.parametrize("name", ["inventory.json", "inventory.json.sha512"])
def test_what_is_no_file_is_corrupt_for_the_strict_reader(tmp_path: Path, name: str) -> None:
    root = an_object(tmp_path / "o", [FILES])
    (root / name).unlink()
    (root / name).mkdir()
    with pytest.raises(CorruptObject, match="not a regular file"):
        load_inventory(root)


def test_an_object_that_is_not_there_is_missing_and_not_corrupt(tmp_path: Path) -> None:
    with pytest.raises(ObjectMissing):
        load_inventory(tmp_path / "gone")
