"""Where things lie: objects in the root (layout extension 0003), staging, locks, set-aside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from muniment.information.identifiers import ObjectId, urn
from muniment.information.ocfl import HashAndIdNTuple
from muniment.storage.types import OWN_PREFIXES

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
    """Return the OCFL id: `urn:uuid:…`; ids of the archive's own objects stand as they are."""
    return object_id if is_own(object_id) else urn(object_id)


def is_own(object_id: ObjectId) -> bool:
    """Say whether this is an object of the archive's own: of the ledger, of the audit trail."""
    return object_id.startswith(OWN_PREFIXES)
