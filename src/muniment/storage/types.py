"""The vocabulary of archival storage: what is sealed, what was sealed, what a check saw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from muniment.information.identifiers import ObjectId

LEDGER_PREFIX = "urn:x-muniment:ledger:"
"""OCFL ids of the ledger's own objects: this and the month, `2026-11`."""

AUDIT_PREFIX = "urn:x-muniment:audit:"
"""OCFL ids of the objects that hold the exported audit trail, likewise."""

OWN_PREFIXES = (LEDGER_PREFIX, AUDIT_PREFIX)
"""The archive's own objects: in storage as all others, but no intellectual entities."""


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One file of the logical state of a version that is about to be sealed.

    `source` is a regular file that nobody writes in place any more: it is hard-linked where the
    file system allows. None: the bytes are already in the object, found by their SHA-512.
    `fixity` holds further digests of the same bytes, by algorithm name, lower-case hex.
    """

    logical_path: str
    source: Path | None
    size_bytes: int
    sha512: str
    fixity: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StagedVersion:
    """A whole version before sealing. `expected_head` 0 = a new object.

    `files` gives the same files each time it is called; it is called more than once.
    """

    object_id: ObjectId
    expected_head: int
    files: Callable[[], Iterator[StagedFile]]
    message: str
    user_name: str
    user_address: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SealedVersion:
    """A version that stands in the storage root, read back and verified.

    `file_count` and `size_bytes` are those of the logical state; `new_bytes` of the content that
    this version brought. `was_there` says that an earlier call had sealed it already.
    """

    object_id: ObjectId
    number: int
    inventory_sha512: str
    created_at: datetime
    file_count: int
    size_bytes: int
    new_bytes: int
    was_there: bool = False


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One logical path of a sealed version. `content_path` is relative to the object's folder."""

    logical_path: str
    sha512: str
    content_path: str


@dataclass(frozen=True, slots=True)
class ContentFile:
    """One file that the manifest of an object lists, with every recorded digest of it."""

    content_path: str
    digests: Mapping[str, str]


class RecoveryAction(StrEnum):
    """What `recover` did; what is damaged and not merely unfinished is left alone and told."""

    COMPLETED = "completed"
    SET_ASIDE = "set aside"
    REMOVED = "removed"
    LEFT_ALONE = "left alone"
    INDEXED = "indexed"
    RECORDED = "recorded"


@dataclass(frozen=True, slots=True)
class Recovered:
    """One thing that `recover` did or could not do, to which path, and why.

    `object_id` is set where the catalogue's rows of an object are concerned, not its folder.
    """

    action: RecoveryAction
    path: str
    reason: str
    object_id: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the members for a report."""
        named = {"object_id": self.object_id} if self.object_id else {}
        return {"action": self.action.value, "path": self.path, "reason": self.reason, **named}


@dataclass(frozen=True, slots=True)
class Stranger:
    """Something in a storage root that is no object of this archive, and why it is none."""

    path: str
    reason: str


class FixityResult(StrEnum):
    """What re-reading one file came to; "could not read" is never "damaged"."""

    CORRECT = "correct"
    MISMATCH = "mismatch"
    MISSING = "missing"
    COULD_NOT_READ = "could not read"


@dataclass(frozen=True, slots=True)
class FixityLine:
    """The result for one file of an object; `algorithm`, `expected`, `found` for a mismatch."""

    path: str
    result: FixityResult
    algorithm: str = ""
    expected: str = ""
    found: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the members that are set."""
        members = {
            "path": self.path,
            "result": self.result.value,
            "algorithm": self.algorithm,
            "expected": self.expected,
            "found": self.found,
            "reason": self.reason,
        }
        return {name: value for name, value in members.items() if value}
