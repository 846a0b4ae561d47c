"""The query language: words and `field:value`, all of which must hold.

harbour map                 both words, anywhere
"harbour map"               one after the other
harb*                       words that begin so
title:harbour name:tif      a word in the title, in a file's path
format:fmt/43,fmt/44        one of several values
tag:maps source:local outcome:fail owner:ada state:active mime:image/jpeg
size:>1000 size:1MiB..2GB   files:>=10       (bytes; k, M, G, T; Ki, Mi, Gi, Ti)
date:2026-01..2026-03 date:2026 modified:>2026-02-03
-tag:draft -word            not so
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from muniment.catalogue.search.ranges import number_range, time_range
from muniment.catalogue.search.types import FACETS, FacetFilter, Filter, Part, SearchQuery, Term
from muniment.catalogue.search.words import words
from muniment.runtime.errors import InvalidArgument

# -field:"value" or -field:value or -"phrase" or -word
_TOKEN = re.compile(
    r'\s*(?P<minus>-?)(?:(?P<field>[A-Za-z_]+):)?(?:"(?P<phrase>[^"]*)"(?P<star>\*?)|(?P<bare>\S*))'
)
_PARTS = {"title": Part.TITLE, "description": Part.DESCRIPTION, "name": Part.NAME}
_RANGES: dict[str, Callable[[str, str, bool], Filter]] = {
    "size": number_range,
    "files": number_range,
    "date": time_range,
    "modified": time_range,
}

FIELDS = tuple(sorted([*_PARTS, *_RANGES, *FACETS]))
"""Every field name that a query may use."""

# Events of others say it in several words; the vocabulary's is "fail".
_SAME_OUTCOME = ("fail", "failed", "failure")


MAX_CHARACTERS = 10_000
MAX_CONDITIONS = 100
"""Words and filters of one query: engines nest them, and have an end to that."""

# No database holds these, so they stand for a character that nothing has.
_NOWHERE = re.compile("[\0\ud800-\udfff]")


def parse_query(text: str) -> SearchQuery:
    """Read a query; raises InvalidArgument that names the unknown field or the wrong value."""
    if len(text) > MAX_CHARACTERS:
        raise InvalidArgument(
            f"the question has {len(text)} characters; at most {MAX_CHARACTERS} are read"
        )
    terms: list[Term] = []
    filters: list[Filter] = []
    for name, value, is_quoted, is_wanted in _tokens(_NOWHERE.sub("\ufffd", text)):
        if len(terms) + len(filters) == MAX_CONDITIONS:
            raise InvalidArgument(
                f"the question has more than {MAX_CONDITIONS} words and filters; words that "
                "follow each other count once between quotes"
            )
        if name in _RANGES:
            filters.append(_RANGES[name](name, value, is_wanted))
        elif name in FACETS:
            filters.append(FacetFilter(name, _values(name, value, is_quoted), is_wanted))
        else:
            terms += _terms(_PARTS.get(name, Part.ANY), value, is_quoted, is_wanted)
    return SearchQuery(terms=tuple(terms), filters=tuple(filters))


def _tokens(text: str) -> Iterator[tuple[str, str, bool, bool]]:
    """Give field ("" without), value, whether it was quoted, whether it is wanted."""
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        assert match is not None  # the expression matches any text
        at = match.end()
        name, is_wanted = (match["field"] or "").lower(), not match["minus"]
        if match["phrase"] is not None:
            yield _known(name), match["phrase"] + match["star"], True, is_wanted
        else:
            yield _known(name), match["bare"], False, is_wanted


def _known(name: str) -> str:
    if name and name not in FIELDS:
        raise InvalidArgument(
            f"there is no field “{name}” to search in; known are {', '.join(FIELDS)}. "
            f"A colon that belongs to the text goes between quotes"
        )
    return name


def _values(name: str, value: str, is_quoted: bool) -> tuple[str, ...]:
    values = (value,) if is_quoted else tuple(part for part in value.split(",") if part)
    if not any(values):
        raise InvalidArgument(f"{name}: needs a value after the colon")
    if name == "outcome" and any(each in _SAME_OUTCOME for each in values):
        values = tuple(dict.fromkeys([*values, *_SAME_OUTCOME]))
    return values


def _terms(part: Part, value: str, is_quoted: bool, is_wanted: bool) -> list[Term]:
    """Make the terms of one token; `map-1.tif` is the phrase of its three words."""
    is_prefix = value.endswith("*")
    found = tuple(words(value))
    if not found:
        if part is not Part.ANY and not is_quoted:
            raise InvalidArgument(f"{part.value}: needs a word after the colon")
        return []
    return [Term(found, part, is_prefix, is_wanted)]
