"""The bulk writer of the database in use."""

from __future__ import annotations

from django.db import connection

from muniment.catalogue.adapters.bulk_postgres import PostgresBulkWriter
from muniment.catalogue.adapters.bulk_sqlite import SqliteBulkWriter
from muniment.catalogue.ports import BulkWriter

WRITERS: dict[str, type[SqliteBulkWriter] | type[PostgresBulkWriter]] = {
    "sqlite": SqliteBulkWriter,
    "postgresql": PostgresBulkWriter,
}
"""Vendor of the database -> its writer."""


def bulk_writer() -> BulkWriter:
    """Return the writer for the database of this process."""
    return WRITERS[connection.vendor]()
