"""The contract of `StorageRoot`, over every disk that a root can lie on."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from hashlib import sha512
from pathlib import Path

import pytest

from muniment.information.identifiers import ObjectId, new_object_id
from muniment.runtime.errors import (
    CorruptObject,
    FixityMismatch,
    InvalidArgument,
    ObjectMissing,
    StorageUnavailable,
    VersionConflict,
    VersionMissing,
)
from muniment.storage.ports import StorageRoot
from muniment.storage.types import StagedFile
from tests.contracts.storage_roots import (
    OpenRoot,
    content_paths,
    every_root,
)
from tests.storage.staging import AT, Bench, seal_state, state_of


@every_root
def test_an_empty_root_is_a_valid_storage_root(open_root: OpenRoot, home: Path) -> None:
    root = open_root(home)
    assert list(root.object_ids()) == []
    assert (home / "storage" / "0=ocfl_1.1").read_bytes() == b"ocfl_1.1\n"


@every_root
def test_initialising_again_changes_nothing(open_root: OpenRoot, home: Path, bench: Bench) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    root.initialise()
    assert state_of(root, bench.object_id) == {"a": b"1"}


@every_root
def test_a_sealed_version_gives_its_state_back(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    state = {"METS.xml": b"<mets/>", "representations/original/data/ü/b": b"", "c": b"x" * 5000}
    sealed = seal_state(root, bench, state)
    assert state_of(root, bench.object_id) == state
    assert (sealed.number, sealed.file_count, sealed.size_bytes) == (1, 3, 5007)


@every_root
def test_a_version_says_who_made_it_when_and_why(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    sealed = seal_state(root, bench, {"a": b"1"})
    with root.open_version(bench.object_id) as version:
        assert (version.number, version.created_at, version.message) == (1, AT, "version 1")
        assert (version.user_name, version.user_address) == ("Ada", "mailto:ada@example.org")
        assert version.inventory_sha512 == sealed.inventory_sha512
        assert version.lookup("a") == sha512(b"1").hexdigest()
        assert version.size_of("a") == 1
        assert list(version.fixity_of(version.lookup("a"))) == ["md5"]


@every_root
def test_earlier_versions_stay_readable(open_root: OpenRoot, home: Path, bench: Bench) -> None:
    root = open_root(home)
    first = seal_state(root, bench, {"a": b"1", "b": b"2"})
    seal_state(root, bench, {"b": b"3"}, head=1)
    assert root.head(bench.object_id) == 2
    assert state_of(root, bench.object_id, 1) == {"a": b"1", "b": b"2"}
    assert state_of(root, bench.object_id, 2) == {"b": b"3"}
    with root.open_version(bench.object_id, 1) as version:
        assert version.inventory_sha512 == first.inventory_sha512


@every_root
def test_equal_bytes_are_kept_once(open_root: OpenRoot, home: Path, bench: Bench) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"same", "b": b"same"})
    sealed = seal_state(root, bench, {"a": b"same", "c": b"same", "d": b"new"}, head=1)
    assert content_paths(root, bench.object_id) == ["v1/content/a", "v2/content/d"]
    assert sealed.new_bytes == 3


@every_root
def test_a_version_may_be_made_of_earlier_bytes_alone(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    staged = bench.staged({}, head=1)
    moved = StagedFile("moved", None, 1, sha512(b"1").hexdigest())
    root.seal(replace(staged, files=lambda: iter([moved])))
    assert state_of(root, bench.object_id) == {"moved": b"1"}


@every_root
def test_a_version_may_hold_nothing(open_root: OpenRoot, home: Path, bench: Bench) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    seal_state(root, bench, {}, head=1)
    assert state_of(root, bench.object_id) == {}


@every_root
def test_sealing_the_same_again_makes_no_second_version(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    staged = bench.staged({"a": b"1"})
    first, again = root.seal(staged), root.seal(staged)
    assert again == replace(first, was_there=True)
    assert root.head(bench.object_id) == 1


@every_root
@pytest.mark.parametrize(
    "state",
    [{"a": b"2"}, {"a": b"1", "b": b"2"}, {}],
    ids=["other bytes", "one more file", "one file less"],
)
def test_another_version_on_an_old_head_is_a_conflict(
    open_root: OpenRoot, home: Path, bench: Bench, state: dict[str, bytes]
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    with pytest.raises(VersionConflict, match="at version 1, not 0"):
        seal_state(root, bench, state)
    assert state_of(root, bench.object_id) == {"a": b"1"}


@every_root
def test_the_same_state_at_another_time_is_a_conflict(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    staged = bench.staged({"a": b"1"})
    root.seal(staged)
    with pytest.raises(VersionConflict):
        root.seal(replace(staged, created_at=AT + timedelta(seconds=1)))


@every_root
def test_a_version_that_skips_a_number_is_a_conflict(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    with pytest.raises(VersionConflict, match="at version 0, not 3"):
        seal_state(open_root(home), bench, {"a": b"1"}, head=3)


@every_root
def test_objects_are_listed_without_the_ledger(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    other = Bench(bench.area)
    month = Bench(bench.area, ObjectId("urn:x-muniment:ledger:2026-11"))
    for each in (bench, other, month):
        seal_state(root, each, {"a": b"1"})
    assert set(root.object_ids()) == {bench.object_id, other.object_id}
    assert root.holds(month.object_id)


@every_root
def test_what_is_not_there_is_missing(open_root: OpenRoot, home: Path, bench: Bench) -> None:
    root = open_root(home)
    assert root.head(new_object_id()) == 0
    with pytest.raises(ObjectMissing):
        root.open_version(new_object_id())
    seal_state(root, bench, {"a": b"1"})
    with pytest.raises(VersionMissing):
        root.open_version(bench.object_id, 2)
    with root.open_version(bench.object_id) as version, pytest.raises(ObjectMissing):
        version.open("b")


@every_root
def test_lost_content_is_corrupt_and_not_unavailable(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    (root.path_of(bench.object_id) / "v1/content/a").unlink()
    with root.open_version(bench.object_id) as version, pytest.raises(CorruptObject):
        version.open("a")


@every_root
@pytest.mark.parametrize("name", ["inventory.json", "inventory.json.sha512"])
def test_a_lost_inventory_is_corrupt(
    open_root: OpenRoot, home: Path, bench: Bench, name: str
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    (root.path_of(bench.object_id) / name).unlink()
    with pytest.raises(CorruptObject):
        root.open_version(bench.object_id)
    with pytest.raises(CorruptObject):
        seal_state(root, bench, {"a": b"2"}, head=1)


def refusals(bench: Bench) -> dict[str, tuple[StagedFile, type[Exception]]]:
    """Return files that cannot be sealed, and what is raised for each."""
    good = bench.file("a", b"12345")
    link = bench.area / "link"
    link.symlink_to(bench.source(b"12345"))
    pipe = bench.area / "pipe"
    os.mkfifo(pipe)
    return {
        "link": (replace(good, source=link), InvalidArgument),
        "pipe": (replace(good, source=pipe), InvalidArgument),
        "gone": (replace(good, source=bench.area / "gone"), StorageUnavailable),
        "size": (replace(good, size_bytes=4), FixityMismatch),
        "digest": (replace(good, sha512=sha512(b"other").hexdigest()), FixityMismatch),
        "no source": (replace(good, source=None), InvalidArgument),
        "path": (replace(good, logical_path="../a"), InvalidArgument),
    }


@every_root
@pytest.mark.parametrize("fault", ["link", "pipe", "gone", "size", "digest", "no source", "path"])
def test_a_source_that_is_not_what_was_announced_leaves_nothing_behind(
    open_root: OpenRoot, home: Path, bench: Bench, fault: str
) -> None:
    root = open_root(home)
    file, error = refusals(bench)[fault]
    staged = replace(bench.staged({}), files=lambda: iter([bench.file("b", b"good"), file]))
    with pytest.raises(error):
        root.seal(staged)
    assert root.head(bench.object_id) == 0
    assert root.recover() == []


@every_root
def test_a_path_that_is_there_twice_is_refused(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    twice = [bench.file("a", b"1"), bench.file("a", b"2")]
    with pytest.raises(InvalidArgument):
        root.seal(replace(bench.staged({}), files=lambda: iter(twice)))
    assert root.recover() == []


@every_root
def test_sealed_content_may_be_written_by_nobody(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    path = root.path_of(bench.object_id) / "v1/content/a"
    assert path.stat().st_mode & 0o777 == 0o444


@every_root
def test_what_a_refused_link_points_to_is_not_touched(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    secret = bench.source(b"12345")
    secret.chmod(0o600)
    link = bench.area / "link"
    link.symlink_to(secret)
    file = replace(bench.file("a", b"12345"), source=link)
    with pytest.raises(InvalidArgument):
        root.seal(replace(bench.staged({}), files=lambda: iter([file])))
    assert secret.stat().st_mode & 0o777 == 0o600


@every_root
def test_a_folder_with_other_things_does_not_become_a_root(open_root: OpenRoot, home: Path) -> None:
    (home / "storage").mkdir()
    (home / "storage/mine").write_bytes(b"")
    with pytest.raises(InvalidArgument, match="mine"):
        open_root(home)


@every_root
def test_a_root_whose_making_was_interrupted_is_finished(open_root: OpenRoot, home: Path) -> None:
    open_root(home)
    (home / "storage/0=ocfl_1.1").unlink()
    assert list(open_root(home).object_ids()) == []
    assert (home / "storage/0=ocfl_1.1").exists()


@every_root
def test_one_file_of_a_version_is_opened_by_itself(
    open_root: OpenRoot, home: Path, bench: Bench
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1", "b": b"same"})
    assert opened(root, bench.object_id, 1, "a") == b"1"
    seal_state(root, bench, {"a": b"2", "b": b"same"}, head=1)
    found = [opened(root, bench.object_id, number, name) for number in (1, 2) for name in "ab"]
    assert found == [b"1", b"same", b"2", b"same"]
    for number, name, error in ((1, "c", ObjectMissing), (3, "a", VersionMissing)):
        with pytest.raises(error):
            root.open_content(bench.object_id, number, name)
    with pytest.raises(ObjectMissing):
        root.open_content(new_object_id(), 1, "a")


@every_root
@pytest.mark.parametrize("name", ["inventory.json", "v1/content/a"])
def test_a_file_that_was_opened_before_may_be_lost_since(
    open_root: OpenRoot, home: Path, bench: Bench, name: str
) -> None:
    root = open_root(home)
    seal_state(root, bench, {"a": b"1"})
    assert opened(root, bench.object_id, 1, "a") == b"1"
    (root.path_of(bench.object_id) / name).unlink()
    with pytest.raises(CorruptObject):
        root.open_content(bench.object_id, 1, "a")


def opened(root: StorageRoot, object_id: ObjectId, number: int, path: str) -> bytes:
    with root.open_content(object_id, number, path) as stream:
        return stream.read()
