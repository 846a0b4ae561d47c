"""OCFL 1.1 §3.5: an inventory asked, extended, written and read, beside a plain dictionary."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from muniment.information.ocfl import (
    InventoryIndex,
    StateChange,
    StateEntry,
    VersionEntry,
    read_inventory,
    write_inventory,
)
from muniment.runtime.errors import InvalidArgument, VersionMissing
from tests.information.ocfl.builders import OBJECT_ID, WHEN, md5, sha512

ONE, TWO = sha512(b"one"), sha512(b"two")


def add(index: InventoryIndex, files: dict[str, bytes]) -> None:
    entries = (VersionEntry(path, sha512(content)) for path, content in files.items())
    index.add_version(entries, WHEN, message="m", user_name="Ada", user_address="mailto:a@b.org")


def again(index: InventoryIndex) -> InventoryIndex:
    buffer = BytesIO()
    write_inventory(buffer, index)
    index.close()
    buffer.seek(0)
    return read_inventory(buffer)


def an_index(*versions: dict[str, bytes]) -> InventoryIndex:
    index = InventoryIndex.new(OBJECT_ID)
    for files in versions:
        add(index, files)
    return index


class InventoryBesideADictionary(RuleBasedStateMachine):
    """Versions of an inventory are what a list of dictionaries would be, also when read again."""

    NAMES = st.sampled_from(["a", "b.txt", "ü", "x y", "%", "A", "c:d", "e" * 300])

    @initialize()
    def begin(self) -> None:
        self.index = InventoryIndex.new(OBJECT_ID)
        self.versions: list[dict[str, bytes]] = []

    @rule(files=st.dictionaries(NAMES, st.binary(max_size=1), max_size=6))
    def add_a_version(self, files: dict[str, bytes]) -> None:
        add(self.index, files)
        self.versions.append(files)

    @rule(files=st.dictionaries(NAMES, st.binary(max_size=1), min_size=1, max_size=3))
    def fail_to_add_a_version(self, files: dict[str, bytes]) -> None:
        path, content = next(iter(files.items()))
        entries = [VersionEntry(each, sha512(content)) for each in (*files, path)]
        with pytest.raises(InvalidArgument):
            self.index.add_version(
                entries, WHEN, message="", user_name="x", user_address="mailto:x@y.z"
            )

    @precondition(lambda self: self.versions)
    @rule()
    def write_and_read(self) -> None:
        self.index = again(self.index)

    @invariant()
    def the_states_are_the_dictionaries(self) -> None:
        assert self.index.head == len(self.versions)
        for number, files in enumerate(self.versions, 1):
            state = {each.logical_path: each.digest for each in self.index.state(number)}
            assert state == {path: sha512(content) for path, content in files.items()}

    @invariant()
    def bytes_are_stored_once_in_the_version_that_brought_them(self) -> None:
        first: dict[str, int] = {}
        for number, files in enumerate(self.versions, 1):
            for content in files.values():
                first.setdefault(sha512(content), number)
        manifest = dict(self.index.manifest())
        assert {
            digest: int(path[1 : path.index("/")]) for digest, path in manifest.items()
        } == first

    @precondition(lambda self: len(self.versions) > 1)
    @invariant()
    def changes_are_what_differs(self) -> None:
        before, after = self.versions[-2:]
        changes = {
            each.logical_path for each in self.index.changes(self.index.head - 1, self.index.head)
        }
        assert changes == {
            path for path in before.keys() | after.keys() if before.get(path) != after.get(path)
        }

    def teardown(self) -> None:
        self.index.close()


TestInventoryBesideADictionary = InventoryBesideADictionary.TestCase
TestInventoryBesideADictionary.settings = settings(stateful_step_count=12)


def test_a_state_is_sorted_and_says_where_the_bytes_are() -> None:
    with an_index({"b": b"two", "a": b"one"}, {"c": b"one"}) as index:
        assert list(index.state(1)) == [
            StateEntry("a", ONE, "v1/content/a"),
            StateEntry("b", TWO, "v1/content/b"),
        ]
        assert list(index.state(2)) == [StateEntry("c", ONE, "v1/content/a")]
        assert index.file_count(2) == 1


def test_place_says_where_bytes_go_and_only_once() -> None:
    with InventoryIndex.new(OBJECT_ID) as index:
        new = index.new_version(WHEN, message="m", user_name="A", user_address="mailto:a@b.c")
        with new as version:
            assert version.place("x/a", ONE) == "v1/content/x/a"
            assert version.place("x/b", ONE) is None
            assert version.place("x/c", ONE.upper()) is None
        assert index.content_path(ONE.upper()) == "v1/content/x/a"
        assert index.content_path(TWO) is None
        assert index.digest_of(1, "x/c") == ONE
        assert index.digest_of(1, "x/d") is None


def test_digests_that_look_alike_to_the_filter_are_told_apart() -> None:
    # The first 16 digits are all that the filter and the index see.
    alike = [ONE[:16] + f"{number:0112x}" for number in range(1100)]
    with InventoryIndex.new(OBJECT_ID) as index:
        new = index.new_version(WHEN, message="m", user_name="A", user_address="mailto:a@b.c")
        with new as version:
            places = [version.place(f"a/{number}", each) for number, each in enumerate(alike)]
            again = [version.place(f"b/{number}", each) for number, each in enumerate(alike)]
        assert places == [f"v1/content/a/{number}" for number in range(1100)]
        assert set(again) == {None}


def test_fixity_is_kept_for_new_bytes() -> None:
    with InventoryIndex.new(OBJECT_ID) as index:
        new = index.new_version(WHEN, message="m", user_name="A", user_address="mailto:a@b.c")
        with new as version:
            version.place("a", ONE, {"md5": md5(b"one").upper()})
        read = again(index)
        assert list(read.fixity()) == [("md5", md5(b"one"), "v1/content/a")]
        read.close()


def test_changes_from_nothing_are_the_whole_first_version() -> None:
    with an_index({"a": b"one"}, {"a": b"two", "b": b"one"}) as index:
        assert list(index.changes(0, 1)) == [StateChange("a", None, ONE)]
        assert list(index.changes(1, 2)) == [
            StateChange("a", ONE, TWO),
            StateChange("b", None, ONE),
        ]


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", "./a", "a/../b", ".."])
def test_a_logical_path_that_ocfl_forbids_is_refused(path: str) -> None:
    with an_index() as index, pytest.raises(InvalidArgument, match="logical path"):
        add(index, {path: b"one"})


@pytest.mark.parametrize(
    "paths", [["a", "a"], ["a", "a/b"], ["a/b", "a-b", "a"], ["a", "a\u0001", "a/b"]]
)
def test_paths_that_conflict_are_refused_and_leave_no_trace(paths: list[str]) -> None:
    with an_index({"x": b"one"}) as index:
        entries = [VersionEntry(path, TWO) for path in paths]
        with pytest.raises(InvalidArgument, match="twice, or also as a folder"):
            index.add_version(entries, WHEN, message="", user_name="", user_address="")
        assert (index.head, index.content_path(TWO)) == (1, None)


@pytest.mark.parametrize("digest", [md5(b""), "g" * 128, "é" * 128])
def test_what_is_no_digest_of_the_algorithm_is_refused(digest: str) -> None:
    with an_index() as index, pytest.raises(InvalidArgument, match="digest"):
        index.add_version(
            [VersionEntry("a", digest)], WHEN, message="", user_name="", user_address=""
        )


def test_an_error_while_placing_leaves_no_trace() -> None:
    with an_index({"x": b"one"}) as index:
        entries = (VersionEntry("a", digest, {"md5": md5(b"two")}) for digest in (TWO, "short"))
        with pytest.raises(InvalidArgument):
            index.add_version(entries, WHEN, message="", user_name="", user_address="")
        assert (index.head, index.content_path(TWO), list(index.fixity())) == (1, None, [])


def test_a_version_that_is_not_there_is_missing() -> None:
    with an_index({"a": b"one"}) as index, pytest.raises(VersionMissing, match="no version 2"):
        list(index.state(2))


def test_the_same_inventory_is_always_the_same_bytes() -> None:
    buffers = BytesIO(), BytesIO()
    for buffer, files in zip(
        buffers, ({"b": b"two", "a": b"one"}, {"a": b"one", "b": b"two"}), strict=True
    ):
        with an_index(files) as index:
            digest = write_inventory(buffer, index)
            assert digest == hashlib.sha512(buffer.getvalue()).hexdigest()
    # The content paths are those of the first placed; the rest is sorted.
    assert buffers[0].getvalue() == buffers[1].getvalue()


def test_an_index_of_sha256_writes_sha256() -> None:
    digest = hashlib.sha256(b"one").hexdigest()
    with InventoryIndex.new(OBJECT_ID, digest_algorithm="sha256") as index:
        index.add_version(
            [VersionEntry("a", digest)], WHEN, message="m", user_name="", user_address=""
        )
        buffer = BytesIO()
        assert write_inventory(buffer, index) == hashlib.sha256(buffer.getvalue()).hexdigest()
        assert b'"sha256"' in buffer.getvalue()
