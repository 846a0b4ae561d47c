"""The vocabulary of search: documents, queries, pages of hits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Document:
    """One entity for the index.

    `names` are the paths of its current files; `facets` the values that are counted and filtered
    by, for each of FACETS. Times are aware.
    """

    object_id: str
    owner: str
    title: str
    description: str
    names: Iterable[str]
    archived_at: datetime
    modified_at: datetime
    file_count: int
    size_bytes: int
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)


FACETS = ("format", "mime", "source", "tag", "outcome", "owner", "state")
"""Fields whose values are compared as they stand and can be counted."""


class Part(StrEnum):
    """Where a word may stand."""

    ANY = ""
    TITLE = "title"
    DESCRIPTION = "description"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand one after the other (one word: no phrase); `is_prefix`: the last may
    go on. `is_wanted` False: they must not stand there.
    """

    words: tuple[str, ...]
    part: Part = Part.ANY
    is_prefix: bool = False
    is_wanted: bool = True


@dataclass(frozen=True, slots=True)
class FacetFilter:
    """The field has one of these values, or (`is_wanted` False) none of them."""

    field: str
    values: tuple[str, ...]
    is_wanted: bool = True


@dataclass(frozen=True, slots=True)
class NumberRange:
    """`size` (bytes) or `files` from `low` to `high`, both included; None = open."""

    field: str
    low: int | None
    high: int | None
    is_wanted: bool = True


@dataclass(frozen=True, slots=True)
class TimeRange:
    """`date` (first archived) or `modified`, from `start` on and before `end`; None = open."""

    field: str
    start: datetime | None
    end: datetime | None
    is_wanted: bool = True


Filter = FacetFilter | NumberRange | TimeRange


class Sort(StrEnum):
    """The orders of hits; ties by object identifier."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    MODIFIED = "modified"
    LARGEST = "largest"
    SMALLEST = "smallest"


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What is asked. `after` is the cursor of the page before; `facets` the fields to count."""

    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    sort: Sort = Sort.RELEVANCE
    limit: int = 20
    after: str = ""
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visibility:
    """What the searcher may see: everything, or what belongs to `owner` (None: nobody's) and what
    policies open to them (`opened`: identifiers, lazily; in the database it is part of the query).
    """

    sees_all: bool
    owner: str | None = None
    opened: Iterable[UUID] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One entity found. `highlights` are pieces of text with the found words between ⟦ and ⟧.

    `score` is the sum over the terms of 4 (in the title), 2 (in the description), 1 (in a name).
    """

    object_id: str
    title: str
    archived_at: datetime
    modified_at: datetime
    file_count: int
    size_bytes: int
    score: int
    highlights: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many of the entities found have this value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page; `next` is the cursor of the following one, "" at the end."""

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, tuple[FacetCount, ...]] = field(default_factory=dict)
    next: str = ""
