"""One version under construction: says of each file whether and where its bytes must be stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.known_digests import KnownDigests
from muniment.information.ocfl.names import safe_content_path
from muniment.information.ocfl.paths import conflicting_paths, logical_path_fault
from muniment.information.ocfl.types import InventoryHeader, VersionRecord
from muniment.runtime.errors import InvalidArgument

_DIGEST_LENGTHS = {"sha512": 128, "sha256": 64}
# "+": else SQLite puts the second value into the first term, and does not use the index.
_KNOWN = "SELECT 1 FROM manifest WHERE substr(digest, 1, 16) = ? AND +digest = ? LIMIT 1"
_BATCH_ROWS = 500
_HEX = "0123456789abcdef"


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
        self._length = _DIGEST_LENGTHS[header.digest_algorithm]
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
        Raises InvalidArgument for a digest or a path that OCFL does not allow (E052, E053); a path
        that occurs twice, or is also a folder (E095), is refused when the version ends.
        """
        digest = digest.lower()
        if len(digest) != self._length or digest.strip(_HEX):
            raise InvalidArgument(f"{digest!r} is not a digest of the inventory's algorithm")
        if logical_path_fault(logical_path):
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
            key = self._key
            self._fixity += [
                (name, key, value.lower(), content_path) for name, value in fixity.items()
            ]
        return content_path

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
