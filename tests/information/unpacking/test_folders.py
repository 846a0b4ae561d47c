"""Folders as packages: what may not be read, what is no file, what changes under our hands."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from muniment.information.paths import SafePath
from muniment.information.unpacking import LinkPolicy, SourceForm, UnpackLimits
from muniment.information.unpacking.folder import take_result
from muniment.information.unpacking.intake import Intake
from muniment.runtime.digest_pool import DigestJob, DigestResult, DigestStatus
from muniment.runtime.errors import StorageUnavailable
from tests.information.unpacking.packages import a_folder, received
from tests.ordinary_user import ordinary_user


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A place that an ordinary user can reach and write to."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    with (tmp_path / "listing").open("wb") as listing:
        yield Intake(
            tmp_path,
            listing,
            limits=UnpackLimits(reserve_bytes=0),
            algorithms=(),
            links=LinkPolicy.REFUSE,
            progress=None,
        )


def test_what_may_not_be_read_is_told_and_the_rest_arrives(open_to_all: Path) -> None:
    folder = a_folder(open_to_all / "in", {b"closed/a": b"", b"secret": b"", b"good": b"x"})
    (folder / "closed").chmod(0)
    (folder / "secret").chmod(0)
    with ordinary_user():
        came = received(folder, open_to_all / "work")
    (folder / "closed").chmod(0o700)
    assert came.codes == [("entry-unreadable", "closed"), ("entry-unreadable", "secret")]
    assert came.report.findings[0].params == {"reason": "Permission denied"}
    assert came.content == {"good": b"x"}


def test_a_file_whose_path_is_too_long_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    deep = folder.joinpath(*["x" * 200] * 15)
    deep.mkdir(parents=True)
    (deep / ("y" * 200)).touch()
    came = received(folder, tmp_path / "work")
    assert [code for code, _ in came.codes] == ["path-long"]


def test_a_source_that_is_a_pipe_is_refused_unread(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "source")
    came = received(tmp_path / "source", tmp_path / "work")
    assert came.report.form is SourceForm.FILE
    assert came.codes == [("entry-special", "source")]


def test_a_link_to_a_device_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "source").symlink_to("/dev/zero")
    came = received(tmp_path / "source", tmp_path / "work")
    assert came.codes == [("entry-special", "source")]


def a_result(status: DigestStatus, number: int) -> DigestResult:
    job = DigestJob("source", (), SafePath("a", "a"))
    return DigestResult(job, status, 0, {}, 0, number)


@pytest.mark.parametrize(
    ("status", "number", "code"),
    [
        (DigestStatus.MISSING, errno.ENOENT, "entry-changed"),
        (DigestStatus.UNREADABLE, errno.ELOOP, "entry-changed"),
        (DigestStatus.UNREADABLE, errno.EINVAL, "entry-changed"),
        (DigestStatus.UNREADABLE, errno.EACCES, "entry-unreadable"),
        (DigestStatus.UNWRITABLE, errno.EEXIST, "path-twice"),
    ],
)
def test_a_file_that_went_or_changed_is_a_fault_of_the_package(
    intake: Intake, status: DigestStatus, number: int, code: str
) -> None:
    take_result(a_result(status, number), intake)
    assert [(each.code, each.path) for each in intake.findings] == [(code, "a")]


@pytest.mark.parametrize(
    ("status", "number", "message"),
    [
        (DigestStatus.UNREADABLE, errno.EIO, "cannot read a: Input/output error"),
        (DigestStatus.UNWRITABLE, errno.EROFS, "cannot write a: Read-only file system"),
    ],
)
def test_a_fault_of_our_disk_is_no_fault_of_the_package(
    intake: Intake, status: DigestStatus, number: int, message: str
) -> None:
    with pytest.raises(StorageUnavailable, match=message):
        take_result(a_result(status, number), intake)
    assert intake.findings == []
