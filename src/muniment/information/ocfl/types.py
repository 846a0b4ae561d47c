"""The words of an OCFL inventory (OCFL 1.1 §3.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from muniment.information.ocfl.date_time import parse_date_time

INVENTORY = "inventory.json"
DEFAULT_CONTENT_DIRECTORY = "content"
SPEC_VERSIONS = ("1.0", "1.1")
"""Versions of the specification that we read; the last one is what we write."""

CONTENT_ALGORITHMS = ("sha512", "sha256")
"""What `digestAlgorithm` may say (E025)."""


@dataclass(frozen=True, slots=True)
class InventoryHeader:
    """The members of an inventory that are not blocks."""

    object_id: str
    spec: str = SPEC_VERSIONS[-1]
    digest_algorithm: str = "sha512"
    content_directory: str = DEFAULT_CONTENT_DIRECTORY


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """One version block without its state; `created` is RFC 3339 text as written."""

    number: int
    name: str
    created: str
    message: str | None = None
    user_name: str | None = None
    user_address: str | None = None

    @property
    def created_at(self) -> datetime:
        """`created` as a time."""
        time = parse_date_time(self.created)
        assert time is not None  # the reader refuses all else (E049)
        return time


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One file of a new version: where it is seen, what its bytes are."""

    logical_path: str
    digest: str
    fixity: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StateEntry:
    """One file of a version: the logical path, its digest, and where the bytes are.

    `content_path` is relative to the object root; of several with one digest, the first by name.
    """

    logical_path: str
    digest: str
    content_path: str


@dataclass(frozen=True, slots=True)
class StateChange:
    """One logical path whose digest differs between two versions; None means not there."""

    logical_path: str
    before: str | None
    after: str | None


def inventory_type(spec: str) -> str:
    """Return the URI that `type` has in an inventory of this version of the specification."""
    return f"https://ocfl.io/{spec}/spec/#inventory"
