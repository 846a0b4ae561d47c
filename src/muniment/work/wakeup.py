"""Waking idle workers: LISTEN/NOTIFY on PostgreSQL, short sleeps on SQLite."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from django.db import connection

if TYPE_CHECKING:
    import psycopg

CHANNEL = "muniment_work"


def notify(queue: str) -> None:
    """Wake idle workers when the transaction commits; does nothing on SQLite."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, queue])


class Wakeup(Protocol):
    """Something to wait on; leave it by `close`."""

    def wait(self, timeout_s: float) -> None: ...

    def close(self) -> None: ...


class Sleeper:
    """SQLite has no messages: an idle worker looks again after a short sleep."""

    longest_s = 0.25

    def wait(self, timeout_s: float) -> None:
        """Sleep for `timeout_s`, at most a quarter of a second."""
        time.sleep(min(timeout_s, self.longest_s))

    def close(self) -> None:
        """Nothing to give back."""


class Listener:
    """Waits on PostgreSQL's messages, on a connection of its own."""

    def __init__(self) -> None:
        import psycopg

        parameters: dict[str, Any] = connection.get_connection_params()  # Django's own, untyped
        known = {
            name: value
            for name, value in parameters.items()
            if name in {"dbname", "user", "password", "host", "port"}
        }
        self._connection: psycopg.Connection = psycopg.connect(**known, autocommit=True)
        self._connection.execute(f"LISTEN {CHANNEL}")

    def wait(self, timeout_s: float) -> None:
        """Return when a job was queued, or after `timeout_s`."""
        for _ in self._connection.notifies(timeout=timeout_s, stop_after=1):
            return

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_wakeup() -> Wakeup:
    """Return what an idle worker waits on with this database."""
    return Listener() if connection.vendor == "postgresql" else Sleeper()
