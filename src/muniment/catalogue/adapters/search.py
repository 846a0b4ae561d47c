"""The search index of the database in use."""

from __future__ import annotations

from django.db import connection

from muniment.catalogue.adapters.search_database import DatabaseSearchIndex
from muniment.catalogue.adapters.search_postgres import PostgresSearchIndex
from muniment.catalogue.adapters.search_sqlite import SqliteSearchIndex

INDEXES: dict[str, type[DatabaseSearchIndex]] = {
    "sqlite": SqliteSearchIndex,
    "postgresql": PostgresSearchIndex,
}
"""Vendor of the database -> its search index."""


def search_index() -> DatabaseSearchIndex:
    """Return the search index in the database of this process."""
    return INDEXES[connection.vendor]()
