"""Copying one version out, verified on the way (archive spec §4, §9.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from muniment.information.bagit import BagWriter, FolderSink, Label
from muniment.information.identifiers import ObjectId, urn
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.digest_algorithms import BLOCK_BYTES
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import FixityMismatch
from muniment.storage.exporting.original import write_original
from muniment.storage.exporting.place import new_place
from muniment.storage.exporting.sinks import ZipSink
from muniment.storage.ports import StorageRoot, StoredVersion

OnProgress = Callable[[int, int | None, str], None]


class ExportForm(StrEnum):
    """What an export is: the package as a folder, zipped, as a bag; or what the producer sent."""

    FOLDER = "folder"
    ZIP = "zip"
    BAG = "bag"
    ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What goes where. `number` None = the newest version; `overwrite` replaces the target."""

    object_id: ObjectId
    form: ExportForm
    target: Path
    number: int | None = None
    overwrite: bool = False


@dataclass(slots=True)
class Exported:
    """What was written."""

    object_id: ObjectId
    number: int
    target: Path
    file_count: int = 0
    size_bytes: int = 0


def _unwatched(done: int, total: int | None, path: str) -> None:
    """Nobody watches."""


def export_version(
    request: ExportRequest,
    *,
    root: StorageRoot,
    actor: Actor,
    clock: Clock,
    on_progress: OnProgress = _unwatched,
) -> Exported:
    """Copy a version out: streamed, every file's SHA-512 compared while it is copied.

    Written beside the target and renamed at the end; an error leaves nothing behind. The caller
    asks first whether the actor may read this object. Raises PermissionDenied, InvalidArgument
    (the target is there), FixityMismatch, CorruptObject, NoSpace, StorageUnavailable, and what
    `open_version` raises.
    """
    require(actor, "object.export")
    with root.open_version(request.object_id, request.number) as version:
        done = Exported(request.object_id, version.number, request.target)
        source = VerifiedFiles(version, done, on_progress)
        with (
            storage_errors(str(request.target)),
            new_place(request.target, overwrite=request.overwrite) as place,
        ):
            _write(request.form, source, place, clock)
    return done


def _write(form: ExportForm, source: VerifiedFiles, place: Path, clock: Clock) -> None:
    match form:
        case ExportForm.FOLDER:
            sink = FolderSink(place)
            for path in source.paths():
                sink.write(path, source.blocks(path))
        case ExportForm.ZIP:
            version = source.version
            with ZipSink(place, top=version.object_id, at=version.created_at) as archive:
                for path in source.paths():
                    archive.write(path, source.blocks(path))
        case ExportForm.BAG:
            with BagWriter(
                FolderSink(place), algorithms=["sha512"], info=_bag_info(source.version, clock)
            ) as bag:
                for path in source.paths():
                    bag.add(path, source.blocks(path))
        case ExportForm.ORIGINAL:
            write_original(source, place)


def _bag_info(version: StoredVersion, clock: Clock) -> list[Label]:
    return [
        Label("Bag-Software-Agent", "Muniment"),
        Label("Bagging-Date", clock.now().date().isoformat()),
        Label("External-Identifier", urn(version.object_id)),
        Label("Internal-Sender-Identifier", f"version {version.number}"),
    ]


@dataclass(frozen=True, slots=True)
class VerifiedFiles:
    """The files of a version as blocks that end in an error when they are not what was sealed."""

    version: StoredVersion
    done: Exported
    on_progress: OnProgress

    def paths(self) -> Iterator[str]:
        """Give the logical paths."""
        return (entry.logical_path for entry in self.version.entries())

    def open(self, logical_path: str) -> BinaryIO:
        """Open a file without counting it, to look something up in it."""
        return self.version.open(logical_path)

    def blocks(self, logical_path: str) -> Iterator[bytes]:
        """Give the bytes of a file; raises FixityMismatch behind the last one."""
        expected = self.version.lookup(logical_path)
        digest, size_bytes = hashlib.sha512(), 0
        with self.version.open(logical_path) as stream:
            while block := stream.read(BLOCK_BYTES):
                digest.update(block)
                size_bytes += len(block)
                yield block
        found = digest.hexdigest()
        if found != expected:
            raise FixityMismatch(
                f"{self.version.object_id} v{self.version.number}: {logical_path!r} has the"
                f" SHA-512 {found}, sealed was {expected}; nothing was exported"
            )
        self.done.file_count += 1
        self.done.size_bytes += size_bytes
        self.on_progress(self.done.file_count, None, logical_path)
