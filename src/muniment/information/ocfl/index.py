"""An inventory that can be asked, and given new versions; memory does not grow with its files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from types import TracebackType
from typing import Self

from muniment.information.ocfl.database import InventoryDatabase
from muniment.information.ocfl.names import parse_version_name, version_name
from muniment.information.ocfl.new_version import NewVersion
from muniment.information.ocfl.types import (
    CONTENT_ALGORITHMS,
    InventoryHeader,
    StateChange,
    StateEntry,
    VersionEntry,
    VersionRecord,
)
from muniment.runtime.errors import InvalidArgument, VersionMissing

_FIRST_PATH = "(SELECT m.path FROM manifest m WHERE m.digest = s.digest ORDER BY m.path LIMIT 1)"


class InventoryIndex:
    """One inventory in a private temporary database (OCFL 1.1 §3.5).

    A context manager: `close` gives the temporary file back. Digests are lower-case hex.
    Not for use by several threads at once.
    """

    def __init__(
        self,
        header: InventoryHeader,
        *,
        database: InventoryDatabase | None = None,
        versions: Iterable[VersionRecord] = (),
        digest: str | None = None,
    ) -> None:
        self.header = header
        self.digest = digest
        """Digest of the inventory file that this was read from; None for a new inventory."""
        self.database = database or InventoryDatabase()
        self._versions = {version.number: version for version in versions}

    @classmethod
    def new(cls, object_id: str, *, digest_algorithm: str = "sha512") -> Self:
        """Start the inventory of a new object, without versions yet.

        Raises InvalidArgument for an id that is empty (E037) or another algorithm (E025).
        """
        if not object_id or digest_algorithm not in CONTENT_ALGORITHMS:
            raise InvalidArgument(f"OCFL has no object {object_id!r} by {digest_algorithm!r}")
        return cls(InventoryHeader(object_id, digest_algorithm=digest_algorithm))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory and the temporary file back; the index cannot be asked any more."""
        self.database.close()

    @property
    def object_id(self) -> str:
        """The OCFL object identifier."""
        return self.header.object_id

    @property
    def head(self) -> int:
        """Number of the newest version; 0 while there is none."""
        return max(self._versions, default=0)

    @property
    def head_name(self) -> str:
        """Directory name of the newest version."""
        return self.version(self.head).name

    @property
    def next_name(self) -> str:
        """Directory name that the next version will have; keeps zero padding (E013)."""
        if not self._versions:
            return version_name(1)
        parsed = parse_version_name(self.head_name)
        return version_name(self.head + 1, parsed[1] if parsed else 0)

    def versions(self) -> list[VersionRecord]:
        """Return the version blocks, oldest first, without their states."""
        return [self._versions[number] for number in sorted(self._versions)]

    def version(self, number: int) -> VersionRecord:
        """Return one version block; raises VersionMissing."""
        try:
            return self._versions[number]
        except KeyError:
            raise VersionMissing(f"{self.object_id} has no version {number}") from None

    def content_path(self, digest: str) -> str | None:
        """Return where bytes of this digest lie, relative to the object root; None: nowhere."""
        self.database.ensure_index("manifest_digest")
        sql = "SELECT path FROM manifest WHERE digest = ? ORDER BY path LIMIT 1"
        found = self.database.value(sql, digest.lower())
        return None if found is None else str(found)

    def digest_of(self, number: int, logical_path: str) -> str | None:
        """Return the digest of a logical path in one version; None when it is not there."""
        self.version(number)
        self.database.ensure_index("state_path")
        sql = "SELECT digest FROM state WHERE version = ? AND path = ?"
        found = self.database.value(sql, number, logical_path)
        return None if found is None else str(found)

    def state(self, number: int) -> Iterator[StateEntry]:
        """Iterate over the files of one version, sorted by logical path."""
        self.version(number)
        self.database.ensure_index("manifest_digest")
        self.database.ensure_index("state_path")
        sql = f"SELECT path, digest, {_FIRST_PATH} FROM state s WHERE version = ? ORDER BY path"  # noqa: S608  # no value in it
        for row in self.database.execute(sql, (number,)):
            yield StateEntry(*row)

    def file_count(self, number: int) -> int:
        """Return the number of files in one version."""
        self.version(number)
        return int(str(self.database.value("SELECT count(*) FROM state WHERE version = ?", number)))

    def changes(self, before: int, after: int) -> Iterator[StateChange]:
        """Iterate over the logical paths whose digests differ, sorted by path.

        0 stands for the time before the first version.
        """
        for number in (before, after):
            if number:
                self.version(number)
        self.database.ensure_index("state_path")
        sql = """
            SELECT path, max(CASE version WHEN ?1 THEN digest END) AS was,
                   max(CASE version WHEN ?2 THEN digest END) AS became
            FROM state WHERE version IN (?1, ?2) GROUP BY path HAVING was IS NOT became
            ORDER BY path"""
        for row in self.database.execute(sql, (before, after)):
            yield StateChange(*row)

    def manifest(self) -> Iterator[tuple[str, str]]:
        """Iterate over (digest, content path), sorted."""
        self.database.ensure_index("manifest_digest")
        return self.database.execute("SELECT digest, path FROM manifest ORDER BY digest, path")

    def fixity(self) -> Iterator[tuple[str, str, str]]:
        """Iterate over (algorithm, digest, content path), sorted."""
        return self.database.execute(
            "SELECT algorithm, digest, path FROM fixity WHERE path IS NOT NULL"
            " ORDER BY algorithm, digest, path"
        )

    def content(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Iterate over (content path, digest, further digests by algorithm), sorted by path."""
        rows = self.database.execute(
            "SELECT m.path, m.digest, f.algorithm, f.digest"
            " FROM manifest m LEFT JOIN fixity f ON f.path = m.path ORDER BY m.path"
        )
        for (path, digest), group in groupby(rows, key=itemgetter(0, 1)):
            yield path, digest, {row[2]: row[3] for row in group if row[2] is not None}

    def fixity_of(self, content_path: str) -> dict[str, str]:
        """Return the digests of the fixity block for one content path, by algorithm."""
        self.database.execute("CREATE INDEX IF NOT EXISTS fixity_of_path ON fixity (path)")
        sql = "SELECT algorithm, digest FROM fixity WHERE path = ? ORDER BY algorithm"
        return dict(self.database.execute(sql, (content_path,)))

    def new_version(
        self, created: datetime, *, message: str, user_name: str, user_address: str
    ) -> NewVersion:
        """Start the next version: a context manager whose `place` takes one file after the other.

        The version becomes the head when the block ends; an error in it leaves no trace.
        An empty name or address is left out. Raises InvalidArgument for a time without zone (E049).
        """
        if created.tzinfo is None:
            raise InvalidArgument(f"the time {created} has no zone; a version needs one")
        record = VersionRecord(
            self.head + 1,
            self.next_name,
            created.isoformat(timespec="microseconds").replace("+00:00", "Z"),
            message,
            user_name or None,
            user_address or None,
        )
        return NewVersion(self.header, self.database, record, self._publish)

    def add_version(  # the members of a version block
        self,
        entries: Iterable[VersionEntry],
        created: datetime,
        *,
        message: str,
        user_name: str,
        user_address: str,
    ) -> VersionRecord:
        """Add a version whose files are `entries`; see `NewVersion.place`."""
        new = self.new_version(
            created, message=message, user_name=user_name, user_address=user_address
        )
        with new as version:
            for entry in entries:
                version.place(entry.logical_path, entry.digest, entry.fixity)
        return version.record

    def _publish(self, record: VersionRecord) -> None:
        self._versions[record.number] = record
