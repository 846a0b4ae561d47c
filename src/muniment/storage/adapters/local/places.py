"""Where things lie: objects in the root (layout extension 0003), staging, locks, set-aside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from muniment.information.identifiers import ObjectId, urn
from muniment.information.ocfl import HashAndIdNTuple
from muniment.runtime.errors import StorageUnavailable
from muniment.storage.types import LEDGER_PREFIX

LAYOUT = HashAndIdNTuple()
_UUID_PREFIX = urn("")
_OBJECT = "0=ocfl_object_"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one local root; `work` is on the same file system as `root`."""

    root: Path
    work: Path

    @property
    def staging(self) -> Path:
        return self.work / "staging"

    @property
    def locks(self) -> Path:
        return self.work / "locks"

    @property
    def set_aside(self) -> Path:
        """Where recovery puts what it takes out of an object; it deletes no content."""
        return self.work / "set-aside"

    def object_folder(self, object_id: ObjectId) -> Path:
        """Return where an object lies, whether it is there or not."""
        return self.root / LAYOUT.path_of(ocfl_id(object_id))

    def object_folders(self) -> Iterator[Path]:
        """Give the folder of every object, in a stable order.

        Goes on behind a folder that cannot be listed; raises StorageUnavailable at the end.
        """
        unreadable: list[str] = []
        yield from _objects_below(self.root, unreadable)
        if unreadable:
            raise StorageUnavailable(f"cannot list {', '.join(unreadable[:5])}")


def ocfl_id(object_id: ObjectId) -> str:
    """Return the OCFL id: `urn:uuid:…`; the ledger's ids are OCFL ids as they stand."""
    return object_id if is_ledger(object_id) else urn(object_id)


def object_id_of(folder: Path) -> ObjectId | None:
    """Return whose folder this is, by its name (layout 0003); None for an object not ours."""
    identifier = unquote(folder.name)
    if identifier.startswith(_UUID_PREFIX):
        return ObjectId(identifier.removeprefix(_UUID_PREFIX))
    return ObjectId(identifier) if identifier.startswith(LEDGER_PREFIX) else None


def is_ledger(object_id: ObjectId) -> bool:
    """Say whether this is one of the ledger's own objects."""
    return object_id.startswith(LEDGER_PREFIX)


def _objects_below(folder: Path, unreadable: list[str]) -> Iterator[Path]:
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError:
        unreadable.append(str(folder))
        return
    if any(entry.name.startswith(_OBJECT) for entry in listed):
        yield folder
        return
    for entry in listed:
        if entry.is_dir(follow_symlinks=False) and entry.name != "extensions":
            yield from _objects_below(folder / entry.name, unreadable)
