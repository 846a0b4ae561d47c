"""The query language: what each word of it means, and errors that say what is known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.catalogue.search.query_language import FIELDS, parse_query
from muniment.catalogue.search.types import (
    FacetFilter,
    Filter,
    NumberRange,
    Part,
    SearchQuery,
    Term,
    TimeRange,
)
from muniment.runtime.errors import InvalidArgument


def day(year: int, month: int = 1, day: int = 1) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Élan", Term(("elan",))),
        ("-map", Term(("map",), is_wanted=False)),
        ("harb*", Term(("harb",), is_prefix=True)),
        ('"a b"', Term(("a", "b"))),
        ('"a b"*', Term(("a", "b"), is_prefix=True)),
        ("map-1.tif", Term(("map", "1", "tif"))),
        ("title:map", Term(("map",), Part.TITLE)),
        ('-NAME:"a b"', Term(("a", "b"), Part.NAME, is_wanted=False)),
    ],
)
def test_words_become_terms(text: str, term: Term) -> None:
    assert parse_query(text) == SearchQuery(terms=(term,))


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("format:fmt/43", FacetFilter("format", ("fmt/43",))),
        ("format:fmt/1,fmt/2", FacetFilter("format", ("fmt/1", "fmt/2"))),
        ('tag:"a, b"', FacetFilter("tag", ("a, b",))),
        ("-tag:x", FacetFilter("tag", ("x",), is_wanted=False)),
        ("outcome:failure", FacetFilter("outcome", ("failure", "fail", "failed"))),
        ("size:1000", NumberRange("size", 1000, 1000)),
        ("size:>1000", NumberRange("size", 1001, None)),
        ("size:>=1k", NumberRange("size", 1000, None)),
        ("size:<1KiB", NumberRange("size", None, 1023)),
        ("size:1MiB..2GB", NumberRange("size", 1 << 20, 2_000_000_000)),
        ("size:1.5kB..", NumberRange("size", 1500, None)),
        ("files:..9", NumberRange("files", None, 9)),
        ("-files:<=9", NumberRange("files", None, 9, is_wanted=False)),
        ("date:2026", TimeRange("date", day(2026), day(2027))),
        ("date:2026-12", TimeRange("date", day(2026, 12), day(2027))),
        ("date:2026-02-28", TimeRange("date", day(2026, 2, 28), day(2026, 3, 1))),
        ("date:2026-01..2026-03", TimeRange("date", day(2026), day(2026, 4))),
        ("modified:>2026-01", TimeRange("modified", day(2026, 2), None)),
        ("modified:>=2026-01", TimeRange("modified", day(2026), None)),
        ("modified:<2026-02", TimeRange("modified", None, day(2026, 2))),
        ("modified:<=2026-02", TimeRange("modified", None, day(2026, 3))),
    ],
)
def test_fields_become_filters(text: str, condition: Filter) -> None:
    assert parse_query(text) == SearchQuery(filters=(condition,))


def test_an_unknown_field_is_named_with_the_known_ones() -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse_query("colour:red")
    assert "“colour”" in str(caught.value)
    assert all(name in str(caught.value) for name in FIELDS)


@pytest.mark.parametrize(
    "text",
    [
        "tag:", "tag:,", "title:", "size:", "size:big", "size:..", "size:>", "date:yesterday",
        "date:2026-13", "date:2026-02-30", "date:..", "files:-1",
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_with_its_field(text: str) -> None:
    with pytest.raises(InvalidArgument, match=text.partition(":")[0]):
        parse_query(text)


@pytest.mark.parametrize("text", ["", "  ", "-", '""', "…", "-…"])
def test_what_says_nothing_asks_for_nothing(text: str) -> None:
    assert parse_query(text) == SearchQuery()


@given(st.text())
def test_every_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_query(text)
    except InvalidArgument:
        return
    assert all(term.words for term in found.terms)


@given(st.lists(st.sampled_from(["map", "-x", "tag:a", '"b c"', "size:>1", "date:2026"])))
def test_the_order_of_words_changes_nothing_but_their_order(pieces: list[str]) -> None:
    forward = parse_query(" ".join(pieces))
    backward = parse_query(" ".join(reversed(pieces)))
    assert forward.terms == tuple(reversed(backward.terms))
    assert forward.filters == tuple(reversed(backward.filters))
