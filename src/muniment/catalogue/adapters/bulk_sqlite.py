"""Bulk writes on SQLite: `executemany` in the caller's transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Max, Model

from muniment.catalogue.adapters.columns import SQLITE, converted, fields_of
from muniment.catalogue.ports import Row


class SqliteBulkWriter:
    """Holds one row at a time. SQLite has one writer, so free keys stay free in a transaction."""

    def new_ids(self, model: type[Model], count: int) -> Sequence[int]:
        """Return the keys after the highest one in use or ever set aside."""
        table = model._meta.db_table
        highest = model._default_manager.aggregate(highest=Max("pk"))["highest"] or 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            start = max(highest, row[0] if row else 0) + 1
            # The table of sequences has no key of its own, hence no upsert.
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)",
                [table, start + count - 1],
            )
        return range(start, start + count)

    def write(self, model: type[Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
        """Insert with one prepared statement."""
        fields = fields_of(model, columns)
        names = ", ".join(f'"{field.column}"' for field in fields)
        places = ", ".join("?" for _ in fields)
        # Names come from our own models, never from a caller's data.
        statement = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places})'  # noqa: S608
        with connection.cursor() as cursor, connection.wrap_database_errors:
            # The driver's own method: Django's holds every row of an iterator (`itertools.tee`).
            sqlite3.Cursor.executemany(cursor.cursor, statement, converted(rows, fields, SQLITE))
            return max(int(cursor.rowcount), 0)
