"""Bulk writes on PostgreSQL: COPY."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Model

from muniment.catalogue.adapters.columns import POSTGRESQL, converted, fields_of
from muniment.catalogue.ports import Row


class PostgresBulkWriter:
    """Streams rows through COPY; psycopg holds one block at a time."""

    def new_ids(self, model: type[Model], count: int) -> Sequence[int]:
        """Take keys from the table's sequence."""
        pk = model._meta.pk.column
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [model._meta.db_table, pk, count],
            )
            return [key for (key,) in cursor.fetchall()]

    def write(self, model: type[Model], columns: Sequence[str], rows: Iterable[Row]) -> int:
        """Insert by COPY … FROM STDIN."""
        fields = fields_of(model, columns)
        names = ", ".join(f'"{field.column}"' for field in fields)
        count = 0
        statement = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
        errors = connection.wrap_database_errors
        with errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in converted(rows, fields, POSTGRESQL):
                copy.write_row(row)
                count += 1
        return count
