"""The private database of one inventory: memory stays flat however many files it lists.

SQLite's own temporary database lives in memory up to the cache size and spills to a file that no
other process can open; the rows are those of the JSON, in its order.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing

_PRAGMAS = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16384;
PRAGMA temp_store = FILE;
PRAGMA locking_mode = EXCLUSIVE;
BEGIN;
"""
# One transaction for ever: with a commit after each row, placing files took five times as long.

_TABLES = {
    "manifest": "key INTEGER, digest TEXT, path TEXT",
    "state": "version INTEGER, key INTEGER, digest TEXT, path TEXT",
    "fixity": "algorithm TEXT, key INTEGER, digest TEXT, path TEXT",
}

_INDEXES = {
    "manifest_digest": "manifest (digest, path)",
    # A short key keeps an index that grows row by row in the cache.
    "manifest_prefix": "manifest (substr(digest, 1, 16))",
    "manifest_path": "manifest (path, digest)",
    "state_path": "state (version, path, digest)",
    "fixity_path": "fixity (path, algorithm, digest)",
}


class InventoryDatabase:
    """Three tables of rows; `key` numbers the JSON keys, so that a repeated key is visible.

    `manifest`, `state` and `fixity` are the names of the tables.
    """

    def __init__(self, *, beside: InventoryDatabase | None = None, prefix: str = "") -> None:
        """`beside` shares the database of another inventory, with a `prefix` to the tables."""
        if beside is None:
            self.connection = sqlite3.connect("", isolation_level=None)
            self.connection.executescript(_PRAGMAS)
        else:
            self.connection = beside.connection
        self.execute = self.connection.execute
        self.executemany = self.connection.executemany
        self.manifest = f"{prefix}manifest"
        self.state = f"{prefix}state"
        self.fixity = f"{prefix}fixity"
        self._indexed: set[str] = set()
        for table, columns in _TABLES.items():
            self.execute(f"CREATE TABLE {prefix}{table} ({columns})")

    def ensure_index(self, name: str) -> None:
        """Build an index once, when it is first needed: sorting at the end beats inserting."""
        if name not in self._indexed:
            self.execute(f"CREATE INDEX {name} ON {_INDEXES[name]}")
            self._indexed.add(name)

    def value(self, sql: str, *parameters: object) -> object:
        """Return the first column of the first row, None when there is no row."""
        with closing(self.execute(sql, parameters)) as cursor:
            row = cursor.fetchone()
        return None if row is None else row[0]

    def clear(self) -> None:
        """Empty the tables."""
        for table in (self.manifest, self.state, self.fixity):
            self.execute(f"DELETE FROM {table}")  # noqa: S608  # a name of ours

    def close(self) -> None:
        """Give the memory and the temporary file back."""
        self.connection.close()
