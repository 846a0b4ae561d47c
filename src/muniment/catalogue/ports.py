"""What the catalogue asks of a database beyond the ORM, and of a search engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from django.db.models import Model

from muniment.catalogue.search.types import (
    Document,
    SearchPage,
    SearchQuery,
    Visibility,
)

Value = object
"""A column's value: str, int, bool, bytes, datetime, UUID (or its text), JSON-able, or None."""

Row = Sequence[Value]


class BulkWriter(Protocol):
    """Puts many rows into one table fast: tuples, never model instances.

    Works inside the caller's transaction. A violated constraint raises IntegrityError, and the
    transaction is then lost. Rows that are made on the way must not ask the database: its one
    connection is busy.
    """

    def new_ids(self, model: type[Model], count: int) -> Sequence[int]:
        """Set aside `count` primary keys, for rows that others will point to."""
        ...

    def write(self, model: type[Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
        """Insert rows in the order of `columns` (field names) and return how many they were."""
        ...


class SearchIndex(Protocol):
    """Finds entities by words and fields. What the searcher may see is part of every query."""

    def index(self, documents: Iterable[Document]) -> int:
        """Add documents, replacing those of the same object; returns how many they were."""
        ...

    def delete(self, object_ids: Iterable[str]) -> None:
        """Take documents out; one that is not there is no error."""
        ...

    def query(self, query: SearchQuery, *, visible: Visibility) -> SearchPage:
        """Return one page of hits, the exact total and the facets that were asked for."""
        ...

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Replace the whole index by these documents; returns how many they were."""
        ...
