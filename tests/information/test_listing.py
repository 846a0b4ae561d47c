"""The listing of a package: what is written line by line is what is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.information.listing import (
    ListedFile,
    iso_utc,
    listing_line,
    read_listing,
    write_listing,
)
from muniment.information.paths import encode_name

paths = st.binary(min_size=1, max_size=60).map(encode_name)
files = st.builds(
    ListedFile,
    path=paths,
    original_name=paths,
    size_bytes=st.integers(0, 2**63 - 1),
    digests=st.dictionaries(
        st.sampled_from(["md5", "sha256", "sha512"]), st.text("0123456789abcdef")
    ),
    modified_at=st.none() | st.floats(0, 1e11).map(iso_utc),
)


@given(written=st.lists(files, max_size=5))
def test_a_listing_comes_back_in_its_order(
    tmp_path_factory: pytest.TempPathFactory, written: list[ListedFile]
) -> None:
    place = tmp_path_factory.mktemp("listing") / "listing.jsonl"
    write_listing(place, written)
    assert list(read_listing(place)) == written


@given(file=files)
def test_a_line_has_no_line_end_but_its_last(file: ListedFile) -> None:
    line = listing_line(file)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1


def test_an_empty_listing_has_no_files(tmp_path: Path) -> None:
    write_listing(tmp_path / "listing", [])
    assert list(read_listing(tmp_path / "listing")) == []


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1970-01-01T00:00:00+00:00"),
        (-1, "1969-12-31T23:59:59+00:00"),
        (1_700_000_000.9, "2023-11-14T22:13:20+00:00"),
        (1e18, None),
        (-1e18, None),
        (float("nan"), None),
        (float("inf"), None),
    ],
)
def test_a_time_is_utc_or_nothing(seconds: float, text: str | None) -> None:
    assert iso_utc(seconds) == text
