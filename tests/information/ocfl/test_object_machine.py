"""OCFL 1.1 §3: an object on disk is what a list of dictionaries would be, for us and the judge."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from muniment.information.ocfl import Declares, InventoryIndex, load_inventory
from muniment.information.ocfl.validation import validate_object
from tests.information.ocfl.builders import OBJECT_ID, add_version, declare, md5
from tests.judges import ask
from tests.judges.fixtures import Judge

Files = dict[str, bytes]
NAMES = st.sampled_from(["a", "b.txt", "d/a", "d/e/a", "ü/ß", "x y", "%41", "A", "c:d", "é" * 140])
BYTES = st.sampled_from([b"", b"one", b"two", b"\0" * 1000, b"three"])


class ObjectBesideADictionary(RuleBasedStateMachine):
    """Adds, changes, renames and removes files in version after version.

    "Every version MUST have a complete state; content once stored is never stored again" is what
    OCFL 1.1 §3.5.3.1 and forward-delta deduplication come to.
    """

    home: ClassVar[Path]
    count: ClassVar[int] = 0

    @initialize(files=st.dictionaries(NAMES, BYTES, max_size=4))
    def begin(self, files: Files) -> None:
        type(self).count += 1
        self.folder = self.home / str(self.count)
        self.folder.mkdir(parents=True)
        declare(self.folder, Declares.OBJECT)
        self.versions: list[Files] = []
        with InventoryIndex.new(OBJECT_ID) as index:
            self.seal(index, files)

    def seal(self, index: InventoryIndex, files: Files) -> None:
        add_version(self.folder, index, files)
        self.versions.append(files)

    def next_version(self, files: Files) -> None:
        with load_inventory(self.folder) as index:
            self.seal(index, files)

    @property
    def newest(self) -> Files:
        return dict(self.versions[-1])

    @rule(name=NAMES, content=BYTES)
    def put_a_file(self, name: str, content: bytes) -> None:
        self.next_version({**self.newest, name: content})

    @rule(files=st.dictionaries(NAMES, BYTES, max_size=5))
    def replace_everything(self, files: Files) -> None:
        self.next_version(files)

    @rule()
    def change_nothing(self) -> None:
        self.next_version(self.newest)

    @precondition(lambda self: self.versions[-1])
    @rule(data=st.data())
    def remove_a_file(self, data: st.DataObject) -> None:
        files = self.newest
        del files[data.draw(st.sampled_from(sorted(files)))]
        self.next_version(files)

    @precondition(lambda self: self.versions[-1])
    @rule(data=st.data(), name=NAMES)
    def rename_a_file(self, data: st.DataObject, name: str) -> None:
        files = self.newest
        files[name] = files.pop(data.draw(st.sampled_from(sorted(files))))
        self.next_version(files)

    @precondition(lambda self: self.versions[-1])
    @rule(data=st.data(), name=NAMES)
    def copy_a_file(self, data: st.DataObject, name: str) -> None:
        files = self.newest
        files[name] = files[data.draw(st.sampled_from(sorted(files)))]
        self.next_version(files)

    @rule(number=st.integers(1, 9))
    def go_back(self, number: int) -> None:
        self.next_version(dict(self.versions[min(number, len(self.versions)) - 1]))

    @invariant()
    def every_version_is_read_byte_for_byte(self) -> None:
        with load_inventory(self.folder) as index:
            assert index.head == len(self.versions)
            for number, files in enumerate(self.versions, 1):
                state = {
                    entry.logical_path: (self.folder / entry.content_path).read_bytes()
                    for entry in index.state(number)
                }
                assert state == files

    @invariant()
    def no_bytes_are_stored_twice(self) -> None:
        stored = [
            path.read_bytes() for path in self.folder.glob("v*/content/**/*") if path.is_file()
        ]
        assert sorted(stored) == sorted({c for files in self.versions for c in files.values()})

    @invariant()
    def all_bytes_have_their_fixity(self) -> None:
        with load_inventory(self.folder) as index:
            for path, _, more in index.content():
                assert more == {"md5": md5((self.folder / path).read_bytes())}
                assert index.fixity_of(path) == more

    @invariant()
    def it_is_valid(self) -> None:
        assert validate_object(self.folder, workers=0).findings == ()


@pytest.mark.tool("ocfl-py")
def test_objects_of_any_course_are_valid_for_us_at_each_step_and_for_the_judge_at_the_end(
    tmp_path: Path, ocfl_judge: Judge
) -> None:
    class Here(ObjectBesideADictionary):
        home = tmp_path

    run_state_machine_as_test(Here, settings=settings(max_examples=25, stateful_step_count=8))
    told = ask("ocfl-py", "judge_ocfl_objects.py", tmp_path, "objects")
    assert len(told) == Here.count
    assert set(told.values()) == {True}
