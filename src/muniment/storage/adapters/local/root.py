"""One OCFL 1.1 storage root on a local file system."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from muniment.information.identifiers import ObjectId
from muniment.information.ocfl import (
    Declares,
    InventoryIndex,
    declaration_content,
    declaration_name,
    write_layout,
)
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import (
    CorruptObject,
    Damaged,
    InvalidArgument,
    NoSpace,
    ObjectMissing,
    StorageUnavailable,
    Unavailable,
    VersionConflict,
)
from muniment.runtime.failpoints import failpoint
from muniment.storage.adapters.file_locks import FileLocks
from muniment.storage.adapters.local import structure
from muniment.storage.adapters.local.content_paths import ContentPaths
from muniment.storage.adapters.local.places import LAYOUT, Places, is_own, ocfl_id
from muniment.storage.adapters.local.recovery import ObjectRecovery
from muniment.storage.adapters.local.sealing import Sealing, device_of
from muniment.storage.adapters.local.stored_version import LocalVersion, open_content_file
from muniment.storage.adapters.local.survey import Found, Kind, survey
from muniment.storage.adapters.local.trees import (
    empty_folders,
    make_durable_folders,
    remove_empty_folders,
    remove_tree,
)
from muniment.storage.names import shown
from muniment.storage.ports import Disk
from muniment.storage.types import (
    ContentFile,
    FixityLine,
    Recovered,
    RecoveryAction,
    SealedVersion,
    StagedVersion,
    Stranger,
)

_ROOT_LOCK = "storage-root"
_INVENTORY_BYTES_A_FILE = 2000
_UNDECLARED = frozenset({"extensions", "ocfl_layout.json"})
"""What a crash leaves of a root whose making was interrupted."""


@dataclass(frozen=True, slots=True)
class LocalRoot:
    """A `StorageRoot` on a disk. `reserve_bytes` of free space are never used.

    Sealers share the root's lock and hold their object's; recovery holds the root's alone.
    """

    places: Places
    disk: Disk
    locks: FileLocks
    reserve_bytes: int = 0
    _lately: ContentPaths = field(default_factory=ContentPaths, repr=False, compare=False)

    def initialise(self) -> None:
        root = self.places.root
        with storage_errors(str(root)):
            make_durable_folders(self.disk, self.places.staging)
            make_durable_folders(self.disk, root)
            declaration = root / declaration_name(Declares.ROOT)
            if declaration.exists():
                return
            if others := {path.name for path in root.iterdir()} - _UNDECLARED:
                raise InvalidArgument(
                    f"{root} is no storage root and holds {min(others)!r}; name an empty folder"
                )
            write_layout(root, LAYOUT)
            self.disk.write(declaration, declaration_content(Declares.ROOT))
            self.disk.sync_all(root)

    def object_ids(self) -> Iterator[ObjectId]:
        return (object_id for object_id, _ in self.heads())

    def heads(self) -> Iterator[tuple[ObjectId, int]]:
        return (
            (each.object_id, each.newest) for each in self._objects() if not is_own(each.object_id)
        )

    def _objects(self) -> Iterator[Found]:
        unreadable: list[str] = []
        for each in survey(self.places):
            if each.kind is Kind.OBJECT:
                yield each
            elif each.kind is Kind.UNREADABLE:
                unreadable.append(str(each.path))
        if unreadable:
            raise StorageUnavailable(f"cannot list {', '.join(unreadable[:5])}")

    def strangers(self) -> Iterator[Stranger]:
        for each in survey(self.places):
            if each.kind is not Kind.OBJECT:
                yield Stranger(shown(each.path), each.reason)

    def holds(self, object_id: ObjectId) -> bool:
        return self.path_of(object_id).is_dir()

    def head(self, object_id: ObjectId) -> int:
        folder = self.path_of(object_id)
        return structure.head_of(folder) if folder.is_dir() else 0

    def open_version(self, object_id: ObjectId, number: int | None = None) -> LocalVersion:
        index = self._load(object_id)
        try:
            return LocalVersion(self.path_of(object_id), object_id, index, number or index.head)
        except BaseException:
            index.close()
            raise

    def open_content(self, object_id: ObjectId, number: int, logical_path: str) -> BinaryIO:
        def find() -> Path:
            with self.open_version(object_id, number) as version:
                return version.content_path(logical_path)

        folder = self.path_of(object_id)
        return open_content_file(self._lately.path(folder, number, logical_path, find))

    def _load(self, object_id: ObjectId) -> InventoryIndex:
        folder = self.path_of(object_id)
        if not folder.is_dir():
            raise ObjectMissing(f"there is no object {object_id}")
        index = structure.load(folder)
        if index.object_id != ocfl_id(object_id):
            index.close()
            raise CorruptObject(f"{folder} holds {index.object_id}, not {object_id}")
        return index

    def seal(self, staged: StagedVersion) -> SealedVersion:
        with self.locks.shared(_ROOT_LOCK), self.locks.exclusive(staged.object_id):
            folder = self.path_of(staged.object_id)
            if folder.is_dir():
                ObjectRecovery(folder, self.places, self.disk).finish()
                index = self._load(staged.object_id)
            else:
                index = InventoryIndex.new(ocfl_id(staged.object_id))
            with index:
                return self._seal_on(index, staged)

    def _seal_on(self, index: InventoryIndex, staged: StagedVersion) -> SealedVersion:
        self._remove_stale(staged.object_id)
        target = self.path_of(staged.object_id)
        if index.head > staged.expected_head:
            found = structure.same_version(index, staged, target)
            if found is not None:
                return found
        if index.head != staged.expected_head:
            raise VersionConflict(
                f"{staged.object_id} is at version {index.head}, not {staged.expected_head};"
                " describe it again on the new head"
            )
        folder = self.places.staging / f"{staged.object_id}.{uuid4()}"
        try:
            with storage_errors(str(self.places.staging)):
                self._reserve(staged)
                return Sealing(staged, index, folder, target, self.disk).run()
        finally:
            failpoint("seal.cleaning")
            self._remove(folder)

    def _reserve(self, staged: StagedVersion) -> None:
        """Raise NoSpace before a byte is written when the reserve would be touched."""
        self.disk.make_folder(self.places.staging)
        device = device_of(self.places.staging)
        needed = 0
        is_copied: bool | None = None
        for file in staged.files():
            needed += 2 * _INVENTORY_BYTES_A_FILE
            if file.source is not None and is_copied is None:
                is_copied = device_of(file.source) != device
            needed += file.size_bytes if is_copied and file.source is not None else 0
        free = self.disk.free_bytes(self.places.staging)
        if free - needed < self.reserve_bytes:
            raise NoSpace(
                f"sealing {staged.object_id} needs {needed} bytes; {free} are free and"
                f" {self.reserve_bytes} of them are kept as the reserve"
            )

    def _remove_stale(self, object_id: ObjectId) -> None:
        """Remove what an earlier, killed sealing of this object left: its lock is ours."""
        if self.places.staging.is_dir():
            for folder in self.places.staging.glob(f"{object_id}.*"):
                self._remove(folder)

    def _remove(self, folder: Path) -> None:
        if folder.is_dir():
            with storage_errors(str(folder)):
                remove_tree(self.disk, folder)

    def recover(self) -> list[Recovered]:
        with self.locks.exclusive(_ROOT_LOCK), storage_errors(str(self.places.root)):
            done = self._of_objects(ObjectRecovery.finish)
            done += self._remove_leftovers()
            failpoint("recover.leftovers_removed")
            done += map(_empty, remove_empty_folders(self.disk, self.places.root))
        return done

    def recoverable(self) -> list[Recovered]:
        with self.locks.exclusive(_ROOT_LOCK), storage_errors(str(self.places.root)):
            found = self._of_objects(ObjectRecovery.find)
            found += map(_left_over, self._leftovers())
            found += map(_empty, empty_folders(self.places.root))
        return found

    def _of_objects(
        self, recovery: Callable[[ObjectRecovery], Recovered | None]
    ) -> list[Recovered]:
        found = (self._of_object(each, recovery) for each in survey(self.places))
        return [each for each in found if each]

    def _of_object(
        self, found: Found, recovery: Callable[[ObjectRecovery], Recovered | None]
    ) -> Recovered | None:
        if not found.is_folder_of_an_object:
            is_told = found.kind is Kind.UNREADABLE
            return _left_alone(found.path, found.reason) if is_told else None
        try:
            return recovery(ObjectRecovery(found.path, self.places, self.disk))
        except (Damaged, Unavailable) as exc:
            return _left_alone(found.path, str(exc))

    def _leftovers(self) -> list[Path]:
        return sorted(self.places.staging.iterdir()) if self.places.staging.is_dir() else []

    def _remove_leftovers(self) -> list[Recovered]:
        leftovers = self._leftovers()
        for folder in leftovers:
            remove_tree(self.disk, folder)
        if leftovers:
            self.disk.fsync_folder(self.places.staging)
        return list(map(_left_over, leftovers))

    def check_structure(self, object_id: ObjectId) -> list[FixityLine]:
        return structure.check(self.path_of(object_id))

    def content_files(self, object_id: ObjectId) -> Iterator[ContentFile]:
        with self._load(object_id) as index:
            yield from structure.content_files(index)

    def lost_content(
        self, object_id: ObjectId, sizes: Iterable[tuple[str, int]]
    ) -> Iterator[FixityLine]:
        with self._load(object_id) as index:
            yield from structure.lost_content(self.path_of(object_id), index, sizes)

    def path_of(self, object_id: ObjectId) -> Path:
        return self.places.object_folder(object_id)


def _left_alone(path: Path, reason: str) -> Recovered:
    return Recovered(RecoveryAction.LEFT_ALONE, shown(path), reason)


def _left_over(folder: Path) -> Recovered:
    return Recovered(RecoveryAction.REMOVED, shown(folder), "left in staging by a crash")


def _empty(folder: Path) -> Recovered:
    return Recovered(RecoveryAction.REMOVED, shown(folder), "an empty folder (E073)")
