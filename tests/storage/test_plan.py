"""Planning a version: what is kept once, what is refused."""

from __future__ import annotations

from hashlib import sha512
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.errors import InvalidArgument
from muniment.storage.plan import plan_version
from muniment.storage.types import StagedFile


def a_file(path: str, content: bytes = b"x", **fixity: str) -> StagedFile:
    return StagedFile(path, Path("/w") / "f", len(content), sha512(content).hexdigest(), fixity)


def without_source(path: str, content: bytes) -> StagedFile:
    return StagedFile(path, None, len(content), sha512(content).hexdigest())


def test_equal_bytes_in_one_version_are_brought_once() -> None:
    plan = plan_version([a_file("a", b"same"), a_file("b", b"same")], known=())
    assert [content.path for content in plan.new_content] == ["a"]
    assert plan.state == {sha512(b"same").hexdigest(): ["a", "b"]}


def test_the_sizes_are_those_of_the_logical_state_and_of_the_new_content() -> None:
    plan = plan_version([a_file("a", b"same"), a_file("b", b"same")], known=())
    assert (plan.file_count, plan.size_bytes, plan.new_bytes) == (2, 8, 4)


def test_bytes_of_an_earlier_version_are_not_brought_again() -> None:
    known = {sha512(b"old").hexdigest()}
    plan = plan_version([without_source("a", b"old"), a_file("b", b"old")], known=known)
    assert plan.new_content == []
    assert plan.file_count == 2


def test_a_file_without_source_and_without_known_bytes_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="no earlier version"):
        plan_version([without_source("a", b"new")], known=())


def test_fixity_digests_of_equal_bytes_are_brought_together() -> None:
    plan = plan_version([a_file("a", md5="1"), a_file("b", sha256="2")], known=())
    assert list(plan.fixity.values()) == [{"md5": "1", "sha256": "2"}]


@pytest.mark.parametrize("path", ["", "/a", "a/", "a//b", ".", "a/..", "../a", "a/./b", "\ud800"])
def test_a_path_that_no_state_can_hold_is_refused(path: str) -> None:
    with pytest.raises(InvalidArgument, match="logical path"):
        plan_version([a_file(path)], known=())


def test_a_path_that_is_there_twice_is_refused() -> None:
    with pytest.raises(InvalidArgument, match="twice"):
        plan_version([a_file("a"), a_file("a", b"other")], known=())


@pytest.mark.parametrize("paths", [("a", "a/b"), ("a/b/c", "a/b"), ("x", "a/b/c/d", "a")])
def test_a_path_that_is_a_file_and_a_folder_is_refused(paths: tuple[str, ...]) -> None:
    with pytest.raises(InvalidArgument, match="a file and a folder"):
        plan_version([a_file(path, path.encode()) for path in paths], known=())


names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=1)


@given(st.dictionaries(names.filter(lambda name: name not in {".", ".."}), st.binary(max_size=3)))
def test_no_two_contents_of_one_version_have_one_path(files: dict[str, bytes]) -> None:
    plan = plan_version([a_file(path, content) for path, content in files.items()], known=())
    assert len({content.path for content in plan.new_content}) == len(plan.new_content)
    assert len(plan.new_content) == len(set(files.values()))
