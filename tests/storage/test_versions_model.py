"""OCFL objects against a plain dictionary of versions."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from muniment.runtime.errors import VersionConflict
from muniment.storage.adapters.local import open_local_root
from tests.storage.staging import Bench, seal_state, state_of

names = st.sampled_from(["a", "b", "f/a", "f/g/ü", "x" * 255, "con", "a:b", "tab\t", "f.", " s"])
states = st.dictionaries(names, st.sampled_from([b"", b"1", b"2", b"x" * 2000]), max_size=5)


class VersionsOfObjects(RuleBasedStateMachine):
    """OCFL 1.1 §3: "each version … is a directory", "must not be altered"; newest is the head."""

    @initialize()
    def open(self) -> None:
        self.home = Path(tempfile.mkdtemp())
        self.root = open_local_root(self.home / "storage", self.home / "work")
        self.root.initialise()
        self.benches = [Bench(self.home / "work/area") for _ in range(2)]
        self.model: dict[str, list[dict[str, bytes]]] = {
            bench.object_id: [] for bench in self.benches
        }

    def teardown(self) -> None:
        shutil.rmtree(self.home)

    @rule(which=st.integers(0, 1), state=states)
    def seal(self, which: int, state: dict[str, bytes]) -> None:
        bench = self.benches[which]
        versions = self.model[bench.object_id]
        seal_state(self.root, bench, state, head=len(versions))
        versions.append(state)

    @rule(which=st.integers(0, 1))
    def seal_the_newest_again(self, which: int) -> None:
        bench = self.benches[which]
        versions = self.model[bench.object_id]
        for state in versions[-1:]:
            assert seal_state(self.root, bench, state, head=len(versions) - 1).was_there

    @rule(which=st.integers(0, 1))
    def seal_on_a_wrong_head(self, which: int) -> None:
        bench = self.benches[which]
        head = len(self.model[bench.object_id])
        with pytest.raises(VersionConflict):
            seal_state(self.root, bench, {"wrong": b"head"}, head=head + 1)

    @rule()
    def recover(self) -> None:
        assert self.root.recover() == []

    @invariant()
    def every_version_is_what_was_sealed(self) -> None:
        for bench in self.benches:
            versions = self.model[bench.object_id]
            assert self.root.head(bench.object_id) == len(versions)
            for number, state in enumerate(versions, start=1):
                assert state_of(self.root, bench.object_id, number) == state


TestVersionsOfObjects = VersionsOfObjects.TestCase
TestVersionsOfObjects.settings = settings(max_examples=25, stateful_step_count=12, deadline=None)
