"""Whatever somebody types into the search field: hits or a sentence, on every engine the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.adapters.search_memory import MemorySearchIndex
from muniment.catalogue.search.query_language import parse_query
from muniment.catalogue.search.types import SearchPage, Visibility
from muniment.runtime.errors import InvalidArgument
from tests.contracts.test_search import a_document

pytestmark = pytest.mark.django_db
ALL = Visibility(sees_all=True)

HOSTILE = {
    "300 words": " ".join(f"word{n}" for n in range(300)),
    "300 times the same word": "harbour " * 300,
    "300 words that are not wanted": " ".join(f"-word{n}" for n in range(300)),
    "a phrase of 300 words": '"' + "harbour " * 300 + '"',
    "a phrase as long as a question may be": '"' + "map " * 2499 + '"',
    "a hundred words": " ".join(f"word{n}" for n in range(100)),
    "a hundred filters that are not wanted": " ".join(f"-tag:t{n}" for n in range(100)),
    "a thousand values": "format:" + ",".join(f"fmt/{n}" for n in range(1100)),
    "300 beginnings": " ".join(f"w{n}*" for n in range(300)),
    "a million letters": "a" * 1_000_000,
    "a million letters of another script": "ä" * 1_000_000,
    "a megabyte of words": "harbour map " * 83_334,
    "a megabyte of different words": " ".join(f"w{n}" for n in range(130_000)),
    "a megabyte of quotes": '"' * 1_000_001,
    "a megabyte of blanks": " " * 1_000_000,
    "a megabyte of colons": "a:" * 500_000,
    "a megabyte of values": "format:" + ",".join(f"fmt/{n}" for n in range(120_000)),
    "300 filters": " ".join(f"format:fmt/{n}" for n in range(300)),
    "300 filters that are not wanted": " ".join(f"-tag:t{n}" for n in range(300)),
    "300 ranges": "size:>1 " * 300,
    "an open quote": '"harbour',
    "one quote": '"',
    "quotes in quotes": '"a "b" c" "',
    "typographic quotes": "“harbour” „map‟",
    "operators of FTS5": "harbour AND NOT map OR (a NEAR b) ^c",
    "near": "NEAR(harbour marseille, 2)",
    "a column of FTS5": '"title" : harbour',
    "columns of FTS5": "{title body}",
    "operators of tsquery": "harbour & !map | (a <-> b) :* :A",
    "brackets": "((((((((((",
    "statements": "'; DROP TABLE catalogue_searchdocument; --",
    "a percent sign of LIKE": "100% _ %s %(name)s",
    "a place for a parameter": "? ?1 :name $1",
    "backslashes": "\\ \\' \\\" \\\\",
    "a NUL": "har\0bour",
    "only NULs": "\0\0",
    "a NUL in a filter": "tag:a\0b",
    "control characters": "a\x01\x1b[31mb\x7f\r\n\tc",
    "half a character": "har\ud800bour",
    "half a character in a filter": "tag:a\udcffb",
    "a regular expression": "^(a+)+$ [a-z]{1,9} .*",
    "a slow regular expression": "a" * 50_000 + "!",
    "a star alone": "*",
    "stars": "** *a* a**",
    "a minus alone": "-",
    "minuses": "--harbour ---",
    "from right to left": "ميناء مرسيليا נמל",
    "turned round by marks": "\u202eruobrah\u202c \u200f\u061c",
    "joined and combined": "👩‍👩‍👧‍👦 e\u0301\u0301\u0301 ﷽",
    "a thousand accents": "e" + "\u0301" * 1000,
    "not in any plane": "\U0010ffff \ufffe",
    "an empty filter": "tag: harbour",
    "an unknown field": "colour:red",
    "a number that is none": "size:lots",
    "a number without end": "size:" + "9" * 5000,
    "a range the wrong way": "size:9..1",
    "a day that is none": "date:2026-02-31",
    "a year far away": "date:99999",
    "a year before all": "date:0000",
    "markup": "<script>alert(1)</script> &amp; <mark>",
}


def answer(text: str) -> tuple[SearchPage, SearchPage] | str:
    """Return what the twin and the engine of this run find, or the sentence instead."""
    twin, engine = MemorySearchIndex(), search_index()
    for index in (twin, engine):
        index.rebuild([a_document()])
    try:
        query = parse_query(text)
    except InvalidArgument as exc:
        return str(exc)
    return twin.query(query, visible=ALL), engine.query(query, visible=ALL)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_query_is_answered(text: str) -> None:
    found = answer(text)
    if isinstance(found, str):
        assert 10 < len(found) < 1000
    else:
        assert found[0] == found[1]


@pytest.mark.parametrize("text", ["harbour " * 100, "format:fmt/18 -tag:letters " * 50])
def test_a_hundred_words_and_filters_may_be_asked_for(text: str) -> None:
    found = answer(text)
    assert not isinstance(found, str)
    assert [page.total for page in found] == [1, 1]


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    found = answer(text)
    assert isinstance(found, str) or found[0] == found[1]
