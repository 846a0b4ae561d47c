"""Text for people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.cli.tables import plain, size, table


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [
        (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1288490189, "1.2 GiB"),
        (1 << 60, "1024.0 PiB"),
    ],
)  # fmt: skip
def test_sizes_are_in_the_unit_that_people_read(size_bytes: int, text: str) -> None:
    assert size(size_bytes) == text


@given(st.text())
def test_plain_text_moves_no_cursor(text: str) -> None:
    shown = plain(text)
    assert shown.isprintable() or all(each.isprintable() or each.isspace() for each in shown)
    assert not set(shown) & {"\n", "\r", "\x1b", "\u202e", "\u2028"}
    assert plain(shown) == shown


def test_columns_line_up() -> None:
    assert table([("a", "bb", "c"), ("aaa", "b", "")], heads=("x", "y", "z")) == [
        "x    y   z",
        "a    bb  c",
        "aaa  b",
    ]
    assert table([]) == []
