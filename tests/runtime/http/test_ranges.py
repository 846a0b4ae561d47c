"""RFC 9110 §14: the header Range, whatever it holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.http.ranges import ByteRange, OutsideFile, range_asked


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-499", 0, 499),
        ("bytes=500-999", 500, 999),
        ("bytes=500-", 500, 999),
        ("bytes=-500", 500, 999),
        ("bytes=-5000", 0, 999),
        ("bytes=999-99999999999999999999999999", 999, 999),
        ("BYTES = 0007-008 ", 7, 8),
    ],
)
def test_one_range_is_that_part(header: str, first: int, last: int) -> None:
    assert range_asked(header, 1000) == ByteRange(first, last)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5-4",
        "bytes=a-b",
        "bytes=0x1-2",
        "bytes=1.5-2",
        "bytes=--5",
        "bytes=1--5",
        "bytes=\u0661-\u0662",
        "bytes=0-1,5-6",
        "bytes=0-,0-,0-,0-",
        "items=0-1",
        "bytes=0-1; x",
        "bytes=0-1\nX: y",
    ],
)
def test_nonsense_and_several_ranges_mean_the_whole(header: str) -> None:
    assert range_asked(header, 1000) is None


@pytest.mark.parametrize(
    ("header", "size_bytes"),
    [
        ("bytes=1000-", 1000),
        ("bytes=1000-1001", 1000),
        ("bytes=-0", 1000),
        ("bytes=0-", 0),
        ("bytes=-1", 0),
        ("bytes=" + "9" * 5000 + "-", 1000),
    ],
)
def test_a_range_without_a_byte_of_the_file_is_outside(header: str, size_bytes: int) -> None:
    with pytest.raises(OutsideFile):
        range_asked(header, size_bytes)


@given(
    st.one_of(st.text(), st.from_regex(r"bytes=\d*-\d*(,\d*-\d*)*", fullmatch=True)),
    st.integers(0, 10**15),
)
def test_whatever_is_asked_the_part_lies_in_the_file(header: str, size_bytes: int) -> None:
    try:
        found = range_asked(header, size_bytes)
    except OutsideFile:
        return
    if found is not None:
        assert 0 <= found.first <= found.last < size_bytes


@given(st.binary(min_size=1, max_size=200), st.integers(0, 250), st.integers(0, 250))
def test_it_is_the_slice_that_python_cuts(content: bytes, first: int, last: int) -> None:
    try:
        found = range_asked(f"bytes={first}-{last}", len(content))
    except OutsideFile:
        assert content[first : last + 1] == b""
        return
    if found is None:
        assert last < first
    else:
        assert content[found.first : found.last + 1] == content[first : last + 1]
