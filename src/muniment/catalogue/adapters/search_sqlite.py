"""Search on SQLite: FTS5."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models.expressions import RawSQL

from muniment.catalogue.adapters.search_database import DatabaseSearchIndex
from muniment.catalogue.search.types import Document, Part, Term
from muniment.catalogue.search.words import words

# Between two names, so that no phrase reaches from one into the next; no word of ours is this.
_GAP = " ¦ "


class SqliteSearchIndex(DatabaseSearchIndex):
    """Keeps the folded words in an FTS5 table whose row number is the document's key."""

    def _ids_with(self, term: Term, part: Part) -> RawSQL:
        phrase = f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}'
        match = f"{{{part.value}}} : {phrase}" if part is not Part.ANY else phrase
        return RawSQL(
            "SELECT rowid FROM catalogue_searchwords WHERE catalogue_searchwords MATCH %s", [match]
        )

    def _write_words(self, documents: Sequence[tuple[int, Document]]) -> None:
        rows = (
            (key, " ".join(words(d.title)), " ".join(words(d.description)), _names(d))
            for key, d in documents
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO catalogue_searchwords (rowid, title, description, name)"
                " VALUES (%s, %s, %s, %s)",
                rows,  # type: ignore[arg-type]  # the driver takes an iterator, the stubs do not
            )

    def _forget_words(self, keys: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "DELETE FROM catalogue_searchwords WHERE rowid = %s", [(key,) for key in keys]
            )

    def _forget_all_words(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM catalogue_searchwords")


def _names(document: Document) -> str:
    return _GAP.join(" ".join(words(name)) for name in document.names)
