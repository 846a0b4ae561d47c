"""How much a package may hold, and how much of what is wrong with it is told."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from muniment.information.unpacking import UnpackLimits
from tests.information.unpacking.packages import a_folder, received, received_bytes
from tests.information.unpacking.raw_tar import END, a_file, a_header, extended

FOLDER = tarfile.DIRTYPE


def limits(**values: int) -> UnpackLimits:
    return UnpackLimits(reserve_bytes=0, **values)


def test_warnings_beyond_the_limit_are_counted_and_refuse_nothing(tmp_path: Path) -> None:
    tar = b"".join(a_file(b"a\\%d" % number) for number in range(9)) + END
    came = received_bytes(tar, tmp_path, limits=limits(max_findings=3))
    assert [code for code, _ in came.codes] == ["name-backslash"] * 3 + ["warnings-left-out"]
    assert came.report.findings[-1].params == {"count": "6"}
    assert (came.report.is_accepted, len(came.content)) == (True, 9)


def test_a_flood_of_faults_is_cut(tmp_path: Path) -> None:
    tar = b"".join(a_file(b"../%d" % number) for number in range(50)) + END
    came = received_bytes(tar, tmp_path, limits=limits(max_findings=10))
    assert [code for code, _ in came.codes] == ["path-parent"] * 10 + ["limit-findings"]


@pytest.mark.parametrize("name", [b"a", b"./", b"."])
def test_entries_of_every_kind_are_counted(tmp_path: Path, name: bytes) -> None:
    tar = a_header(name, kind=FOLDER) * 10 + END
    came = received_bytes(tar, tmp_path, limits=limits(max_entries=3))
    assert came.codes == [("limit-entries", None)]


@pytest.mark.parametrize("most", [25, 30])
def test_folders_that_nobody_listed_are_counted_too(tmp_path: Path, most: int) -> None:
    tar = b"".join(a_file(b"%d/a/b/c/d/e/f" % number) for number in range(5)) + END
    came = received_bytes(tar, tmp_path, limits=limits(max_entries=most))
    assert came.codes == ([] if most == 30 else [("limit-entries", None)])
    assert len([path for path in came.package.rglob("*") if path.is_dir()]) <= most + 1


def test_a_folder_of_many_levels_is_made_once(tmp_path: Path) -> None:
    deep = b"/".join([b"d"] * 250)
    tar = b"".join(extended(deep + b"/%d" % number, b"L") + a_file(b"") for number in range(200))
    came = received_bytes(tar + END, tmp_path, limits=limits(max_entries=300))
    assert (came.codes, len(came.files)) == ([], 200)


def test_the_root_of_the_package_may_be_an_entry(tmp_path: Path) -> None:
    tar = a_header(b"./", kind=FOLDER) + a_file(b"./a") + END
    came = received_bytes(tar, tmp_path)
    assert (came.codes, list(came.content)) == ([], ["a"])


@pytest.mark.parametrize(
    ("name", "code"),
    [
        (b"..", "path-parent"),
        (b"../..", "path-parent"),
        (b"./..", "path-parent"),
        (b"/", "path-absolute"),
        (b"/..", "path-absolute"),
        (b"", "path-empty"),
        (b"C:/", "path-drive"),
    ],
)
def test_a_folder_outside_the_package_is_refused(tmp_path: Path, name: bytes, code: str) -> None:
    came = received_bytes(a_header(name, kind=FOLDER) + a_file(b"good") + END, tmp_path)
    assert [found for found, _ in came.codes] == [code]
    assert list(came.content) == ["good"]


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path: Path) -> None:
    tar = a_file(b"a") + a_header(b"a", kind=FOLDER) + a_header(b"a/b/c", kind=FOLDER) + END
    came = received_bytes(tar, tmp_path)
    assert came.codes == [("path-twice", "a"), ("path-twice", "a/b/c")]


def test_folders_nested_too_deeply_are_one_finding_and_not_looked_into(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    top = os.open(tmp_path / "in", os.O_RDONLY)
    for _ in range(25):
        os.mkdir("x" * 200, dir_fd=top)
        inner = os.open("x" * 200, os.O_RDONLY, dir_fd=top)
        os.close(top)
        top = inner
    os.close(os.open("file", os.O_CREAT | os.O_WRONLY, dir_fd=top))
    os.close(top)
    came = received(tmp_path / "in", tmp_path / "work")
    assert [code for code, _ in came.codes] == ["path-long"]
    assert came.files == []


def test_a_path_of_a_thousand_folders_is_refused_and_no_trouble_to_remove(tmp_path: Path) -> None:
    tar = extended(b"d/" * 1000 + b"a", b"L") + a_file(b"") + a_file(b"good") + END
    for _ in range(2):
        came = received_bytes(tar, tmp_path)
        assert [code for code, _ in came.codes] == ["path-deep"]
        assert list(came.content) == ["good"]


def test_a_special_file_under_a_bad_name_is_told_once(tmp_path: Path) -> None:
    tar = a_header(b"../x", kind=b"6") + END
    assert received_bytes(tar, tmp_path).codes == [("path-parent", "../x")]


def test_progress_is_told_every_64_files(tmp_path: Path) -> None:
    from muniment.information.unpacking import receive

    folder = a_folder(tmp_path / "in", {b"%03d" % number: b"" for number in range(130)})
    told: list[tuple[int, int | None, str]] = []
    (tmp_path / "work").mkdir()
    receive(
        folder,
        tmp_path / "work" / "package",
        tmp_path / "work" / "listing",
        limits=limits(),
        algorithms=(),
        progress=lambda done, total, path: told.append((done, total, path)),
    )
    assert told == [(64, None, "063"), (128, None, "127")]


def test_more_folders_than_are_remembered_are_made_all_the_same(tmp_path: Path) -> None:
    tar = b"".join(a_header(b"d/%d" % number, kind=FOLDER) for number in range(10_050))
    came = received_bytes(tar + a_file(b"d/0/a") + END, tmp_path)
    assert (came.codes, len(came.report.empty_folders)) == ([], 10_049)
