"""Symbolic and hard links: followed by words alone, copied when all files are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.unpacking import UnpackLimits
from muniment.information.unpacking.intake import inside_package
from tests.information.unpacking.packages import received_bytes
from tests.information.unpacking.raw_tar import END, a_file, a_header, extended


def a_link(name: bytes, target: bytes) -> bytes:
    return a_header(name, kind=b"2", link=target)


def a_hard_link(name: bytes, target: bytes) -> bytes:
    return a_header(name, kind=b"1", link=target)


@pytest.mark.parametrize(
    ("name", "target", "inside"),
    [
        (b"l", b"a", b"a"),
        (b"d/l", b"a", b"d/a"),
        (b"d/l", b"../a", b"a"),
        (b"./d//l", b".././a", b"a"),
        (b"d/e/l", b"../../a/../b", b"b"),
        (b"d/l", b"..", b""),
        (b"l", b"..", None),
        (b"d/l", b"../..", None),
        (b"d/l", b"../../d/a", None),
        (b"l", b"/a", None),
        (b"l", b"\\a", None),
        (b"l", b"", None),
        (b"l", b"a\0", None),
    ],
)
def test_where_a_link_leads_is_told_by_words(
    name: bytes, target: bytes, inside: bytes | None
) -> None:
    assert inside_package(name, target) == inside


def test_a_chain_of_links_ends_at_the_file_in_any_order(tmp_path: Path) -> None:
    links = [a_link(b"l%d" % number, b"l%d" % (number + 1)) for number in range(500)]
    tar = b"".join(reversed(links[::2])) + b"".join(links[1::2]) + a_file(b"l500", b"x") + END
    came = received_bytes(tar, tmp_path, links="copy")
    assert (came.codes, set(came.content.values()), len(came.content)) == ([], {b"x"}, 501)


def test_links_in_a_circle_are_dangling_and_so_is_what_leads_there(tmp_path: Path) -> None:
    tar = a_link(b"a", b"b") + a_link(b"b", b"c") + a_link(b"c", b"b") + a_link(b"d", b"a")
    came = received_bytes(tar + a_file(b"x") + END, tmp_path, links="copy")
    assert came.codes == [("link-dangling", name) for name in "abcd"]
    assert list(came.content) == ["x"]


@pytest.mark.parametrize("target", [b"d", b"C:x", b"a/..", b"x" * 90 + b"/..", b"."])
def test_a_link_that_leads_to_no_file_is_dangling(tmp_path: Path, target: bytes) -> None:
    tar = a_file(b"d/a") + a_link(b"l", target) + END
    assert received_bytes(tar, tmp_path, links="copy").codes == [("link-dangling", "l")]


def test_a_link_beside_a_file_of_its_name_is_there_twice(tmp_path: Path) -> None:
    tar = a_file(b"a", b"x") + a_link(b"b", b"a") + a_file(b"b", b"y") + END
    came = received_bytes(tar, tmp_path, links="copy")
    assert (came.codes, came.content) == ([("path-twice", "b")], {"a": b"x", "b": b"y"})


def test_a_link_below_a_file_is_there_twice(tmp_path: Path) -> None:
    tar = a_file(b"a", b"x") + a_link(b"a/b", b"../a") + END
    assert received_bytes(tar, tmp_path, links="copy").codes == [("path-twice", "a/b")]


def test_names_that_are_encoded_and_shortened_are_followed(tmp_path: Path) -> None:
    name = b"\xff" * 250
    tar = extended(name, b"L") + a_file(b"", b"x") + extended(name, b"K") + a_link(b"l", b"")
    came = received_bytes(tar + END, tmp_path, links="copy")
    assert (came.codes, came.content["l"]) == ([], b"x")


def test_more_links_than_the_limit_are_refused(tmp_path: Path) -> None:
    tar = a_file(b"a") + b"".join(a_link(b"l%d" % number, b"a") for number in range(5)) + END
    limits = UnpackLimits(max_links=3, reserve_bytes=0)
    came = received_bytes(tar, tmp_path, limits=limits, links="copy")
    assert came.codes == [("limit-links", "l3")]


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        (a_hard_link(b"../l", b"a"), ("path-parent", "../l")),
        (a_hard_link(b"a", b"a"), ("path-twice", "a")),
        (a_hard_link(b"a/l", b"a"), ("path-twice", "a/l")),
        (a_hard_link(b"l", b"l"), ("link-dangling", "l")),
        (a_hard_link(b"l", b""), ("link-leaves", "l")),
        (a_header(b"d", kind=b"5") + a_hard_link(b"l", b"d"), ("link-dangling", "l")),
        (a_link(b"s", b"a") + a_hard_link(b"l", b"s"), ("link-dangling", "l")),
    ],
)
def test_a_hard_link_that_cannot_be_made_is_told(
    tmp_path: Path, entries: bytes, code: tuple[str, str]
) -> None:
    came = received_bytes(a_file(b"a", b"x") + entries + END, tmp_path, links="copy")
    assert code in came.codes
    assert set(came.content.values()) == {b"x"}


def test_hard_links_count_against_the_bytes_that_are_allowed(tmp_path: Path) -> None:
    tar = a_file(b"a", b"x" * 1000) + a_hard_link(b"b", b"a") + a_hard_link(b"c", b"a") + END
    limits = UnpackLimits(max_bytes=2500, reserve_bytes=0)
    came = received_bytes(tar, tmp_path, limits=limits)
    assert came.codes == [("limit-bytes", "c")]


NAMES = st.sampled_from([b"a", b"b", b"d", b"d/a", b"d/b", b"..", b"../a", b"/a", b"d/../a"])


@given(links=st.lists(st.tuples(NAMES, NAMES), max_size=6))
def test_no_web_of_links_leaves_the_package_or_invents_content(
    tmp_path_factory: pytest.TempPathFactory, links: list[tuple[bytes, bytes]]
) -> None:
    base = tmp_path_factory.mktemp("links")
    (base / "a").write_bytes(b"outside")
    tar = a_file(b"f", b"inside") + b"".join(a_link(*link) for link in links) + END
    came = received_bytes(tar, base, links="copy")
    assert set(came.content.values()) == {b"inside"}
    assert (base / "a").read_bytes() == b"outside"
