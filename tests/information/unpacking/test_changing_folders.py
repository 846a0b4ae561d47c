"""A folder that is worked on while it is copied: what changed is told, no link is followed."""

from __future__ import annotations

import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from muniment.information.unpacking import LinkPolicy, UnpackLimits, receive
from muniment.information.unpacking.folder import list_folder, take_result
from muniment.information.unpacking.intake import PROGRESS_FILES, Intake
from muniment.runtime.digest_pool import digest_many
from tests.information.unpacking.packages import a_folder, received

Deed = Callable[[Path], object]
CONTENT = {b"a": b"first", b"b": b"second", b"c": b"third", b"inner/d": b"fourth"}


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    (tmp_path / "work").mkdir()
    with (tmp_path / "listing").open("wb") as listing:
        yield Intake(
            tmp_path / "work",
            listing,
            limits=UnpackLimits(reserve_bytes=0),
            algorithms=(),
            links=LinkPolicy.COPY,
            progress=None,
        )


def grow(file: Path) -> None:
    with file.open("ab") as stream:
        stream.write(b" and more")


def shrink(file: Path) -> None:
    os.truncate(file, 1)


def rewrite(file: Path) -> None:
    status = file.stat()
    file.write_bytes(b"!" * status.st_size)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1))


def put_a_link(file: Path) -> None:
    file.unlink()
    file.symlink_to("/etc/hostname")


def put_a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def put_a_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def codes(intake: Intake) -> list[tuple[str, str | None]]:
    return [(each.code, each.path) for each in intake.findings]


@pytest.mark.parametrize(
    "change", [grow, shrink, rewrite, Path.unlink, put_a_link, put_a_pipe, put_a_folder]
)
def test_a_file_that_changes_between_listing_and_copy_is_told(
    tmp_path: Path, intake: Intake, change: Deed
) -> None:
    folder = a_folder(tmp_path / "in", CONTENT)
    jobs = list(list_folder(bytes(folder), intake))
    change(folder / "b")
    for result in digest_many(jobs):
        take_result(result, intake)
    assert codes(intake) == [("entry-changed", "b")]
    assert intake.file_count == 3
    assert (tmp_path / "work" / "c").read_bytes() == b"third"


@pytest.mark.parametrize("change", [Path.unlink, put_a_link, put_a_pipe, put_a_folder])
def test_a_file_that_goes_while_its_folder_is_listed_is_told(
    tmp_path: Path, intake: Intake, change: Deed
) -> None:
    folder = a_folder(tmp_path / "in", CONTENT)
    jobs = list_folder(bytes(folder), intake)
    first = next(jobs)
    change(folder / "b")
    for result in digest_many([first, *jobs]):
        take_result(result, intake)
    assert {path for _, path in codes(intake)} == {"b"}
    assert intake.file_count == 3


def a_secret_at(folder: Path) -> Path:
    return a_folder(folder, {b"d": b"secret"})


def test_a_folder_that_becomes_a_link_is_not_entered(tmp_path: Path, intake: Intake) -> None:
    folder = a_folder(tmp_path / "in", CONTENT)
    secret = a_secret_at(tmp_path / "secret")
    jobs = list_folder(bytes(folder), intake)
    first = next(jobs)
    (folder / "inner").rename(tmp_path / "away")
    (folder / "inner").symlink_to(secret)
    for result in digest_many([first, *jobs]):
        take_result(result, intake)
    assert codes(intake) == [("entry-changed", "inner")]
    assert not (tmp_path / "work" / "inner" / "d").exists()


def test_a_folder_that_becomes_a_link_after_its_listing_leads_nowhere(
    tmp_path: Path, intake: Intake
) -> None:
    folder = a_folder(tmp_path / "in", CONTENT)
    secret = a_secret_at(tmp_path / "secret")
    jobs = list(list_folder(bytes(folder), intake))
    (folder / "inner").rename(tmp_path / "away")
    (folder / "inner").symlink_to(secret)
    for result in digest_many(jobs):
        take_result(result, intake)
    assert codes(intake) == [("entry-changed", "inner/d")]
    assert not (tmp_path / "work" / "inner" / "d").exists()


def test_a_link_that_goes_before_it_is_read_is_told(tmp_path: Path, intake: Intake) -> None:
    folder = a_folder(tmp_path / "in", {b"a": b"first", b"b": b"second"})
    (folder / "c").symlink_to("a")
    jobs = list_folder(bytes(folder), intake)
    first = next(jobs)
    (folder / "c").unlink()
    for result in digest_many([first, *jobs]):
        take_result(result, intake)
    assert codes(intake) == [("entry-changed", "c")]


def test_a_folder_that_goes_altogether_is_told(tmp_path: Path, intake: Intake) -> None:
    assert list(list_folder(bytes(tmp_path / "gone"), intake)) == []
    assert codes(intake) == [("entry-changed", "gone")]


def test_a_package_reached_by_links_is_taken(tmp_path: Path) -> None:
    a_folder(tmp_path / "real" / "in", CONTENT)
    (tmp_path / "link").symlink_to("real")
    came = received(tmp_path / "link" / "in", tmp_path / "work")
    assert came.codes == []
    assert came.content == {os.fsdecode(name): data for name, data in CONTENT.items()}


def a_tar_of(count: int, place: Path) -> Path:
    with tarfile.open(place, "w") as tar:
        for number in range(count):
            tar.addfile(tarfile.TarInfo(f"{number:03}"))
    return place


def a_zip_of(count: int, place: Path) -> Path:
    with zipfile.ZipFile(place, "w") as archive:
        for number in range(count):
            archive.writestr(f"{number:03}", b"")
    return place


@pytest.mark.parametrize("pack", [a_tar_of, a_zip_of])
def test_an_archive_that_is_written_to_while_it_is_read_is_told(
    tmp_path: Path, pack: Callable[[int, Path], Path]
) -> None:
    archive = pack(PROGRESS_FILES, tmp_path / "archive")
    (tmp_path / "work").mkdir()
    report = receive(
        archive,
        tmp_path / "work" / "package",
        tmp_path / "work" / "listing",
        limits=UnpackLimits(reserve_bytes=0),
        algorithms=(),
        progress=lambda *_: os.utime(archive, (1, 1)),
    )
    assert [each.code for each in report.findings] == ["entry-changed"]
