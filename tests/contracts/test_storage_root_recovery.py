"""The contract of a storage root: recovery, structure, digests, the disk beneath."""

from __future__ import annotations

from pathlib import Path

import pytest

from muniment.runtime.errors import (
    NoSpace,
)
from muniment.storage.adapters.local import open_local_root
from muniment.storage.types import FixityResult, RecoveryAction
from tests.contracts.storage_roots import (
    OpenRoot,
    every_root,
    local,
)
from tests.storage.staging import Bench, seal_state, state_of


@every_root
def test_recovery_of_a_root_at_rest_does_nothing(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    seal_state(root, bench, {"a": b"2"}, head=1)
    assert root.recover() == []


@every_root
def test_recovery_removes_leftovers_and_empty_folders_once(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    leftover = home / "work/staging/left.1"
    (leftover / "object/v1/content").mkdir(parents=True)
    (leftover / "object/v1/content/a").write_bytes(b"half")
    (home / "storage/abc/def").mkdir(parents=True)
    foreseen = root.recoverable()
    assert (home / "storage/abc/def").is_dir()
    done = root.recover()
    assert done == foreseen
    assert {each.action for each in done} == {RecoveryAction.REMOVED}
    assert len(done) == 3
    assert root.recover() == []
    assert state_of(root, bench.object_id) == {"a": b"1"}


@every_root
def test_recovery_leaves_damage_alone_and_tells_it(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    sidecar = root.path_of(bench.object_id) / "inventory.json.sha512"
    sidecar.write_bytes(b"0" * 128 + b" inventory.json\n")
    first = root.recover()
    assert [each.action for each in first] == [RecoveryAction.LEFT_ALONE]
    assert root.recoverable() == first
    assert root.recover() == first


@every_root
def test_a_version_that_others_left_half_is_set_aside(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    half = root.path_of(bench.object_id) / "v2/content"
    half.mkdir(parents=True)
    (half / "b").write_bytes(b"kept")
    assert [each.action for each in root.recoverable()] == [RecoveryAction.SET_ASIDE]
    assert (half / "b").read_bytes() == b"kept"
    assert [each.action for each in root.recover()] == [RecoveryAction.SET_ASIDE]
    assert root.recover() == []
    assert [path.read_bytes() for path in (home / "work/set-aside").rglob("b")] == [b"kept"]
    seal_state(root, bench, {"a": b"2"}, head=1)
    assert state_of(root, bench.object_id) == {"a": b"2"}


@every_root
def test_the_structure_of_a_sealed_object_has_no_fault(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    seal_state(root, bench, {"a": b"2"}, head=1)
    assert root.check_structure(bench.object_id) == []


@every_root
@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("0=ocfl_object_1.1", FixityResult.MISSING),
        ("inventory.json", FixityResult.MISSING),
        ("v1/inventory.json", FixityResult.MISSING),
        ("v2/inventory.json.sha512", FixityResult.MISSING),
    ],
)
def test_a_lost_part_of_the_structure_is_told(
    open_root: OpenRoot, home: Path, bench: Bench, name: str, result: FixityResult
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    seal_state(root, bench, {"a": b"2"}, head=1)
    (root.path_of(bench.object_id) / name).unlink()
    assert [line.result for line in root.check_structure(bench.object_id)] == [result]


@every_root
def test_every_content_file_comes_with_all_its_digests(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1", "b": b"2"})
    files = list(root.content_files(bench.object_id))
    assert [file.content_path for file in files] == ["v1/content/a", "v1/content/b"]
    assert [sorted(file.digests) for file in files] == [["md5", "sha512"]] * 2


def test_the_reserve_is_kept_free(home: Path, bench: Bench) -> None:
    root = open_local_root(home / "storage", home / "work", reserve_bytes=1 << 62)
    root.initialise()
    with pytest.raises(NoSpace, match="reserve"):
        seal_state(root, bench, {"a": b"1"})
    assert root.head(bench.object_id) == 0


def test_content_is_linked_and_not_copied_where_the_disk_can(home: Path, bench: Bench) -> None:
    root = local(home)
    seal_state(root, bench, {"a": b"1"})
    assert bench.source(b"1").samefile(root.path_of(bench.object_id) / "v1/content/a")
