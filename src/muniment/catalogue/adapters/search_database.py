"""What the two search adapters that live in the application's database have in common.

They differ in how words are written and matched; rows, filters, order and facets are the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import models, transaction
from django.db.models import Case, Count, Q, Value, When
from django.db.models.expressions import RawSQL

from muniment.catalogue.adapters import search_order
from muniment.catalogue.adapters.bulk import bulk_writer
from muniment.catalogue.models import SearchDocument, SearchFacet
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
    Term,
    TimeRange,
    Visibility,
)

WEIGHTS = {Part.TITLE: 4, Part.DESCRIPTION: 2, Part.NAME: 1}
_COLUMNS = {
    "size": "size_bytes",
    "files": "file_count",
    "date": "archived_at",
    "modified": "modified_at",
}
_DOCUMENT = (
    "id", "object_id", "owner", "title", "description",
    "archived_at", "modified_at", "file_count", "size_bytes",
)  # fmt: skip
_BATCH = 500

Documents = models.QuerySet[SearchDocument, SearchDocument]


class DatabaseSearchIndex(ABC):
    """Documents and facets in tables of ours; the words in what the engine offers."""

    @abstractmethod
    def _ids_with(self, term: Term, part: Part) -> RawSQL:
        """Select the keys of the documents that have `term` in `part` (ANY = in any part)."""

    @abstractmethod
    def _write_words(self, documents: Sequence[tuple[int, Document]]) -> None:
        """Store the words of documents under their keys."""

    @abstractmethod
    def _forget_words(self, keys: Sequence[int]) -> None:
        """Remove the words of these documents."""

    @abstractmethod
    def _forget_all_words(self) -> None:
        """Remove all words."""

    def index(self, documents: Iterable[Document]) -> int:
        """Add documents, replacing those of the same object."""
        count = 0
        for batch in _batches(documents):
            with transaction.atomic():
                self.delete(document.object_id for document in batch)
                self._insert(batch)
            count += len(batch)
        return count

    def delete(self, object_ids: Iterable[str]) -> None:
        """Take documents out."""
        with transaction.atomic():
            found = SearchDocument.objects.filter(object_id__in=list(object_ids))
            keys = list(found.values_list("pk", flat=True))
            if keys:
                self._forget_words(keys)
                SearchFacet.objects.filter(document_id__in=keys)._raw_delete("default")
                SearchDocument.objects.filter(pk__in=keys)._raw_delete("default")

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Replace the whole index, in one transaction: a search meanwhile sees the old one."""
        with transaction.atomic():
            self._forget_all_words()
            SearchFacet.objects.all()._raw_delete("default")
            SearchDocument.objects.all()._raw_delete("default")
            return sum(self._insert(batch) for batch in _batches(documents))

    def query(self, query: SearchQuery, *, visible: Visibility) -> SearchPage:
        """Return one page; 2 queries, and one more when facets are asked for."""
        found = self._found(query, visible)
        wanted = [term for term in query.terms if term.is_wanted]
        page, cursor = search_order.page(found.annotate(score=self._score(wanted)), query)
        return SearchPage(
            hits=tuple(_hit(row, wanted) for row in page),
            total=found.count(),
            facets=_facets(found, query.facets) if query.facets else {},
            next=cursor,
        )

    def _insert(self, batch: Sequence[Document]) -> int:
        writer = bulk_writer()
        keyed = list(zip(writer.new_ids(SearchDocument, len(batch)), batch, strict=True))
        writer.write(SearchDocument, _DOCUMENT, (_row(key, doc) for key, doc in keyed))
        writer.write(SearchFacet, ("document_id", "field", "value"), _facet_rows(keyed))
        self._write_words(keyed)
        return len(batch)

    def _found(self, query: SearchQuery, visible: Visibility) -> Documents:
        found = SearchDocument.objects.all()
        if not visible.sees_all:
            mine = Q(object_id__in=visible.opened)
            found = found.filter(mine if visible.owner is None else mine | Q(owner=visible.owner))
        for term in query.terms:
            holds = Q(pk__in=self._ids_with(term, term.part))
            found = found.filter(holds if term.is_wanted else ~holds)
        for condition in query.filters:
            holds = _holds(condition)
            found = found.filter(holds if condition.is_wanted else ~holds)
        return found

    def _score(self, wanted: Sequence[Term]) -> models.expressions.Combinable:
        cases = [
            Case(When(pk__in=self._ids_with(term, part), then=Value(weight)), default=Value(0))
            for term in wanted
            for part, weight in WEIGHTS.items()
            if term.part in {Part.ANY, part}
        ]
        return _sum(cases or [Value(0)])


def _sum(
    values: Sequence[models.expressions.Combinable],
) -> models.expressions.Combinable:
    """Add by halves: one after the other, a long question nests deeper than Python goes."""
    if len(values) == 1:
        return values[0]
    half = len(values) // 2
    return _sum(values[:half]) + _sum(values[half:])


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Cut into batches; within one, the last document of an object wins."""
    rest = iter(documents)
    while batch := list(islice(rest, _BATCH)):
        yield list({document.object_id: document for document in batch}.values())


def _row(key: int, document: Document) -> tuple[Any, ...]:  # Any: the columns of one row
    return (
        key, document.object_id, document.owner, document.title, document.description,
        document.archived_at, document.modified_at, document.file_count, document.size_bytes,
    )  # fmt: skip


def _facet_rows(keyed: Sequence[tuple[int, Document]]) -> Iterator[tuple[int, str, str]]:
    for key, document in keyed:
        for field, values in document.facets.items():
            for value in dict.fromkeys(values):
                yield key, field, value


def _holds(condition: Filter) -> Q:
    if isinstance(condition, FacetFilter):
        rows = SearchFacet.objects.filter(field=condition.field, value__in=condition.values)
        return Q(pk__in=rows.values("document_id"))
    column = _COLUMNS[condition.field]
    if isinstance(condition, NumberRange):
        bounds = {f"{column}__gte": condition.low, f"{column}__lte": condition.high}
        return Q(**{name: value for name, value in bounds.items() if value is not None})
    assert isinstance(condition, TimeRange)
    times = {f"{column}__gte": condition.start, f"{column}__lt": condition.end}
    return Q(**{name: value for name, value in times.items() if value is not None})


def _facets(found: Documents, fields: Sequence[str]) -> dict[str, tuple[FacetCount, ...]]:
    rows = SearchFacet.objects.filter(field__in=fields)
    if found.query.where:  # else all of them are counted, which one pass over an index does
        rows = rows.filter(document__in=found.values("pk"))
    counted = rows.values_list("field", "value").annotate(count=Count("pk"))
    facets: dict[str, list[FacetCount]] = {field: [] for field in fields}
    for field, value, count in counted:
        facets[field].append(FacetCount(value, count))
    return {
        field: tuple(sorted(counts, key=lambda each: (-each.count, each.value)))
        for field, counts in facets.items()
    }


def _hit(row: SearchDocument, terms: Sequence[Term]) -> Hit:
    return Hit(
        object_id=str(row.object_id),
        title=row.title,
        archived_at=row.archived_at,
        modified_at=row.modified_at,
        file_count=row.file_count,
        size_bytes=row.size_bytes,
        score=row.score,  # type: ignore[attr-defined]  # annotated by query()
        highlights=highlights(row.title, row.description, terms),
    )
