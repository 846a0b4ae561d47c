"""Where the bytes of a deposit lie until they are handed in: below `work/deposits/<id>`.

`incoming/<number>` holds what has come of a file so far, so the offset of an upload is a size on
the disk and survives everything. A whole file is renamed into `content/<name>/`, under the very
bytes of its own name: the package is read from there like any other folder.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from muniment.information.paths import MAX_PART_BYTES, PathFault, decode_name, safe_path
from muniment.runtime.durable import fsync_folder, storage_errors
from muniment.runtime.errors import Conflict, InvalidArgument, Locked, NoSpace
from muniment.runtime.failpoints import failpoint
from muniment.runtime.home import ArchiveHome

PREFIX = "deposit:"


@dataclass(frozen=True, slots=True)
class DepositArea:
    """Names the places of one deposit."""

    path: Path

    @classmethod
    def of(cls, home: ArchiveHome, deposit_id: object) -> DepositArea:
        """Return the area of a deposit; makes nothing."""
        return cls(areas_of(home) / str(deposit_id))

    def make(self) -> None:
        """Make its folders."""
        with storage_errors("the work area of deposits"):
            for folder in (self.path / "incoming", self.path / "content"):
                folder.mkdir(parents=True, exist_ok=True)
            fsync_folder(self.path)
            fsync_folder(self.path.parent)

    def remove(self) -> None:
        """Remove all of it. Idempotent."""
        shutil.rmtree(self.path, ignore_errors=True)

    def package(self, name: str) -> Path:
        """Return the folder or file that is handed in."""
        return self.path / "content" / os.fsdecode(decode_name(name))

    def part(self, number: int) -> Part:
        """Return what has come of the file with this number."""
        return Part(self.path / "incoming" / str(number))

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other process from finalising; raises Locked."""
        with storage_errors("the work area of deposits"):
            descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _lock(descriptor, "this deposit is being finalised by somebody else")
            yield
        finally:
            os.close(descriptor)


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of one file that have come; whoever writes them holds the lock of its file."""

    path: Path

    @property
    def _undo(self) -> Path:
        """Names the size to go back to when a block that was to be verified was cut off."""
        return self.path.with_name(f"{self.path.name}.undo")

    def offset(self) -> int:
        """Return how many bytes are here, and durably so."""
        with storage_errors("the work area of deposits"):
            try:
                descriptor = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                return 0
            try:
                os.fsync(descriptor)
                size = os.fstat(descriptor).st_size
            finally:
                os.close(descriptor)
            with suppress(FileNotFoundError):
                return min(size, int(self._undo.read_text(encoding="ascii") or 0))
            return size

    @contextmanager
    def opened(self) -> Iterator[int]:
        """Give a descriptor to write with, alone; raises Locked where somebody else does."""
        with storage_errors("the work area of deposits"):
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            _lock(descriptor, "somebody else is sending this file; try again")
            with storage_errors("the work area of deposits"):
                self._refuse_another(descriptor)
                if self._undo.exists():
                    self.cut_to(descriptor, self.offset())
                yield descriptor
        finally:
            os.close(descriptor)

    def _refuse_another(self, descriptor: int) -> None:
        """Raise Locked when it was moved away between our opening and locking it."""
        mine = os.fstat(descriptor).st_ino
        if not self.path.exists() or self.path.stat().st_ino != mine:
            raise Locked("somebody else has just sent this file; look at it again")

    def may_be_undone(self, size: int) -> None:
        """Remember the size to go back to before bytes come that must be verified."""
        with self._undo.open("w", encoding="ascii") as stream:
            stream.write(str(size))
            stream.flush()
            os.fsync(stream.fileno())
        fsync_folder(self.path.parent)

    def keep(self) -> None:
        """Keep what came: it is verified."""
        self._undo.unlink(missing_ok=True)

    def cut_to(self, descriptor: int, size: int) -> None:
        """Go back to an earlier size."""
        os.ftruncate(descriptor, size)
        os.fsync(descriptor)
        self.keep()

    def place(self, target: Path) -> None:
        """Move the whole file to where it belongs; Conflict where something is in the way."""
        with storage_errors("the work area of deposits"), _clashes():
            target.parent.mkdir(parents=True, exist_ok=True)
            self.path.replace(target)
            fsync_folder(target.parent)
        failpoint("deposit.placed")

    def remove(self) -> None:
        """Remove it. Idempotent."""
        self.path.unlink(missing_ok=True)
        self.keep()


def areas_of(home: ArchiveHome) -> Path:
    """Return the folder of all areas."""
    return home.work / "deposits"


def handed_in(home: ArchiveHome, source_path: str) -> Path:
    """Return the place of what was handed in: of a deposit's, or any other path."""
    if source_path.startswith(PREFIX):
        deposit_id, _, name = source_path.removeprefix(PREFIX).partition("/")
        return DepositArea.of(home, deposit_id).package(name)
    return Path(os.fsdecode(decode_name(source_path)))


def name_of_file(name: bytes) -> str:
    """Judge the path of a file as every package's are, and return it encoded.

    Raises InvalidArgument: its code is that of the same fault in a package.
    """
    path = safe_path(name)
    if isinstance(path, PathFault):
        raise InvalidArgument(f"{path.value}: this cannot be the path of a file of a package")
    if any(len(part) > MAX_PART_BYTES for part in decode_name(path.original_name).split(b"/")):
        raise InvalidArgument(f"path-long: a part of a path has at most {MAX_PART_BYTES} bytes")
    return path.original_name


def name_of_package(title: str, otherwise: str) -> str:
    """Make the name of a folder of what people call the package."""
    words = " ".join(title.replace("/", "-").split())
    cut = words.encode("utf-8", "replace")[:MAX_PART_BYTES].decode("utf-8", "ignore").strip(". ")
    return name_of_file(cut.encode()) if cut else otherwise


def refuse_clash(root: Path, target: Path) -> None:
    """Raise Conflict where a folder has the name of the file, or a file that of its folder."""
    with storage_errors("the work area of deposits"), _clashes():
        if target.is_dir():
            raise IsADirectoryError
        for folder in target.parents:
            if folder == root:
                return
            if folder.exists() and not folder.is_dir():
                raise NotADirectoryError


@contextmanager
def _clashes() -> Iterator[None]:
    try:
        yield
    except (IsADirectoryError, NotADirectoryError, FileExistsError) as exc:
        raise Conflict("a file and a folder of this deposit would have the same name") from exc


def require_room(folder: Path, needed_bytes: int, *, reserve_bytes: int) -> None:
    """Raise NoSpace where so much does not fit beside the reserve."""
    with storage_errors("the work area of deposits"):
        free = shutil.disk_usage(folder).free
    if free - reserve_bytes < needed_bytes:
        raise NoSpace(f"the archive has no room for {needed_bytes:,} bytes now; ask its operators")


def _lock(descriptor: int, busy: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Locked(busy) from None
