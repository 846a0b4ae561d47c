"""A database that somebody else has locked, by a real lock on a connection of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, connections


@contextmanager
def impatient() -> Iterator[None]:
    """Let statements of this process wait for a lock only a moment, on new connections."""
    options = connections.settings["default"].setdefault("OPTIONS", {})
    kept = dict(options)
    brief = {"options": "-c lock_timeout=50ms"} if _is_server() else {"timeout": 0.05}
    options.update(brief)
    connection.close()
    try:
        yield
    finally:
        options.clear()
        options.update(kept)
        connection.close()


@contextmanager
def locked() -> Iterator[None]:
    """Hold back every writer while the block runs; readers go on."""
    other = connection.copy()
    other.inc_thread_sharing()  # another thread may let go
    try:
        with other.cursor() as cursor:
            if _is_server():
                tables = ", ".join(f'"{name}"' for name in other.introspection.table_names(cursor))
                cursor.execute("BEGIN")
                cursor.execute(f"LOCK TABLE {tables} IN EXCLUSIVE MODE")
            else:
                cursor.execute("BEGIN IMMEDIATE")
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()


def _is_server() -> bool:
    return connection.vendor == "postgresql"
