"""Search on PostgreSQL: tsvector with a GIN index.

The vectors are made here and not by a text search configuration, whose parser would take paths,
numbers and addresses apart in ways of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from django.db import connection
from django.db.models.expressions import RawSQL

from muniment.catalogue.adapters.search_database import DatabaseSearchIndex
from muniment.catalogue.search.types import Document, Part, Term
from muniment.catalogue.search.words import words

# PostgreSQL 15, §12.11: positions up to 16,383, and 256 of them for one word.
_MAX_POSITION = 16_383
_MAX_REPEATS = 256
_ROWS = 500


class PostgresSearchIndex(DatabaseSearchIndex):
    """Keeps words in rows of (document, part, vector), several where a vector would overflow."""

    def _ids_with(self, term: Term, part: Part) -> RawSQL:
        quoted = [f"'{word}'" for word in term.words]
        query = " <-> ".join(quoted) + (":*" if term.is_prefix else "")
        parts = [part.value] if part is not Part.ANY else ["title", "description", "name"]
        return RawSQL(
            "SELECT document_id FROM catalogue_searchwords"
            " WHERE words @@ %s::tsquery AND part = ANY(%s)",
            [query, parts],
        )

    def _write_words(self, documents: Sequence[tuple[int, Document]]) -> None:
        rows = (
            (key, part, vector)
            for key, document in documents
            for part, texts in (
                ("title", [document.title]),
                ("description", [document.description]),
                ("name", document.names),
            )
            for vector in vectors(texts)
        )
        # Names may come from the database, whose one connection is busy during a COPY.
        while batch := list(islice(rows, _ROWS)):
            _copy(batch)

    def _forget_words(self, keys: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM catalogue_searchwords WHERE document_id = ANY(%s)", [list(keys)]
            )

    def _forget_all_words(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalogue_searchwords")


def _copy(rows: Sequence[tuple[int, str, str]]) -> None:
    statement = "COPY catalogue_searchwords (document_id, part, words) FROM STDIN"
    errors = connection.wrap_database_errors
    with errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def vectors(texts: Iterable[str]) -> Iterator[str]:
    """Give the text of as many tsvectors as it takes; a phrase never reaches over two texts."""
    entries: list[str] = []
    repeats: Counter[str] = Counter()
    position = 0
    for text in texts:
        for word in words(text):
            position += 1
            if position > _MAX_POSITION or repeats[word] == _MAX_REPEATS:
                yield " ".join(entries)
                entries, repeats, position = [], Counter(), 1
            repeats[word] += 1
            entries.append(f"'{word}':{position}")
        position += 1  # the gap
    if entries:
        yield " ".join(entries)
