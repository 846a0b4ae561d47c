"""What the checks of one inventory found out, for the checks that come after."""

from __future__ import annotations

from dataclasses import dataclass, field

from muniment.information.ocfl.parsing import RawInventory
from muniment.information.ocfl.types import DEFAULT_CONTENT_DIRECTORY

_MOST_FAULTY = 10_000


@dataclass(slots=True)
class InventoryFacts:
    """One inventory under validation; `path` is its own, relative to the object root."""

    path: str
    raw: RawInventory
    sha512: str
    """Digest of the file, whatever its own algorithm is."""
    spec: str = "1.1"
    algorithm: str = "sha512"
    is_known_algorithm: bool = True
    content_directory: str = DEFAULT_CONTENT_DIRECTORY
    sets_content_directory: bool = False
    names: list[str] = field(default_factory=list)
    """Directory names of the versions, oldest first; empty when the sequence makes no sense."""
    faulty: set[str] = field(default_factory=set)
    """Content paths whose form is wrong: they are not looked for. Only so many are remembered."""
    is_as_recorded: bool = False
    """Whether its sidecar has its digest."""

    def note_faulty(self, path: str) -> None:
        """Remember a content path whose form is wrong."""
        if len(self.faulty) < _MOST_FAULTY:
            self.faulty.add(path)

    @property
    def object_id(self) -> object:
        """The id as it stands, of whatever type; None when there is none."""
        return self.raw.members.get("id")
