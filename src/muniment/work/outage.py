"""How long the database has refused one kind of question."""

from __future__ import annotations

import time

from django.db import DatabaseError


class Outage:
    """Refusals without an answer between them.

    One for each kind of question: a database on a full disk answers who reads and refuses who
    writes, so the answer of one says nothing of the other.
    """

    def __init__(self) -> None:
        self._since_s: float | None = None
        self._fault: DatabaseError | None = None

    def begin_or_go_on(self, fault: DatabaseError) -> None:
        """Note that the database refused."""
        self._fault = fault
        if self._since_s is None:
            self._since_s = time.monotonic()

    def end(self) -> None:
        """Note that the database answered."""
        self._since_s = self._fault = None

    def raise_after(self, patience_s: float) -> None:
        """Raise the latest refusal when they have lasted for so long."""
        if self._fault is None or self._since_s is None:
            return
        if time.monotonic() - self._since_s > patience_s:
            raise self._fault
