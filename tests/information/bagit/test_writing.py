"""Bags that we write: valid for us and for the Library of Congress, also after `kill -9`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muniment.information.bagit import (
    BagRecipe,
    BagWriter,
    FolderSink,
    Label,
    PayloadOxum,
    create_bag,
    plan_bag,
    validate_bag,
)
from muniment.runtime.errors import InvalidArgument
from tests.judges.fixtures import Judge

FILES: Mapping[str, bytes] = {
    "a.txt": b"one",
    "d/e/b.txt": b"two" * 9999,
    "empty": b"",
    "data/x": b"x",
}

parts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\\:\0"), min_size=1, max_size=20
).filter(lambda part: part.strip(".~ \t") == part and len(part.encode()) < 200)


def a_folder(folder: Path, files: Mapping[str, bytes] = FILES) -> Path:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def payload_of(bag: Path) -> dict[str, bytes]:
    data = bag / "data"
    return {
        str(path.relative_to(data)): path.read_bytes() for path in data.rglob("*") if path.is_file()
    }


def write(target: Path, files: Mapping[str, bytes], *info: Label) -> None:
    with BagWriter(FolderSink(target), info=info) as bag:
        for name, content in files.items():
            bag.add(name, [content])


@given(files=st.dictionaries(parts, st.binary(max_size=100), max_size=5))
def test_what_the_writer_writes_the_validator_accepts(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    target = tmp_path_factory.mktemp("bag") / "bag"
    write(target, files)
    report = validate_bag(target, 0)
    assert report.findings == ()
    assert (report.file_count, report.size_bytes) == (len(files), sum(map(len, files.values())))


@pytest.mark.tool("bagit")
@settings(max_examples=5)
@given(
    files=st.dictionaries(
        # `bagit` leaves `%` as it is, reads names as NFC, and strips controls from their ends.
        parts.filter(lambda part: "%" not in part and part.isascii() and part.isprintable()),
        st.binary(max_size=100),
        min_size=1,
        max_size=5,
    )
)
def test_what_the_writer_writes_the_judge_accepts(
    tmp_path_factory: pytest.TempPathFactory, bagit_judge: Judge, files: dict[str, bytes]
) -> None:
    target = tmp_path_factory.mktemp("bag") / "bag"
    write(target, files)
    assert bagit_judge(target) == []


@pytest.mark.tool("bagit")
def test_a_created_bag_is_accepted_by_the_judge(tmp_path: Path, bagit_judge: Judge) -> None:
    algorithms = ("md5", "sha1", "sha256", "sha512", "sha3-256")
    create_bag(a_folder(tmp_path / "in"), tmp_path / "bag", recipe=BagRecipe(algorithms))
    create_bag(tmp_path / "in", recipe=BagRecipe(algorithms))
    assert bagit_judge(tmp_path / "bag") == []
    assert bagit_judge(tmp_path / "in") == []


@pytest.mark.parametrize("workers", [0, 2])
def test_a_bag_is_made_elsewhere_and_the_folder_is_left_alone(tmp_path: Path, workers: int) -> None:
    source = a_folder(tmp_path / "in")
    oxum = create_bag(source, tmp_path / "bag", recipe=BagRecipe(workers=workers))
    assert oxum == PayloadOxum(3 + 29997 + 1, 4)
    assert payload_of(tmp_path / "bag") == FILES
    assert validate_bag(tmp_path / "bag").findings == ()
    assert not (source / "bagit.txt").exists()


def test_a_bag_is_made_in_place_around_the_files(tmp_path: Path) -> None:
    source = a_folder(tmp_path / "in")
    inode = (source / "a.txt").stat().st_ino
    create_bag(source)
    assert payload_of(source) == FILES
    assert (source / "data" / "a.txt").stat().st_ino == inode
    assert validate_bag(source).findings == ()


def test_a_bag_can_be_bagged_again(tmp_path: Path) -> None:
    source = a_folder(tmp_path / "in")
    create_bag(source)
    create_bag(source)
    assert (source / "data" / "data" / "a.txt").exists()
    assert validate_bag(source).findings == ()


def test_an_empty_folder_becomes_an_empty_bag(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert create_bag(tmp_path / "in") == PayloadOxum(0, 0)
    assert validate_bag(tmp_path / "in").findings == ()


def test_metadata_keeps_its_order_and_ends_with_our_oxum(tmp_path: Path) -> None:
    labels = (
        Label("B", "1"),
        Label("Payload-Oxum", "9.9"),
        Label("A", "two\nlines"),
        Label("B", "2"),
    )
    write(tmp_path / "bag", FILES, *labels)
    assert validate_bag(tmp_path / "bag").info == (
        Label("B", "1"),
        Label("A", "two lines"),
        Label("B", "2"),
        Label("Payload-Oxum", "30001.4"),
    )


def test_further_tag_files_are_listed_by_the_tag_manifests(tmp_path: Path) -> None:
    with BagWriter(FolderSink(tmp_path / "bag"), algorithms=["md5"]) as bag:
        bag.add_tag("metadata/dc.xml", [b"<dc/>"])
    (tmp_path / "bag" / "metadata" / "dc.xml").write_bytes(b"<no/>")
    findings = validate_bag(tmp_path / "bag").findings
    assert [(each.code, each.path) for each in findings] == [("tag-altered", "metadata/dc.xml")]


def write_and_fail(target: Path) -> None:
    with BagWriter(FolderSink(target)) as bag:
        bag.add("a", [b"x"])
        raise KeyError


def test_a_writer_that_fails_leaves_nothing_that_looks_like_a_bag(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_and_fail(tmp_path / "bag")
    assert not (tmp_path / "bag" / "bagit.txt").exists()


@pytest.mark.parametrize("path", ["", "/a", "a/", "../a", "a/../b", "a\0b", "\udcff", "a\\..\\b"])
def test_a_path_that_no_bag_can_hold_is_refused(tmp_path: Path, path: str) -> None:
    with BagWriter(FolderSink(tmp_path / "bag")) as bag, pytest.raises(InvalidArgument):
        bag.add(path, [b"x"])


def test_payload_is_no_tag_file(tmp_path: Path) -> None:
    with BagWriter(FolderSink(tmp_path / "bag")) as bag:
        bag.add("a", [b"x"])
        with pytest.raises(InvalidArgument, match="payload"):
            bag.add_tag("data/a", [b"x"])


def test_a_place_that_is_taken_is_refused(tmp_path: Path) -> None:
    a_folder(tmp_path / "in")
    a_folder(tmp_path / "taken")
    with pytest.raises(InvalidArgument, match="not empty"):
        create_bag(tmp_path / "in", tmp_path / "taken")
    with pytest.raises(InvalidArgument, match="lies inside"):
        create_bag(tmp_path / "in", tmp_path / "in" / "bag")


def test_what_a_bag_cannot_hold_is_refused_and_nothing_is_moved(tmp_path: Path) -> None:
    source = a_folder(tmp_path / "in")
    (source / "\udcff").write_bytes(b"")
    with pytest.raises(InvalidArgument, match="not UTF-8"):
        create_bag(source)
    assert (source / "a.txt").exists()
    assert not (source / ".muniment-bag").exists()


PROGRAM = """
import sys
from pathlib import Path
from muniment.information.bagit import create_bag
create_bag(Path(sys.argv[1]))
"""
places = pytest.mark.parametrize(
    "place",
    [
        "bag.digested",
        "bag.entry-moved@1",
        "bag.entry-moved@3",
        "bag.payload-named",
        "bag.tag-moved@1",
        "bag.tag-moved@6",
    ],
)


@places
def test_a_creation_that_was_killed_is_set_right_by_the_next(tmp_path: Path, place: str) -> None:
    source = a_folder(tmp_path / "in")
    killed = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(source)],
        env={**os.environ, "MUNIMENT_FAILPOINT": place},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert create_bag(source) == PayloadOxum(30001, 4)
    assert payload_of(source) == FILES
    assert validate_bag(source).findings == ()
    assert not (source / ".muniment-bag").exists()


def test_a_plan_counts_what_a_bag_would_hold_and_writes_nothing(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "folder")
    planned = plan_bag(folder, tmp_path / "bag")
    assert planned == plan_bag(folder)
    assert not (tmp_path / "bag").exists()
    assert planned == create_bag(folder, tmp_path / "bag")


@pytest.mark.parametrize("target", ["folder/inside", "folder", "occupied"])
def test_a_plan_refuses_what_a_bag_would(tmp_path: Path, target: str) -> None:
    folder = a_folder(tmp_path / "folder")
    a_folder(tmp_path / "occupied")
    with pytest.raises(InvalidArgument) as planned:
        plan_bag(folder, tmp_path / target)
    with pytest.raises(InvalidArgument) as made:
        create_bag(folder, tmp_path / target)
    assert str(planned.value) == str(made.value)


def test_a_plan_needs_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InvalidArgument, match="is no folder"):
        plan_bag(tmp_path / "nowhere")
