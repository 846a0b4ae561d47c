"""Making bags of folders and reading them: progress, faults of the disk, odd folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from muniment.information.bagit import BagRecipe, PayloadOxum, create_bag, validate_bag
from muniment.information.bagit.validation import check_listed
from muniment.information.listing import ListedFile
from muniment.runtime.errors import InvalidArgument, StorageUnavailable
from tests.information.bagit.bags import a_bag, md5

HERE = BagRecipe(("md5",), workers=0)
Told = list[tuple[int, int | None, str]]


def many(folder: Path, count: int = 300) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:03}").write_bytes(b"")
    return folder


def test_a_bag_is_made_of_a_folder_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for source in (tmp_path / "file", tmp_path / "gone"):
        with pytest.raises(InvalidArgument, match="is no folder"):
            create_bag(source, tmp_path / "bag")


@pytest.mark.parametrize("kind", ["link", "fifo"])
def test_links_and_devices_are_refused_by_name(tmp_path: Path, kind: str) -> None:
    (tmp_path / "in").mkdir()
    odd = tmp_path / "in" / kind
    if kind == "link":
        odd.symlink_to("/etc/passwd")
    else:
        os.mkfifo(odd)
    with pytest.raises(InvalidArgument, match=f"{kind} is a link or no file"):
        create_bag(tmp_path / "in", recipe=HERE)
    assert list((tmp_path / "in").iterdir()) == [odd]


def test_a_file_that_goes_away_meanwhile_stops_the_bag(tmp_path: Path) -> None:
    source = many(tmp_path / "in")

    def remove_the_last(_done: int, _total: int | None, _path: str) -> None:
        (source / "299").unlink()

    with pytest.raises(StorageUnavailable, match="cannot take 299"):
        create_bag(source, tmp_path / "bag", recipe=HERE, progress=remove_the_last)
    assert not (tmp_path / "bag" / "bagit.txt").exists()


def test_progress_is_told_while_a_bag_is_made_and_validated(tmp_path: Path) -> None:
    made: Told = []
    source = many(tmp_path / "in")
    create_bag(source, tmp_path / "bag", recipe=HERE, progress=lambda *each: made.append(each))
    assert [(done, total) for done, total, _ in made] == [(256, None)]
    read: Told = []
    validate_bag(tmp_path / "bag", 0, progress=lambda *each: read.append(each))
    assert [(done, total) for done, total, _ in read] == [(256, None)]


def test_folders_in_folders_are_walked_in_order_of_names(tmp_path: Path) -> None:
    for name in ("b/c/1", "b/a/2", "a/3", "4"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(b"")
    create_bag(tmp_path / "in", tmp_path / "bag", recipe=HERE)
    lines = (tmp_path / "bag" / "manifest-md5.txt").read_text().splitlines()
    assert [line.split("  data/")[1] for line in lines] == ["4", "a/3", "b/a/2", "b/c/1"]


def test_a_bag_whose_metadata_was_lost_on_the_way_is_finished_all_the_same(tmp_path: Path) -> None:
    """What a kill between the last renames leaves: the payload is named, tag files wait aside."""
    source = tmp_path / "in"
    (source / ".muniment-bag").mkdir(parents=True)
    (source / "data").mkdir()
    assert create_bag(source, recipe=HERE) == PayloadOxum(0, 0)
    assert not (source / ".muniment-bag").exists()


def test_a_listed_file_that_is_not_there_is_unreadable(tmp_path: Path) -> None:
    bag = a_bag(tmp_path / "bag", {"a": b"x"})
    (bag.folder / "data/a").unlink()
    listed = [ListedFile("data/a", "data/a", 1, {}, None)]
    report = check_listed(bag.folder, listed)
    assert [(each.code, each.path) for each in report.findings] == [("file-unreadable", "data/a")]


def test_files_beside_the_bag_in_a_listing_are_not_its_own(tmp_path: Path) -> None:
    a_bag(tmp_path / "bag", {"a": b"x"})
    listed = [
        ListedFile("bag/data/a", "bag/data/a", 1, {"md5": md5(b"x")}, None),
        ListedFile("other", "other", 1, {}, None),
    ]
    assert check_listed(tmp_path, listed, base="bag").findings == ()


def test_the_name_of_the_top_folder_is_that_of_the_listing(tmp_path: Path) -> None:
    """A top folder whose name was made safe is longer than it came."""
    a_bag(tmp_path / "100%25", {"a": b"x"})
    listed = [ListedFile("100%25/data/a", "100%25/data/a", 1, {"md5": md5(b"x")}, None)]
    assert check_listed(tmp_path, listed, base="100%25").findings == ()


def test_a_top_folder_that_was_shortened_hides_nothing(tmp_path: Path) -> None:
    long = "x" * 300
    a_bag(tmp_path / "short~1", {"a": b"x"})
    listed = [ListedFile("short~1/data/a", f"{long}/data/a", 1, {"md5": md5(b"x")}, None)]
    assert check_listed(tmp_path, listed, base="short~1").findings == ()


def test_a_folder_that_is_no_bag_at_all_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="there is nothing at"):
        validate_bag(tmp_path / "gone")
