"""Where files lie is remembered for as long as the inventory is the same, and for few of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.runtime.errors import ObjectMissing
from muniment.storage.adapters.local.content_paths import MOST, ContentPaths


class Reading:
    """Counts how often inventories are read."""

    def __init__(self) -> None:
        self.count = 0

    def of(self, path: str) -> Callable[[], Path]:
        """Return what reads that a file lies at `path`."""

        def find() -> Path:
            self.count += 1
            return Path(path)

        return find


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "inventory.json").write_text("{}")
    return tmp_path


def test_the_second_question_reads_nothing(folder: Path) -> None:
    paths, reading = ContentPaths(), Reading()
    for _ in range(3):
        assert paths.path(folder, 1, "a", reading.of("v1/content/a")) == Path("v1/content/a")
    assert reading.count == 1


@pytest.mark.parametrize("how", ["touched", "replaced", "rewritten"])
def test_another_inventory_is_read_anew(folder: Path, how: str) -> None:
    paths, reading, inventory = ContentPaths(), Reading(), folder / "inventory.json"
    paths.path(folder, 1, "a", reading.of("before"))
    match how:
        case "touched":
            os.utime(inventory, (1, 1))
        case "replaced":
            (folder / "other").write_text("{}")
            (folder / "other").replace(inventory)
        case "rewritten":
            inventory.write_text('{"a": 1}')
    assert paths.path(folder, 1, "a", reading.of("after")) == Path("after")
    assert reading.count == 2


def test_versions_and_names_are_apart(folder: Path) -> None:
    paths, reading = ContentPaths(), Reading()
    asked = [(1, "a"), (2, "a"), (1, "b")]
    for number, name in asked:
        paths.path(folder, number, name, reading.of(f"{number}{name}"))
    found = [paths.path(folder, number, name, reading.of("?")) for number, name in asked]
    assert found == [Path("1a"), Path("2a"), Path("1b")]


def test_only_the_latest_are_remembered(folder: Path) -> None:
    paths, reading = ContentPaths(), Reading()
    for number in range(MOST + 10):
        paths.path(folder, 1, f"{number}", reading.of("x"))
    paths.path(folder, 1, f"{MOST + 9}", reading.of("x"))
    assert reading.count == MOST + 10
    paths.path(folder, 1, "0", reading.of("x"))
    assert reading.count == MOST + 11


def test_what_is_not_found_is_not_remembered(folder: Path) -> None:
    paths = ContentPaths()

    def find() -> Path:
        raise ObjectMissing("nothing of the kind")

    with pytest.raises(ObjectMissing):
        paths.path(folder, 1, "a", find)
    assert paths.path(folder, 1, "a", Reading().of("now")) == Path("now")


def test_without_an_inventory_the_reader_says_what_is_wrong(tmp_path: Path) -> None:
    paths, reading = ContentPaths(), Reading()
    for _ in range(2):
        paths.path(tmp_path, 1, "a", reading.of("x"))
    assert reading.count == 2
