"""How many requests a caller may send in a minute (orchestration spec §3.1).

Counted for each token, session or, without either, address; and once more for each address that
keeps being refused. The counts are in a small database of their own beside the archive's work: all
processes of a machine see it, and it never waits for the disk or for the archive's database.
"""

from __future__ import annotations

import hashlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings as django_settings
from django.http import HttpRequest, HttpResponseBase

from muniment.runtime.clock import Clock
from muniment.runtime.home import ArchiveHome
from muniment.runtime.http.problems import problem_answer
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import settings

Handler = Callable[[HttpRequest], HttpResponseBase]
WINDOW_S = 60
_open = threading.local()
_turn = threading.Lock()
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of this window, by caller."""

    path: Path
    window: int

    def add(self, caller: str, more: int = 1) -> int:
        """Count `more` requests of the caller and return the sum; what is over is forgotten.

        A count that cannot be had, on a busy disk, is 0: better one request too many than none.
        """
        try:
            with _turn:  # SQLite lets threads that wait starve; a lock lets them in by turns
                return self._add(caller, more)
        except sqlite3.OperationalError:
            log.warning("requests could not be counted", exc_info=True)
            return 0

    def _add(self, caller: str, more: int) -> int:
        with self._connection() as connection:
            if more:
                connection.execute("DELETE FROM requests WHERE at < ?", (self.window,))
                connection.execute(
                    "INSERT INTO requests VALUES (?, ?, ?) "
                    "ON CONFLICT (caller, at) DO UPDATE SET n = n + excluded.n",
                    (caller, self.window, more),
                )
            row = connection.execute(
                "SELECT n FROM requests WHERE caller = ? AND at = ?", (caller, self.window)
            ).fetchone()
        return int(row[0]) if row else 0

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection; it is opened anew for another archive."""
        if getattr(_open, "path", None) != self.path:
            if before := getattr(_open, "connection", None):
                before.close()
            connection = sqlite3.connect(self.path, timeout=5)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")  # a crash may forget a minute
            connection.execute(
                "CREATE TABLE IF NOT EXISTS requests "
                "(caller TEXT, at INTEGER, n INTEGER, PRIMARY KEY (caller, at)) WITHOUT ROWID"
            )
            _open.path, _open.connection = self.path, connection
        found: sqlite3.Connection = _open.connection
        return found


def rate_limits(get_response: Handler) -> Handler:
    """Refuse who asks too often (429), and tell everybody below `/api/` how much is left."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        most, refused_most = settings().rate_limit, settings().rate_limit_refused
        if not most or not request.path.startswith("/api/"):
            return get_response(request)
        second = int(adapter_of(Clock).now().timestamp())  # type: ignore[type-abstract]  # a port
        work = adapter_of(ArchiveHome).work
        counts = Counts(work / "rate-limits.sqlite3", second - second % WINDOW_S)
        left_s = counts.window + WINDOW_S - second
        origin = f"refused {request.META.get('REMOTE_ADDR', '')}"
        asked = counts.add(caller_of(request))
        if asked > most or counts.add(origin, 0) >= refused_most:
            response: HttpResponseBase = _too_many(request, left_s)
        else:
            response = get_response(request)
            if response.status_code == 401:
                counts.add(origin)
        response["RateLimit-Limit"] = str(most)
        response["RateLimit-Remaining"] = str(max(most - asked, 0))
        response["RateLimit-Reset"] = str(left_s)
        return response

    return handle


def caller_of(request: HttpRequest) -> str:
    """Return who is counted; nothing that could be used to sign in is kept."""
    said = request.headers.get("Authorization", "") or request.COOKIES.get(
        django_settings.SESSION_COOKIE_NAME, ""
    )
    if said:
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()
    return f"address {request.META.get('REMOTE_ADDR', '')}"


def _too_many(request: HttpRequest, left_s: int) -> HttpResponseBase:
    return problem_answer(
        request,
        429,
        f"more requests came than are answered in a minute; go on in {left_s} s",
        headers={"Retry-After": str(left_s)},
    )
