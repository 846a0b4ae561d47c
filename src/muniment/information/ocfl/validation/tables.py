"""The tables of one validation: the root inventory, one earlier inventory, and the disk.

`pair` has the versions of both inventories: the number of the block in the earlier one, and in the
root's.
"""

from __future__ import annotations

from types import TracebackType
from typing import Self

from muniment.information.ocfl.database import InventoryDatabase

_TABLES = {
    "disk": "path TEXT",
    "expected": "path TEXT, algorithm TEXT, digest TEXT, code TEXT, source TEXT",
    "pair": "before INTEGER PRIMARY KEY, now INTEGER UNIQUE",
}


class ValidationTables:
    """One private temporary database; a context manager that closes it.

    Made once for a whole storage root: SQLite then prepares each statement once.
    """

    def __init__(self) -> None:
        self.root = InventoryDatabase()
        self.prior = InventoryDatabase(beside=self.root, prefix="prior_")
        for table, columns in _TABLES.items():
            self.root.execute(f"CREATE TABLE {table} ({columns})")
        self._is_shared = False

    def cleared(self) -> Self:
        """Empty all tables for the next object, and stay open after its block."""
        self.root.clear()
        self.prior.clear()
        for table in _TABLES:
            self.root.execute(f"DELETE FROM {table}")  # noqa: S608  # a name of ours
        self._is_shared = True
        return self

    def close(self) -> None:
        """Give the memory and the temporary file back."""
        self.root.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._is_shared:
            self.close()
