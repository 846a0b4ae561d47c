"""Making one version in staging and renaming it in (OCFL 1.1 §3.3; archive spec §3)."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from muniment.information.ocfl import (
    INVENTORY,
    Declares,
    InventoryIndex,
    NewVersion,
    declaration_content,
    declaration_name,
    sidecar_line,
    write_inventory,
)
from muniment.information.ocfl.digest_forms import FIXITY_ALGORITHMS
from muniment.runtime.digest_pool import DigestJob, DigestStatus, digest_many
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import FixityMismatch, InvalidArgument, StorageUnavailable
from muniment.runtime.failpoints import failpoint
from muniment.storage.adapters.local.structure import SIDECAR
from muniment.storage.adapters.local.trees import make_durable_folders, remove_empty_parents
from muniment.storage.ports import Disk
from muniment.storage.types import SealedVersion, StagedFile, StagedVersion

# Another file system, one without links, or one file with too many names.
_CANNOT_LINK = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP})


@dataclass(slots=True)
class Sealing:
    """One version under way: `index` is the object's inventory, `folder` its staging folder.

    The caller holds the object's lock and removes `folder` afterwards. In `staged_object` the
    object's folder is built up.
    """

    staged: StagedVersion
    index: InventoryIndex
    folder: Path
    target: Path
    disk: Disk
    file_count: int = 0
    size_bytes: int = 0
    new_bytes: int = 0
    can_link: bool = True
    staged_object: Path = field(init=False)

    def __post_init__(self) -> None:
        self.staged_object = self.folder / "object"

    def run(self) -> SealedVersion:
        """Stage, sync, verify, publish."""
        is_new = self.index.head == 0
        self._stage_content()
        digest = self._stage_inventory()
        if is_new:
            name, content = declaration_name(Declares.OBJECT), declaration_content(Declares.OBJECT)
            self.disk.write(self.staged_object / name, content)
        failpoint("seal.staged")
        self.disk.sync_all(self.folder)
        failpoint("seal.synced")
        self._verify(digest)
        failpoint("seal.verified")
        if is_new:
            self._publish_object()
        else:
            publish_version(self.disk, self.staged_object, self.target, self.index.head_name)
        return self._result(digest)

    def _stage_content(self) -> None:
        staged = self.staged
        new_version = self.index.new_version(
            staged.created_at,
            message=staged.message,
            user_name=staged.user_name,
            # OCFL wants a URI (W009); not every account has a mail address.
            user_address=staged.user_address
            or f"urn:x-muniment:agent:{quote(staged.user_name, safe='')}",
        )
        self.disk.make_folder(self.staged_object)
        with new_version as version:
            for file in staged.files():
                self._place(version, file)
        # A version that brings nothing new has a folder for its inventory all the same.
        self.disk.make_folder(self._version_folder)

    @property
    def _version_folder(self) -> Path:
        return self.staged_object / self.index.head_name

    def _place(self, version: NewVersion, file: StagedFile) -> None:
        self.file_count += 1
        self.size_bytes += file.size_bytes
        fixity = {name: d for name, d in file.fixity.items() if name in FIXITY_ALGORITHMS}
        content_path = version.place(file.logical_path, file.sha512, fixity)
        if content_path is None:
            return
        if file.source is None:
            raise InvalidArgument(
                f"{file.logical_path!r} has no source and its bytes ({file.sha512[:16]}…) are in"
                " no earlier version"
            )
        self._bring(file.source, f"{self.staged_object}/{content_path}", file)
        self.new_bytes += file.size_bytes

    def _bring(self, source: Path, target: str, file: StagedFile) -> None:
        try:
            self._put(source, target)
            status = os.lstat(target)  # what was linked; the source may have been exchanged
            if stat.S_ISREG(status.st_mode):  # never through a link, to a file that is not ours
                self.disk.protect(target)
        except (FileExistsError, NotADirectoryError) as exc:
            raise InvalidArgument(
                f"{file.logical_path!r} is there twice, or is a file and a folder"
            ) from exc
        except OSError:
            with storage_errors(str(source)):
                raise
        if not stat.S_ISREG(status.st_mode):
            raise InvalidArgument(f"{source} is a link or a special file")
        if status.st_size != file.size_bytes:
            raise FixityMismatch(
                f"{source} has {status.st_size} bytes, {file.size_bytes} were announced"
            )

    def _put(self, source: Path, target: str) -> None:
        try:
            self._link_or_copy(source, target)
        except FileNotFoundError:
            folder = os.path.dirname(target)  # noqa: PTH120  # text, see StrPath
            if os.path.isdir(folder):  # noqa: PTH112  # likewise
                raise
            self.disk.make_folder(folder)
            self._link_or_copy(source, target)

    def _link_or_copy(self, source: Path, target: str) -> None:
        if self.can_link:
            try:
                self.disk.link(source, target)
            except OSError as exc:
                if exc.errno not in _CANNOT_LINK:
                    raise
                self.can_link = exc.errno == errno.EMLINK
            else:
                return
        try:
            self.disk.copy(source, target)
        except OSError as exc:
            if exc.errno not in {errno.ELOOP, errno.EINVAL}:
                raise
            raise InvalidArgument(f"{source} is a link or a special file") from exc

    def _stage_inventory(self) -> str:
        """Write inventory and sidecar, for the version and for the object; return the digest."""
        inventory = self._version_folder / INVENTORY
        with storage_errors(str(inventory)):
            with self.disk.create(inventory) as stream:
                digest = write_inventory(stream, self.index)
            self.disk.write(self._version_folder / SIDECAR, sidecar_line(digest))
            self.disk.copy(inventory, self.staged_object / INVENTORY)
            self.disk.write(self.staged_object / SIDECAR, sidecar_line(digest))
        return digest

    def _verify(self, inventory_digest: str) -> None:
        """Read back everything that was staged; raises FixityMismatch."""
        for result in digest_many(self._written(inventory_digest)):
            found = result.digests.get("sha512")
            if result.status is not DigestStatus.OK:
                raise StorageUnavailable(f"cannot read back {result.job.path!s}: {result.reason}")
            if found != result.job.tag:
                raise FixityMismatch(
                    f"{result.job.path!s} has the SHA-512 {found}, {result.job.tag} was announced"
                )

    def _written(self, inventory_digest: str) -> Iterator[DigestJob]:
        for folder in (self.staged_object, self._version_folder):
            yield DigestJob(str(folder / INVENTORY), ("sha512",), inventory_digest)
        base, prefix = str(self.staged_object), f"{self.index.head_name}/"
        for digest, path in self.index.manifest():
            if path.startswith(prefix):
                yield DigestJob(f"{base}/{path}", ("sha512",), digest)

    def _publish_object(self) -> None:
        with storage_errors(str(self.target)):
            try:
                make_durable_folders(self.disk, self.target.parent)
                failpoint("seal.parents_made")
                self.disk.rename(self.staged_object, self.target)
            except OSError:
                remove_empty_parents(self.disk, self.target)  # E073: an empty folder is an error
                raise
            failpoint("seal.object_renamed")
            self.disk.fsync_folder(self.target.parent)
        failpoint("seal.object_durable")

    def _result(self, digest: str) -> SealedVersion:
        return SealedVersion(
            object_id=self.staged.object_id,
            number=self.index.head,
            inventory_sha512=digest,
            created_at=self.staged.created_at,
            file_count=self.file_count,
            size_bytes=self.size_bytes,
            new_bytes=self.new_bytes,
        )


def publish_version(disk: Disk, staged: Path, target: Path, name: str) -> None:
    """Rename a durable version folder in, then its inventory, then the sidecar.

    Between the version and the inventory the folder is synced: an inventory whose version is not
    there could not be completed. Any other mixture of old and new is (`recovery.finish_object`).
    """
    with storage_errors(str(target)):
        disk.rename(staged / name, target / name)
        failpoint("seal.version_renamed")
        disk.fsync_folder(target)
        failpoint("seal.version_durable")
        publish_inventory(disk, staged, target)


def publish_inventory(disk: Disk, staged: Path, target: Path) -> None:
    """Replace the root inventory and its sidecar by durable new ones. Raises OSError."""
    disk.rename(staged / INVENTORY, target / INVENTORY)
    failpoint("seal.inventory_renamed")
    disk.rename(staged / SIDECAR, target / SIDECAR)
    failpoint("seal.sidecar_renamed")
    disk.fsync_folder(target)
    failpoint("seal.version_published")


def device_of(path: Path) -> int:
    """Return the file system of the nearest folder that is there."""
    while not path.exists():
        path = path.parent
    return path.stat().st_dev
