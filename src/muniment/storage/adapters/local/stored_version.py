"""Reading one sealed version from an object's folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self
from weakref import finalize

from muniment.information.identifiers import ObjectId
from muniment.information.ocfl import InventoryIndex, load_inventory
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import CorruptObject, ObjectMissing
from muniment.storage.types import StoredEntry


class LocalVersion:
    """A `StoredVersion` over the verified root inventory of its object."""

    def __init__(
        self, folder: Path, object_id: ObjectId, index: InventoryIndex, number: int
    ) -> None:
        self.object_id = object_id
        self.number = number
        self._folder = folder
        self._index = index
        self._record = index.version(number)
        self._close = finalize(self, index.close)

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
        self._close()

    @property
    def created_at(self) -> datetime:
        return self._record.created_at.astimezone(UTC)

    @property
    def message(self) -> str:
        return self._record.message or ""

    @property
    def user_name(self) -> str:
        return self._record.user_name or ""

    @property
    def user_address(self) -> str:
        return self._record.user_address or ""

    @property
    def inventory_sha512(self) -> str:
        if self.number == self._index.head:
            return str(self._index.digest)
        with load_inventory(self._folder / self._record.name) as own:
            return str(own.digest)

    @property
    def file_count(self) -> int:
        """Number of files in the logical state."""
        return self._index.file_count(self.number)

    def entries(self) -> Iterator[StoredEntry]:
        for entry in self._index.state(self.number):
            yield StoredEntry(entry.logical_path, entry.digest, entry.content_path)

    def lookup(self, logical_path: str) -> str:
        digest = self._index.digest_of(self.number, logical_path)
        if digest is None:
            raise ObjectMissing(f"{self.object_id} v{self.number} has no {logical_path!r}")
        return digest

    def open(self, logical_path: str) -> BinaryIO:
        return open_content_file(self.content_path(logical_path))

    def size_of(self, logical_path: str) -> int:
        path = self.content_path(logical_path)
        try:
            with storage_errors(str(path)):
                return path.stat().st_size
        except Exception as exc:
            raise_if_missing(exc, path)
            raise

    def fixity_of(self, sha512: str) -> dict[str, str]:
        path = self._index.content_path(sha512)
        return {} if path is None else self._index.fixity_of(path)

    def content_path(self, logical_path: str) -> Path:
        """Return where the bytes lie; raises ObjectMissing, CorruptObject."""
        path = self._index.content_path(self.lookup(logical_path))
        if path is None:
            raise CorruptObject(f"{self.object_id}: {logical_path!r} is in no manifest (E050)")
        return self._folder / path


def open_content_file(path: Path) -> BinaryIO:
    """Open stored bytes; raises CorruptObject, StorageUnavailable."""
    try:
        with storage_errors(str(path)):
            return path.open("rb")
    except Exception as exc:
        raise_if_missing(exc, path)
        raise


def raise_if_missing(exc: Exception, path: Path) -> None:
    """Tell lost content from a disk that does not answer: raises CorruptObject for the first."""
    if isinstance(exc.__cause__, FileNotFoundError):
        raise CorruptObject(f"{path} is missing") from exc
