"""What storage asks of a place that holds objects, and of the disk beneath it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Protocol, Self, TypeAlias

from muniment.information.identifiers import ObjectId
from muniment.storage.types import (
    ContentFile,
    FixityLine,
    Recovered,
    SealedVersion,
    StagedVersion,
    StoredEntry,
    Stranger,
)


class StoredVersion(Protocol):
    """One sealed version, read from storage alone. A context manager; not for several threads."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    def close(self) -> None:
        """Give back what the version holds open."""
        ...

    @property
    def object_id(self) -> ObjectId: ...

    @property
    def number(self) -> int: ...

    @property
    def created_at(self) -> datetime: ...

    @property
    def message(self) -> str: ...

    @property
    def user_name(self) -> str: ...

    @property
    def user_address(self) -> str: ...

    @property
    def inventory_sha512(self) -> str: ...

    def entries(self) -> Iterator[StoredEntry]:
        """Give the logical state, ordered by logical path."""
        ...

    def lookup(self, logical_path: str) -> str:
        """Return the SHA-512 of a logical path; raises ObjectMissing without it."""
        ...

    def open(self, logical_path: str) -> BinaryIO:
        """Open the bytes for reading; raises ObjectMissing, CorruptObject, StorageUnavailable."""
        ...

    def size_of(self, logical_path: str) -> int:
        """Return the size in bytes of the stored file; raises as `open` does."""
        ...

    def fixity_of(self, sha512: str) -> dict[str, str]:
        """Return the further digests recorded for these bytes, by algorithm."""
        ...


class StorageRoot(Protocol):
    """A place that holds sealed objects: an OCFL 1.1 storage root (archive spec §3)."""

    def initialise(self) -> None:
        """Make an empty root where there is none; nothing when there is one."""
        ...

    def object_ids(self) -> Iterator[ObjectId]:
        """Give the intellectual entities, in a stable order; the ledger is not among them.

        Goes on behind a folder that cannot be listed; raises StorageUnavailable at the end.
        """
        ...

    def heads(self) -> Iterator[tuple[ObjectId, int]]:
        """Give the same with the number of the newest version, 0 when none is there.

        Costs no more than the listing; of a damaged object the number is what it looks like.
        """
        ...

    def strangers(self) -> Iterator[Stranger]:
        """Give what is in the root and no object of this archive, and what cannot be listed."""
        ...

    def holds(self, object_id: ObjectId) -> bool:
        """Say whether there is such an object, in whatever state."""
        ...

    def head(self, object_id: ObjectId) -> int:
        """Return the number of the newest version, 0 when there is no such object.

        Raises CorruptObject when the object does not say a version that is there.
        """
        ...

    def open_version(self, object_id: ObjectId, number: int | None = None) -> StoredVersion:
        """Open a version, the newest without a number.

        Raises ObjectMissing, VersionMissing, CorruptObject, StorageUnavailable.
        """
        ...

    def open_content(self, object_id: ObjectId, number: int, logical_path: str) -> BinaryIO:
        """Open one file of a version, for whoever asks for the same one often (ranges).

        Where it lies may be remembered; raises as `open_version` and `StoredVersion.open` do.
        """
        ...

    def seal(self, staged: StagedVersion) -> SealedVersion:
        """Make a version of what was staged: the whole of it, or nothing (archive spec §3).

        Sealing the same again gives the version that is there. Raises VersionConflict, Locked,
        NoSpace, StorageUnavailable, FixityMismatch (a source is not what was announced),
        InvalidArgument (paths that no state can hold, links).
        """
        ...

    def recover(self) -> list[Recovered]:
        """Complete or roll back what a crash interrupted; a second call finds nothing to do."""
        ...

    def recoverable(self) -> list[Recovered]:
        """Say what `recover` would do now, and what it would leave alone; changes nothing."""
        ...

    def check_structure(self, object_id: ObjectId) -> list[FixityLine]:
        """Re-read declaration, inventories and sidecars of an object; gives what is wrong."""
        ...

    def content_files(self, object_id: ObjectId) -> Iterator[ContentFile]:
        """Give every content file of the manifest; raises as `open_version` does."""
        ...

    def lost_content(
        self, object_id: ObjectId, sizes: Iterable[tuple[str, int]]
    ) -> Iterator[FixityLine]:
        """Give content files that are missing or not as long as they were; reads none of them.

        `sizes` are (SHA-512, bytes), ordered by digest; a file that is not among them is only
        looked for. Raises as `open_version` does.
        """
        ...

    def path_of(self, object_id: ObjectId) -> Path:
        """Return the folder of an object."""
        ...


StrPath: TypeAlias = str | Path
"""Calls that are made for every file take text too: a `Path` costs more than the call itself."""


class Disk(Protocol):
    """The file system calls that sealing stands on; the twin forgets what was not fsynced.

    Every method raises OSError as the call of the operating system does.
    """

    def make_folder(self, path: StrPath) -> None:
        """Make one folder and its missing parents; nothing when it is there."""
        ...

    def write(self, path: Path, content: bytes) -> None:
        """Make a new file; raises FileExistsError."""
        ...

    def create(self, path: StrPath) -> AbstractContextManager[BinaryIO]:
        """Open a new file for streaming; raises FileExistsError."""
        ...

    def append(self, path: Path, content: bytes) -> None:
        """Add to the end of a file, making it when it is missing."""
        ...

    def truncate(self, path: Path, size_bytes: int) -> None:
        """Cut a file off."""
        ...

    def link(self, source: StrPath, target: StrPath) -> None:
        """Give a file a second name; never follows a symbolic link."""
        ...

    def copy(self, source: StrPath, target: StrPath) -> None:
        """Copy bytes into a new file; refuses a link (ELOOP), a special file (EINVAL)."""
        ...

    def protect(self, path: StrPath) -> None:
        """Take the permission to write a file from everybody."""
        ...

    def rename(self, source: Path, target: Path) -> None:
        """Rename a file (replacing one) or a folder."""
        ...

    def remove(self, path: Path) -> None:
        """Remove a file."""
        ...

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""
        ...

    def fsync(self, path: Path) -> None:
        """Make the bytes of a file durable."""
        ...

    def fsync_folder(self, path: Path) -> None:
        """Make the entries of a folder durable."""
        ...

    def sync_all(self, path: Path) -> None:
        """Make everything on the file system of `path` durable (`syncfs`)."""
        ...

    def free_bytes(self, path: Path) -> int:
        """Return how much an ordinary user may still write there."""
        ...
