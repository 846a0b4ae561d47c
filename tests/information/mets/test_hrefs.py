"""Between paths and hrefs: RFC 3986 §3.3."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.mets import href_of, name_of, path_of

parts = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1).filter(
    lambda part: part not in {".", ".."}
)
paths = st.lists(parts, min_size=1, max_size=4).map("/".join)


@given(paths)
def test_a_path_comes_back_from_its_href(path: str) -> None:
    assert path_of(href_of(path)) == path


@given(paths)
def test_an_href_is_plain_ascii_without_spaces(path: str) -> None:
    href = href_of(path)
    assert href.isascii()
    assert not set(href) & set(' "<>\\^`{|}\n')


@pytest.mark.parametrize(
    "href",
    ["http://example.org/a", "urn:uuid:1", "mailto:a@b", "/etc/passwd", "", "#fragment", "file:"],
)
def test_what_lies_elsewhere_is_no_path(href: str) -> None:
    assert path_of(href) is None


@pytest.mark.parametrize("href", ["file://./a/b", "file:a/b", "file:///a/b", "./a/b", "a/b#c"])
def test_the_ways_of_other_tools_are_understood(href: str) -> None:
    assert path_of(href) == "a/b"


def test_bytes_that_are_not_utf_8_are_kept() -> None:
    assert name_of("a%FFb") == b"a\xffb"
    assert path_of("a%FFb") == "a\udcffb"
    assert href_of("a\udcffb") == "a%FFb"


@given(st.text())
def test_no_href_makes_it_raise(href: str) -> None:
    assert path_of(href) is None or name_of(href)
