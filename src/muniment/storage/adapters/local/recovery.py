"""Finishing what a crash interrupted, by rule; earlier versions are never touched.

Only states that sealing itself can leave are finished. Anything else is damage: it is told, and
left as it is for a repair that knows of other copies.

| root inventory | its sidecar | newest version folder | then |
| --- | --- | --- | --- |
| vN | vN | vN | nothing to do |
| vN-1 | vN-1 | vN, complete | completed: inventory and sidecar of vN are put in the root |
| vN | vN-1 | vN | likewise |
| vN-1 | vN | vN | likewise (a disk that kept the later rename only) |
| vN-1 | vN-1 | vN, not complete | vN is set aside (never made by us; by others) |
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from muniment.information.ocfl import (
    INVENTORY,
    load_inventory,
    parse_sidecar,
    parse_version_name,
    read_head,
)
from muniment.runtime.digest_pool import DigestJob, DigestStatus, digest_many
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import CorruptObject, Damaged, StorageUnavailable
from muniment.runtime.failpoints import failpoint
from muniment.storage.adapters.local.places import Places
from muniment.storage.adapters.local.sealing import publish_inventory
from muniment.storage.adapters.local.structure import SIDECAR
from muniment.storage.adapters.local.trees import make_durable_folders, remove_tree
from muniment.storage.ports import Disk
from muniment.storage.types import Recovered, RecoveryAction

_MOST_BYTES = 4096


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the two newest versions and the root say; None where nothing readable is said."""

    newest: str
    root_inventory: str | None
    root_sidecar: str | None
    newest_sidecar: str | None
    previous_sidecar: str | None

    @property
    def is_unfinished(self) -> bool:
        """Say whether sealing can have left this."""
        known = {self.newest_sidecar, self.previous_sidecar} - {None}
        return (
            self.previous_sidecar is not None
            and self.root_inventory in known
            and self.root_sidecar in known
        )

    @property
    def is_untouched(self) -> bool:
        """Say whether the root still is wholly that of the version before."""
        return self.root_inventory == self.root_sidecar == self.previous_sidecar


@dataclass(frozen=True, slots=True)
class ObjectRecovery:
    """Finishes one object; the caller holds its lock, or the whole root's."""

    folder: Path
    places: Places
    disk: Disk

    def finish(self) -> Recovered | None:
        """Complete or set aside an unfinished version; None when there is nothing to do.

        Costs two small reads for an object at rest. Raises CorruptObject for a state that sealing
        cannot leave, StorageUnavailable.
        """
        found = self.find()
        if found is None:
            return None
        name = Path(found.path).name
        if found.action is RecoveryAction.COMPLETED:
            self._complete(name)
            return found
        return self._set_aside(name)

    def find(self) -> Recovered | None:
        """Say what `finish` would do, and raise what it would; changes nothing."""
        names = self._version_names()
        if not names:
            raise CorruptObject(f"{self.folder} holds no version")
        if self._is_at_rest(names[-1]):
            return None
        facts = self._facts(names)
        if not facts.is_unfinished:
            raise CorruptObject(
                f"{self.folder}: inventory, sidecar and versions do not belong together;"
                " see “muniment ocfl validate”"
            )
        if self._is_complete(facts.newest):
            return self._did(RecoveryAction.COMPLETED, facts.newest, "whole, but not yet the head")
        if facts.is_untouched:
            return self._did(RecoveryAction.SET_ASIDE, facts.newest, "not whole")
        raise CorruptObject(f"{self.folder}: the content of {facts.newest} is damaged")

    def _version_names(self) -> list[str]:
        with storage_errors(str(self.folder)):
            names = os.listdir(self.folder)  # noqa: PTH208  # names are enough
        versions = [name for name in names if parse_version_name(name)]
        return sorted(versions, key=lambda name: parse_version_name(name) or (0, 0))

    def _is_at_rest(self, newest: str) -> bool:
        root, version = _sidecar(self.folder), _sidecar(self.folder / newest)
        inventory = self.folder / INVENTORY
        if root is None or root != version or not inventory.exists():
            return False
        with storage_errors(str(inventory)), inventory.open("rb") as stream:
            return (read_head(stream), 0) == parse_version_name(newest)

    def _facts(self, names: list[str]) -> _Facts:
        return _Facts(
            newest=names[-1],
            root_inventory=_digest(self.folder / INVENTORY),
            root_sidecar=_sidecar(self.folder),
            newest_sidecar=_sidecar(self.folder / names[-1]),
            previous_sidecar=_sidecar(self.folder / names[-2]) if len(names) > 1 else None,
        )

    def _is_complete(self, name: str) -> bool:
        """Re-read a version whole: its inventory and every file that it brought."""
        try:
            with load_inventory(self.folder / name) as index:
                if index.head_name != name:
                    return False
                jobs = (
                    DigestJob(self.folder / path, ("sha512",), digest)
                    for digest, path in index.manifest()
                    if path.startswith(f"{name}/")
                )
                results = digest_many(jobs)
                return all(
                    result.status is DigestStatus.OK and result.digests["sha512"] == result.job.tag
                    for result in results
                )
        except (Damaged, StorageUnavailable):
            return False

    def _complete(self, name: str) -> None:
        staged = self.places.staging / f"recover-{uuid4()}"
        with storage_errors(str(self.folder)):
            make_durable_folders(self.disk, staged)
            for each in (INVENTORY, SIDECAR):
                self.disk.copy(self.folder / name / each, staged / each)
                self.disk.fsync(staged / each)
            self.disk.fsync_folder(staged)
            # The version's own entry first: the crash may have come before it was synced.
            self.disk.fsync_folder(self.folder)
            failpoint("recover.staged")
            publish_inventory(self.disk, staged, self.folder)
            remove_tree(self.disk, staged)

    def _set_aside(self, name: str) -> Recovered:
        target = self.places.set_aside / f"{self.folder.name}-{name}-{uuid4()}"
        with storage_errors(str(self.folder)):
            make_durable_folders(self.disk, target.parent)
            self.disk.rename(self.folder / name, target)
            failpoint("recover.set_aside")
            self.disk.fsync_folder(target.parent)
            self.disk.fsync_folder(self.folder)
        return self._did(RecoveryAction.SET_ASIDE, name, f"not whole; now {target.name}")

    def _did(self, action: RecoveryAction, name: str, reason: str) -> Recovered:
        return Recovered(action, str(self.folder / name), reason)


def _sidecar(folder: Path) -> str | None:
    """Return the digest in a sidecar; None when there is none that can be understood."""
    path = folder / SIDECAR
    try:
        with path.open("rb") as stream:
            return parse_sidecar(stream.read(_MOST_BYTES))
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise StorageUnavailable(f"cannot read {path}: {exc.strerror}") from exc


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha512").hexdigest()
    except FileNotFoundError:
        return None
    except OSError as exc:
        raise StorageUnavailable(f"cannot read {path}: {exc.strerror}") from exc
