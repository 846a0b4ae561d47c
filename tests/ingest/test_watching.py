"""A watched folder hands in what has stopped changing, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.ingest.services.watching import WatchedFolder, fingerprint_of
from muniment.runtime.errors import StorageUnavailable


def names(found: list[tuple[Path, str]]) -> list[str]:
    return [path.name for path, _ in found]


def test_an_entry_is_taken_when_it_has_settled(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(b"x")
    watched = WatchedFolder(tmp_path, settle_s=5)
    assert names(watched.settled(0)) == []
    assert names(watched.settled(4.9)) == []
    assert names(watched.settled(5)) == ["a.zip"]


def test_an_entry_that_grows_waits(tmp_path: Path) -> None:
    file = tmp_path / "a.zip"
    watched = WatchedFolder(tmp_path, settle_s=5)
    file.write_bytes(b"x")
    watched.settled(0)
    file.write_bytes(b"xx")
    assert names(watched.settled(5)) == []
    assert names(watched.settled(10)) == ["a.zip"]


def test_a_change_deep_in_a_folder_counts(tmp_path: Path) -> None:
    deep = tmp_path / "bag" / "data" / "a.txt"
    deep.parent.mkdir(parents=True)
    deep.write_text("one")
    before = fingerprint_of(tmp_path / "bag")
    deep.write_text("three")
    assert fingerprint_of(tmp_path / "bag") != before


@pytest.mark.parametrize("name", [".hidden", "copy.part", "copy.filepart", "x.crdownload", "y.tmp"])
def test_unfinished_copies_wait(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    watched = WatchedFolder(tmp_path, settle_s=0)
    assert watched.settled(0) == []


def test_a_folder_that_went_away_is_said_to_be_unusable(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable, match="gone"):
        WatchedFolder(tmp_path / "gone", settle_s=0).settled(0)


def test_names_that_are_not_text_are_taken(tmp_path: Path) -> None:
    Path(bytes(tmp_path).decode() + "/").joinpath("x").write_bytes(b"")
    with open(bytes(tmp_path) + b"/caf\xe9", "wb"):  # noqa: PTH123  # pathlib takes no bytes
        pass
    assert len(WatchedFolder(tmp_path, settle_s=0).settled(0)) == 2
