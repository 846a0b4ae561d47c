"""Where things lie: objects in the root (layout extension 0003), staging, locks, set-aside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from muniment.information.identifiers import ObjectId, urn
from muniment.information.ocfl import HashAndIdNTuple
from muniment.storage.types import LEDGER_PREFIX

LAYOUT = HashAndIdNTuple()


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


def ocfl_id(object_id: ObjectId) -> str:
    """Return the OCFL id: `urn:uuid:…`; the ledger's ids are OCFL ids as they stand."""
    return object_id if is_ledger(object_id) else urn(object_id)


def is_ledger(object_id: ObjectId) -> bool:
    """Say whether this is one of the ledger's own objects."""
    return object_id.startswith(LEDGER_PREFIX)
