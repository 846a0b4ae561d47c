"""Several writers, a full disk, a folder that may not be written, and the judgement of others."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from muniment.runtime.errors import (
    Locked,
    MunimentError,
    NoSpace,
    StorageUnavailable,
    VersionConflict,
)
from muniment.storage.adapters.file_locks import FileLocks
from muniment.storage.adapters.local import LocalRoot, open_local_root
from muniment.storage.ledger import Ledger, NewRecord
from tests.judges.fixtures import Judge
from tests.storage.ledger.desks import a_desk
from tests.storage.staging import Bench, seal_state, state_of


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


def open_root(home: Path, wait_s: float = 30) -> LocalRoot:
    root = open_local_root(home / "storage", home / "work", lock_wait_s=wait_s)
    root.initialise()
    return root


def outcome(home: Path, bench: Bench, content: bytes) -> type[MunimentError] | None:
    try:
        seal_state(open_root(home), bench, {"a": content})
    except MunimentError as exc:
        return type(exc)
    return None


def test_of_two_writers_one_wins_and_the_other_has_a_conflict(home: Path) -> None:
    bench = Bench(home / "work/area")
    open_root(home)
    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(lambda n: outcome(home, bench, b"%d" % n), range(4)))
    assert ends.count(None) == 1
    assert ends.count(VersionConflict) == 3
    assert open_root(home).head(bench.object_id) == 1


def test_different_objects_are_sealed_side_by_side(home: Path) -> None:
    benches = [Bench(home / "work/area") for _ in range(8)]
    open_root(home)
    with ThreadPoolExecutor(4) as pool:
        ends = list(pool.map(lambda bench: outcome(home, bench, b"same"), benches))
    assert ends == [None] * 8
    assert len(list(open_root(home).object_ids())) == 8


def test_who_waits_too_long_for_an_object_is_told_to_come_again(home: Path) -> None:
    bench = Bench(home / "work/area")
    root = open_root(home, wait_s=0.05)
    locked = FileLocks(home / "work/locks").exclusive(bench.object_id)
    with locked, pytest.raises(Locked):
        seal_state(root, bench, {"a": b"1"})


def test_recovery_does_not_run_while_something_is_sealed(home: Path) -> None:
    root = open_root(home, wait_s=0.05)
    with FileLocks(home / "work/locks").shared("storage-root"), pytest.raises(Locked):
        root.recover()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 1 MiB; needs root."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounting, check=False, capture_output=True).returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_leaves_the_version_before(small_disk: Path, tmp_path: Path) -> None:
    root = open_root(small_disk)
    bench = Bench(tmp_path / "area")
    seal_state(root, bench, {"a": b"1"})
    files = {f"f{number}": os.urandom(100_000) for number in range(20)}
    with pytest.raises(NoSpace):
        seal_state(root, bench, files, head=1)
    assert state_of(root, bench.object_id) == {"a": b"1"}
    assert root.recover() == []
    seal_state(root, bench, {"a": b"2"}, head=1)
    assert state_of(root, bench.object_id) == {"a": b"2"}


def test_a_disk_that_fills_while_writing_leaves_nothing_half(
    small_disk: Path, tmp_path: Path
) -> None:
    root = open_root(small_disk)
    area = Bench(small_disk / "work/area")  # linked, so that only the inventory needs room
    state = {f"{'long' * 50}{number}": b"%d" % number for number in range(150)}
    staged = area.staged(state)
    (small_disk / "filler").write_bytes(bytes(_free_bytes(small_disk) - 90_000))
    with pytest.raises(NoSpace):
        root.seal(staged)
    (small_disk / "filler").unlink()
    assert root.recover() == []
    assert root.head(area.object_id) == 0


def _free_bytes(folder: Path) -> int:
    usage = os.statvfs(folder)
    return usage.f_bavail * usage.f_frsize


def test_a_full_disk_takes_no_half_record(small_disk: Path) -> None:
    desk = a_desk(small_disk)
    desk.note("a")
    ledger: Ledger = desk.ledger
    with pytest.raises(NoSpace):
        ledger.append([NewRecord("note", "", {"text": "x" * 2_000_000})])
    assert desk.note("b") == [2]
    assert desk.texts() == ["a", "b"]


def test_a_root_that_may_not_be_written_is_unavailable(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "area")
    root = open_root(tmp_path)
    # A file where a folder must go: root may write into any folder that there is.
    target = root.path_of(bench.object_id)
    blocked = tmp_path / "storage" / target.relative_to(tmp_path / "storage").parts[0]
    blocked.write_bytes(b"")
    with pytest.raises(StorageUnavailable):
        seal_state(root, bench, {"a": b"1"})
    blocked.unlink()
    assert root.recover() == []


@pytest.mark.tool("ocfl-py")
def test_others_find_the_root_valid(home: Path, ocfl_judge: Judge) -> None:
    root = open_root(home)
    for number in range(3):
        bench = Bench(home / "work/area")
        seal_state(root, bench, {"a": b"%d" % number, "f/ü%": b"2", "g/tab\t": b""})
        seal_state(root, bench, {"a": b"%d" % number, "b": b"3"}, head=1)
        seal_state(root, bench, {}, head=2)
    assert ocfl_judge(home / "storage") == []
    assert ocfl_judge(root.path_of(bench.object_id)) == []


@pytest.mark.tool("ocfl-py")
def test_others_find_the_sealed_ledger_valid(tmp_path: Path, ocfl_judge: Judge) -> None:
    desk = a_desk(tmp_path)
    for text in ("a", "b", "c"):
        desk.note(text)
        desk.pass_days()
    desk.ledger.seal_closed_days()
    assert ocfl_judge(desk.home / "storage") == []
