"""One version under construction: says of each file whether and where its bytes must be stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.digest_forms import FIXITY_ALGORITHMS, is_digest
from muniment.information.ocfl.known_digests import KnownDigests
from muniment.information.ocfl.names import safe_content_path
from muniment.information.ocfl.paths import conflicting_paths, logical_path_fault
from muniment.information.ocfl.types import InventoryHeader, VersionRecord
from muniment.runtime.errors import CorruptObject, InvalidArgument

# "+": else SQLite puts the second value into the first term, and does not use the index.
_KNOWN = "SELECT 1 FROM manifest WHERE substr(digest, 1, 16) = ? AND +digest = ? LIMIT 1"
_BATCH_ROWS = 500
_SURROGATE = re.compile("[\ud800-\udfff]")


class NewVersion:
    """Takes the files of a version; made by `InventoryIndex.new_version`."""

    def __init__(
        self,
        header: InventoryHeader,
        database: InventoryDatabase,
        record: VersionRecord,
        publish: Callable[[VersionRecord], None],
    ) -> None:
        self.record = record
        self._database = database
        self._publish = publish
        self._prefix = f"{record.name}/{header.content_directory}/"
        self._algorithm = header.digest_algorithm
        # Keys go on from the highest: rows of one digest share a key only in the JSON.
        self._key = int(str(database.value("SELECT coalesce(max(key), 0) FROM manifest")))
        self._first_key = self._key
        self._state: list[tuple[int, str, str]] = []
        self._manifest: list[tuple[int, str, str]] = []
        self._fixity: list[tuple[str, int, str, str]] = []
        self._known = KnownDigests()
        self._fixity_mark = int(str(database.value("SELECT coalesce(max(rowid), 0) FROM fixity")))

    def __enter__(self) -> Self:
        for (digest,) in self._database.execute("SELECT digest FROM manifest"):
            if not is_digest(digest, self._algorithm):
                raise CorruptObject(f"the manifest has {digest[:130]!r}, which is no digest")
            self._known.add(digest)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self._undo()
            return
        self._flush()
        try:
            self._refuse_conflicts()
        except InvalidArgument:
            self._undo()
            raise
        self._publish(self.record)

    def place(
        self, logical_path: str, digest: str, fixity: Mapping[str, str] | None = None
    ) -> str | None:
        """Put one file into the version.

        Returns the content path, relative to the object root, where its bytes must be stored; None
        when bytes of this digest are in the object already, or were placed in this version before.
        `fixity` (algorithm -> digest) is recorded for bytes that are new.
        Raises InvalidArgument for a digest or a path that OCFL does not allow (E026, E052, E053); a
        path that occurs twice, or is also a folder (E095), is refused when the version ends.
        """
        digest = digest.lower()
        if not is_digest(digest, self._algorithm):
            raise InvalidArgument(f"{digest!r} is not a digest of the inventory's algorithm")
        if logical_path_fault(logical_path) or _SURROGATE.search(logical_path):
            raise InvalidArgument(f"{logical_path!r} cannot be a logical path in OCFL")
        self._state.append((self.record.number, digest, logical_path))
        if len(self._state) == _BATCH_ROWS:
            self._flush()
        if self._known.add(digest) and self._is_stored(digest):
            return None
        content_path = self._prefix + safe_content_path(logical_path)
        self._key += 1
        self._manifest.append((self._key, digest, content_path))
        if fixity:
            self._add_fixity(fixity, content_path)
        return content_path

    def _add_fixity(self, fixity: Mapping[str, str], content_path: str) -> None:
        for name, value in fixity.items():
            if name not in FIXITY_ALGORITHMS or not is_digest(value, name):
                raise InvalidArgument(f"{name} {value!r} cannot be in a fixity block of OCFL")
            self._fixity.append((name, self._key, value.lower(), content_path))

    def _is_stored(self, digest: str) -> bool:
        self._flush()
        self._database.ensure_index("manifest_prefix")
        return self._database.value(_KNOWN, digest[:16], digest) is not None

    def _flush(self) -> None:
        insert = self._database.executemany
        insert("INSERT INTO state VALUES (?, 0, ?, ?)", self._state)
        insert("INSERT INTO manifest VALUES (?, ?, ?)", self._manifest)
        insert("INSERT INTO fixity VALUES (?, ?, ?, ?)", self._fixity)
        for rows in (self._state, self._manifest, self._fixity):
            rows.clear()

    def _refuse_conflicts(self) -> None:
        where = f"version = {self.record.number:d}"
        twice = next(conflicting_paths(self._database, "state", where), None)
        if twice is not None:
            raise InvalidArgument(
                f"{twice!r} is in version {self.record.number} twice, or also as a folder"
            )

    def _undo(self) -> None:
        execute = self._database.execute
        execute("DELETE FROM state WHERE version = ?", (self.record.number,))
        execute("DELETE FROM manifest WHERE key > ?", (self._first_key,))
        execute("DELETE FROM fixity WHERE rowid > ?", (self._fixity_mark,))
