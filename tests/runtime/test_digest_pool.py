"""The digest pool: every file read once, in order, faults as values, on any number of processes."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.digest_pool import (
    BATCH_JOBS,
    INLINE_JOBS,
    WINDOW_BATCHES,
    DigestJob,
    DigestStatus,
    digest_many,
)
from muniment.runtime.errors import ToolFailed

MANY = INLINE_JOBS * 3
on_any_number_of_processes = pytest.mark.parametrize("workers", [0, 1, 2, 3])


def files_in(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{number:05}" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(b"%d" % number * number)
    return paths


@on_any_number_of_processes
def test_results_come_in_the_order_of_the_jobs(tmp_path: Path, workers: int) -> None:
    paths = files_in(tmp_path, MANY)
    results = list(digest_many((DigestJob(p, ("sha256",), p.name) for p in paths), workers=workers))
    assert [result.job.tag for result in results] == [path.name for path in paths]


@on_any_number_of_processes
def test_digests_are_those_of_hashlib(tmp_path: Path, workers: int) -> None:
    paths = files_in(tmp_path, MANY)
    results = digest_many((DigestJob(p, ("md5", "sha512")) for p in paths), workers=workers)
    assert [dict(result.digests) for result in results] == [
        {
            "md5": hashlib.md5(path.read_bytes()).hexdigest(),
            "sha512": hashlib.sha512(path.read_bytes()).hexdigest(),
        }
        for path in paths
    ]


@on_any_number_of_processes
def test_faults_are_values_and_stop_nothing(tmp_path: Path, workers: int) -> None:
    paths = files_in(tmp_path, MANY)
    (tmp_path / "link").symlink_to(paths[0])
    os.mkfifo(tmp_path / "fifo")
    jobs = [tmp_path / "gone", tmp_path, tmp_path / "link", tmp_path / "fifo", *paths]
    results = list(digest_many((DigestJob(p, ("md5",)) for p in jobs), workers=workers))
    assert [result.status for result in results[:4]] == [
        DigestStatus.MISSING,
        DigestStatus.UNREADABLE,
        DigestStatus.UNREADABLE,
        DigestStatus.UNREADABLE,
    ]
    assert [result.reason for result in results[:4]] == [
        "No such file or directory",
        "not a regular file",
        "a symbolic link",
        "not a regular file",
    ]
    assert {result.status for result in results[4:]} == {DigestStatus.OK}


@on_any_number_of_processes
def test_a_copy_is_made_in_the_same_read(tmp_path: Path, workers: int) -> None:
    paths = files_in(tmp_path, MANY)
    target = tmp_path / "copies"
    target.mkdir()
    jobs = [DigestJob(p, ("sha256",), copy_to=target / p.name) for p in paths]
    results = list(digest_many(jobs, workers=workers))
    assert {result.status for result in results} == {DigestStatus.OK}
    assert [(target / p.name).read_bytes() for p in paths] == [p.read_bytes() for p in paths]


def test_a_copy_never_replaces_a_file(tmp_path: Path) -> None:
    (tmp_path / "old").write_bytes(b"old")
    (tmp_path / "new").write_bytes(b"new")
    (result,) = digest_many([DigestJob(tmp_path / "new", (), copy_to=tmp_path / "old")])
    assert (result.status, result.reason) == (DigestStatus.UNWRITABLE, "File exists")
    assert (tmp_path / "old").read_bytes() == b"old"


@pytest.mark.slow
def test_a_copy_of_a_sparse_file_is_sparse_and_equal(tmp_path: Path) -> None:
    size = 5 << 30
    with (tmp_path / "sparse").open("wb") as stream:
        stream.seek(1 << 20)
        stream.write(b"an island")
        stream.truncate(size)
    job = DigestJob(tmp_path / "sparse", ("adler32",), copy_to=tmp_path / "copy")
    (result,) = digest_many([job], workers=1)
    copy = (tmp_path / "copy").stat()
    assert (result.size_bytes, copy.st_size) == (size, size)
    assert copy.st_blocks * 512 < 1 << 20
    with (tmp_path / "copy").open("rb") as stream:
        stream.seek(1 << 20)
        assert stream.read(9) == b"an island"


def test_the_jobs_are_taken_only_as_far_as_the_window_reaches(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    taken = 0

    def jobs() -> Iterator[DigestJob]:
        nonlocal taken
        for _ in range(100_000):
            taken += 1
            yield DigestJob(tmp_path / "file", ("md5",))

    results = digest_many(jobs(), workers=2)
    next(results)
    results.close()  # type: ignore[attr-defined]  # a generator
    assert taken <= BATCH_JOBS * (WINDOW_BATCHES + 2)


def test_no_helper_is_left_when_the_caller_stops_early(tmp_path: Path) -> None:
    paths = files_in(tmp_path, MANY)
    before = set(psutil.Process().children())  # other tests of this process may have left some
    results = digest_many((DigestJob(p, ("md5",)) for p in paths), workers=2)
    next(results)
    assert set(psutil.Process().children()) - before
    results.close()  # type: ignore[attr-defined]  # a generator
    assert not set(psutil.Process().children()) - before


def test_a_helper_that_dies_is_an_error_and_not_a_short_answer(tmp_path: Path) -> None:
    paths = files_in(tmp_path, MANY) * 20
    results = digest_many((DigestJob(p, ("md5",)) for p in paths), workers=2)
    next(results)
    for child in psutil.Process().children():
        child.kill()
    with pytest.raises(ToolFailed, match="digest helper"):
        list(results)


def test_an_unknown_algorithm_is_a_fault_of_the_caller(tmp_path: Path) -> None:
    paths = files_in(tmp_path, MANY)
    with pytest.raises(KeyError):
        list(digest_many((DigestJob(p, ("crc7",)) for p in paths), workers=2))


def test_names_that_are_not_utf8_are_read(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xfe"
    with open(path, "wb") as stream:  # noqa: PTH123  # a name in bytes
        stream.write(b"x")
    (result,) = digest_many([DigestJob(path, ("adler32",))])
    assert result.digests == {"adler32": "00790079"}


@given(sizes=st.lists(st.sampled_from([0, 1, 262143, 262144, 262145, 700_000]), max_size=5))
def test_every_size_around_a_block_is_digested_whole(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("sizes")
    jobs = [DigestJob(folder / str(n), ("sha1",)) for n in range(len(sizes))]
    for number, size in enumerate(sizes):
        (folder / str(number)).write_bytes(b"\1" * size)
    results = list(digest_many(jobs, workers=0))
    assert [result.size_bytes for result in results] == sizes
    assert [result.digests["sha1"] for result in results] == [
        hashlib.sha1(b"\1" * size).hexdigest() for size in sizes
    ]


def test_the_time_of_change_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    os.utime(tmp_path / "file", ns=(time.time_ns(), 1_700_000_000_123_456_789))
    (result,) = digest_many([DigestJob(tmp_path / "file", ())])
    assert result.modified_ns == 1_700_000_000_123_456_789
