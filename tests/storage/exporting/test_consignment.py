"""A folder of exported versions: listed when they are there, there when they are listed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from muniment.information.identifiers import ObjectId, new_object_id
from muniment.runtime.errors import InvalidArgument, Locked, StorageUnavailable
from muniment.storage.exporting.consignment import (
    MANIFEST,
    UNDER_WAY,
    Consignment,
    Shipped,
    name_of,
    open_consignment,
)
from muniment.storage.exporting.export import Exported, ExportForm

ONE, TWO = new_object_id(), new_object_id()
FILES = {b"a.txt": b"1", b"f/\xff%.txt": b"22", b"empty": b""}


def writing(files: dict[bytes, bytes] | None = None) -> Callable[[Path], Exported]:
    """Return what writes a folder of these files."""

    def write(place: Path) -> Exported:
        for name, content in (FILES if files is None else files).items():
            path = Path(f"{place}/{name.decode('utf-8', 'surrogateescape')}")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return Exported(ONE, 1, place)

    return write


def never(_place: Path) -> Exported:
    raise AssertionError("it is there already")


def take(consignment: Consignment, object_id: ObjectId = ONE, number: int = 1) -> Shipped:
    return consignment.take(object_id, number, ExportForm.FOLDER, writing())


def manifest(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / MANIFEST).read_text().splitlines()]


def objects_in(folder: Path) -> list[str]:
    return [line["path"] for line in manifest(folder) if "object_id" in line]


def assert_manifest_is_true(folder: Path) -> None:
    """Every line is a file with that size and digest, every file has one line."""
    from muniment.information.paths import decode_name

    told = {}
    for line in manifest(folder):
        if "object_id" not in line:
            path = folder / decode_name(line["path"]).decode("utf-8", "surrogateescape")
            assert path not in told, "listed twice"
            told[path] = (line["size_bytes"], line["sha512"])
    found = {
        path: (path.stat().st_size, hashlib.sha512(path.read_bytes()).hexdigest())
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST and UNDER_WAY not in path.parts
    }
    assert told == found


def test_a_version_is_listed_with_its_files(tmp_path: Path) -> None:
    with open_consignment(tmp_path / "out") as consignment:
        shipped = take(consignment)
    name = f"{ONE}-v1"
    assert shipped == Shipped(ONE, 1, name, file_count=3, size_bytes=3, event_id=shipped.event_id)
    *files, whole = manifest(tmp_path / "out")
    assert [line["path"] for line in files] == [
        f"{name}/a.txt",
        f"{name}/empty",
        f"{name}/f/%FF%25.txt",
    ]
    assert whole == {
        "object_id": ONE,
        "version": 1,
        "path": name,
        "file_count": 3,
        "size_bytes": 3,
        "event_id": shipped.event_id,
    }
    assert_manifest_is_true(tmp_path / "out")


def test_nothing_is_left_under_way(tmp_path: Path) -> None:
    with open_consignment(tmp_path) as consignment:
        take(consignment)
    assert list((tmp_path / UNDER_WAY).iterdir()) == []


def test_one_file_is_a_version_too(tmp_path: Path) -> None:
    def write(place: Path) -> Exported:
        place.write_bytes(b"PK")
        return Exported(ONE, 1, place)

    with open_consignment(tmp_path) as consignment:
        shipped = consignment.take(ONE, 1, ExportForm.ZIP, write)
    assert shipped.name == f"{ONE}-v1.zip"
    assert (shipped.file_count, shipped.size_bytes) == (1, 2)
    assert_manifest_is_true(tmp_path)


def test_what_is_there_is_not_written_again(tmp_path: Path) -> None:
    for _ in range(2):
        with open_consignment(tmp_path) as consignment:
            take(consignment)
            assert consignment.take(ONE, 1, ExportForm.FOLDER, never).name == f"{ONE}-v1"
    assert objects_in(tmp_path) == [f"{ONE}-v1"]


def test_a_newer_version_and_another_form_come_beside(tmp_path: Path) -> None:
    with open_consignment(tmp_path) as consignment:
        take(consignment, ONE, 1)
        take(consignment, ONE, 2)
        assert consignment.holds(ONE, 1, ExportForm.ZIP) is None
        assert consignment.holds(ONE, 3, ExportForm.FOLDER) is None
    assert objects_in(tmp_path) == [f"{ONE}-v1", f"{ONE}-v2"]


def test_an_error_while_writing_lists_nothing_and_the_next_run_clears_up(tmp_path: Path) -> None:
    def fail(place: Path) -> Exported:
        writing()(place)
        raise OSError(5, "Input/output error")

    with open_consignment(tmp_path) as consignment, pytest.raises(StorageUnavailable):
        consignment.take(ONE, 1, ExportForm.FOLDER, fail)
    assert not (tmp_path / MANIFEST).exists()
    with open_consignment(tmp_path) as consignment:
        assert list((tmp_path / UNDER_WAY).glob("*-v1")) == []
        take(consignment)
    assert_manifest_is_true(tmp_path)


def test_something_else_of_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / f"{ONE}-v1").write_bytes(b"mine")
    with open_consignment(tmp_path) as consignment:
        with pytest.raises(InvalidArgument, match="is not of this export"):
            take(consignment)
        take(consignment, TWO)
    assert (tmp_path / f"{ONE}-v1").read_bytes() == b"mine"
    assert objects_in(tmp_path) == [f"{TWO}-v1"]


def test_a_torn_manifest_is_cut_back_to_the_last_whole_object(tmp_path: Path) -> None:
    with open_consignment(tmp_path) as consignment:
        take(consignment, ONE)
    whole = (tmp_path / MANIFEST).read_bytes()
    (tmp_path / MANIFEST).write_bytes(
        whole + b'{"path": "x", "size_bytes": 1, "sha512": "0"}\n{"obj'
    )
    with open_consignment(tmp_path) as consignment:
        assert (tmp_path / MANIFEST).read_bytes() == whole
        take(consignment, TWO)
    assert_manifest_is_true(tmp_path)


def test_what_was_renamed_in_but_not_listed_is_listed(tmp_path: Path) -> None:
    with open_consignment(tmp_path) as consignment:
        take(consignment)
    (tmp_path / MANIFEST).rename(tmp_path / UNDER_WAY / f"{ONE}-v1.jsonl")
    with open_consignment(tmp_path) as consignment:
        assert consignment.holds(ONE, 1, ExportForm.FOLDER)
    assert_manifest_is_true(tmp_path)


def test_what_was_noted_but_not_renamed_in_is_made_again(tmp_path: Path) -> None:
    with open_consignment(tmp_path) as consignment:
        take(consignment)
    (tmp_path / MANIFEST).rename(tmp_path / UNDER_WAY / f"{ONE}-v1.jsonl")
    (tmp_path / f"{ONE}-v1").rename(tmp_path / UNDER_WAY / f"{ONE}-v1")
    with open_consignment(tmp_path) as consignment:
        assert consignment.holds(ONE, 1, ExportForm.FOLDER) is None
        take(consignment)
    assert_manifest_is_true(tmp_path)


def test_two_runs_do_not_work_in_one_folder(tmp_path: Path) -> None:
    with open_consignment(tmp_path), pytest.raises(Locked), open_consignment(tmp_path):
        pass


def test_a_file_is_no_folder_for_several_objects(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(InvalidArgument, match="is a file"), open_consignment(tmp_path / "out"):
        pass


@pytest.mark.parametrize(
    "line", [b"hello\n", b'"text"\n', b"7\n", b'{"object_id": 1}\n', b'{"path": 1}\n', b"\xff\n"]
)
def test_a_manifest_of_others_is_not_touched(tmp_path: Path, line: bytes) -> None:
    (tmp_path / MANIFEST).write_bytes(line)
    with pytest.raises(InvalidArgument, match="no manifest"), open_consignment(tmp_path):
        pass
    assert (tmp_path / MANIFEST).read_bytes() == line


@pytest.mark.parametrize(
    ("form", "end"), [(ExportForm.ZIP, ".zip"), (ExportForm.BAG, ""), (ExportForm.ORIGINAL, "")]
)
def test_the_name_says_object_version_and_form(form: ExportForm, end: str) -> None:
    assert name_of(ONE, 7, form) == f"{ONE}-v7{end}"
