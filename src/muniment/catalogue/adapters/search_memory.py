"""Search in memory: the twin that says in plain Python what the engines must do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muniment.catalogue.adapters.search_database import WEIGHTS
from muniment.catalogue.search import cursor
from muniment.catalogue.search.highlight import highlights
from muniment.catalogue.search.types import (
    Document,
    FacetCount,
    FacetFilter,
    Filter,
    Hit,
    NumberRange,
    Part,
    SearchPage,
    SearchQuery,
    Sort,
    Term,
    TimeRange,
    Visibility,
)
from muniment.catalogue.search.words import words


@dataclass(frozen=True, slots=True)
class _Kept:
    document: Document
    texts: Mapping[Part, list[list[str]]]  # each text of a part as its words


_KEYS: dict[Sort, Callable[[Hit], int | float]] = {
    Sort.RELEVANCE: lambda hit: -hit.score,
    Sort.NEWEST: lambda hit: -hit.archived_at.timestamp(),
    Sort.OLDEST: lambda hit: hit.archived_at.timestamp(),
    Sort.MODIFIED: lambda hit: -hit.modified_at.timestamp(),
    Sort.LARGEST: lambda hit: -hit.size_bytes,
    Sort.SMALLEST: lambda hit: hit.size_bytes,
}


class MemorySearchIndex:
    """Holds every document; each query looks at all of them."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def index(self, documents: Iterable[Document]) -> int:
        """Add documents, replacing those of the same object."""
        count = 0
        for document in documents:
            texts = {
                Part.TITLE: [words(document.title)],
                Part.DESCRIPTION: [words(document.description)],
                Part.NAME: [words(name) for name in document.names],
            }
            self._kept[document.object_id] = _Kept(document, texts)
            count += 1
        return count

    def delete(self, object_ids: Iterable[str]) -> None:
        """Take documents out."""
        for object_id in object_ids:
            self._kept.pop(object_id, None)

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Replace everything."""
        self._kept.clear()
        return self.index(documents)

    def query(self, query: SearchQuery, *, visible: Visibility) -> SearchPage:
        """Return one page of hits."""
        found = [kept for kept in self._kept.values() if _is_found(kept, query, visible)]
        wanted = [term for term in query.terms if term.is_wanted]
        key = _KEYS[query.sort]
        hits = sorted((_hit(k, wanted) for k in found), key=lambda h: (key(h), h.object_id))
        start = 0
        if query.after:
            (last,) = cursor.decode(query.after, str)
            start = 1 + [hit.object_id for hit in hits].index(str(last))
        page = hits[start : start + query.limit]
        is_last = start + query.limit >= len(hits)
        return SearchPage(
            hits=tuple(page),
            total=len(hits),
            facets={field: _counts(found, field) for field in query.facets},
            next="" if is_last else cursor.encode(page[-1].object_id),
        )


def _is_found(kept: _Kept, query: SearchQuery, visible: Visibility) -> bool:
    document = kept.document
    if not visible.sees_all and not _is_opened(document, visible):
        return False
    return all(
        any(_has(kept, term, part) for part in WEIGHTS if term.part in {Part.ANY, part})
        is term.is_wanted
        for term in query.terms
    ) and all(_holds(document, each) is each.is_wanted for each in query.filters)


def _is_opened(document: Document, visible: Visibility) -> bool:
    if visible.owner is not None and visible.owner == document.owner:
        return True
    return UUID(document.object_id) in set(visible.opened)


def _has(kept: _Kept, term: Term, part: Part) -> bool:
    return any(_stands_in(term, text) for text in kept.texts[part])


def _stands_in(term: Term, text: list[str]) -> bool:
    *first, last = term.words
    return any(
        text[at : at + len(first)] == first
        and (text[at + len(first)] == last or term.is_prefix)
        and text[at + len(first)].startswith(last)
        for at in range(len(text) - len(first))
    )


def _holds(document: Document, condition: Filter) -> bool:
    if isinstance(condition, FacetFilter):
        return bool(set(document.facets.get(condition.field, ())) & set(condition.values))
    if isinstance(condition, NumberRange):
        number = document.size_bytes if condition.field == "size" else document.file_count
        return _is_within(number, condition.low, condition.high)
    assert isinstance(condition, TimeRange)
    at = document.archived_at if condition.field == "date" else document.modified_at
    return (condition.start is None or at >= condition.start) and (
        condition.end is None or _is_before(at, condition.end)
    )


def _is_within(number: int, low: int | None, high: int | None) -> bool:
    return (low is None or number >= low) and (high is None or number <= high)


def _is_before(at: datetime, end: datetime) -> bool:
    return at < end


def _hit(kept: _Kept, wanted: list[Term]) -> Hit:
    document = kept.document
    score = sum(
        weight
        for term in wanted
        for part, weight in WEIGHTS.items()
        if term.part in {Part.ANY, part} and _has(kept, term, part)
    )
    return Hit(
        object_id=document.object_id,
        title=document.title,
        archived_at=document.archived_at,
        modified_at=document.modified_at,
        file_count=document.file_count,
        size_bytes=document.size_bytes,
        score=score,
        highlights=highlights(document.title, document.description, wanted),
    )


def _counts(found: list[_Kept], field: str) -> tuple[FacetCount, ...]:
    counts = Counter(value for kept in found for value in set(kept.document.facets.get(field, ())))
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(FacetCount(value, count) for value, count in ordered)
