"""The vocabulary of the catalogue: the state that an entity is in, what an event is about."""

from __future__ import annotations

from enum import StrEnum


class LifecycleState(StrEnum):
    """Where an entity stands. A change of it is a record of the ledger, not a version."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"
    FROZEN = "frozen"
    DEACCESSIONED = "deaccessioned"


class LinkedKind(StrEnum):
    """The PREMIS object category that an event is linked to."""

    ENTITY = "intellectual entity"
    REPRESENTATION = "representation"
    FILE = "file"


class ReadingPolicyName(StrEnum):
    """Who may read an object besides staff and its owner (access spec §5)."""

    STAFF = "staff"
    GROUPS = "groups"
    METADATA_ONLY = "metadata-only"
    REGISTERED = "registered"
    PUBLIC = "public"


class Restriction(StrEnum):
    """The restrictions of PREMIS rights that hold readers back (access spec §5)."""

    DISALLOW = "disallow"
    CONDITIONAL = "conditional"


def one_of(kind: type[StrEnum]) -> list[str]:
    """Return the values of an enumeration, for a database constraint."""
    return [member.value for member in kind]


class ItemState(StrEnum):
    """What became of one object of a bulk job."""

    WAITING = "waiting"
    DONE = "done"
    NOT_FOUND = "not_found"
    FAILED = "failed"
