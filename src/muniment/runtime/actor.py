"""Who acts, and the port through which every service asks whether they may (archive spec §7).

The rules live above, in `administration`; they are registered here at start. Nothing is allowed
before that: without a policy every question is answered by an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol

from muniment.runtime.deeds import note
from muniment.runtime.errors import PermissionDenied


class Role(StrEnum):
    """The roles of archive spec §7."""

    ADMINISTRATOR = "administrator"
    MANAGER = "manager"
    ARCHIVIST = "archivist"
    EDITOR = "editor"
    AUDITOR = "auditor"
    DEPOSITOR = "depositor"
    READER = "reader"
    ANONYMOUS = "anonymous"


class Level(IntEnum):
    """How far somebody may read a thing; each includes those before (access spec §5)."""

    NONE = 0
    METADATA = 1
    PREVIEW = 2
    DOWNLOAD = 3
    MANAGE = 4


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody, or the system itself, on whose behalf a service is called.

    `name` is stable and unique in the archive; it is what provenance records. `scopes` narrow what
    a token may be used for (None: nobody narrowed it). `groups` are those that policies may name.
    """

    name: str
    roles: frozenset[Role]
    address: str = ""
    scopes: frozenset[str] | None = None
    groups: frozenset[str] = frozenset()

    def has_any(self, *roles: Role) -> bool:
        """Say whether the actor holds one of these roles."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor("muniment", frozenset({Role.ADMINISTRATOR}))


def actor_with(name: str, *roles: Role, address: str = "") -> Actor:
    """Make an actor with these roles."""
    return Actor(name, frozenset(roles), address)


class Owned(Protocol):
    """A thing that belongs to the actor of this name ("" = to nobody)."""

    @property
    def owner(self) -> str: ...


class Policy(Protocol):
    """Answers "may this actor do this to this thing?"; deny by default."""

    def may(self, actor: Actor, action: str, thing: Owned | None) -> bool: ...

    def sees_all(self, actor: Actor, action: str) -> bool: ...

    def sees_own(self, actor: Actor, action: str) -> bool: ...

    def level_for(self, actor: Actor, action: str) -> Level | None: ...


class _Registry:
    policy: Policy | None = None


def register_policy(policy: Policy) -> None:
    """Install the one policy of this process."""
    _Registry.policy = policy


def current_policy() -> Policy:
    """Return the installed policy; without one, nothing may be done."""
    if _Registry.policy is None:
        raise PermissionDenied("no permission policy is installed; every action is denied")
    return _Registry.policy


def may(actor: Actor, action: str, thing: Owned | None = None) -> bool:
    """Say whether `actor` may do `action` (to `thing`)."""
    return current_policy().may(actor, action, thing)


def require(actor: Actor, action: str, thing: Owned | None = None) -> None:
    """Raise PermissionDenied unless `actor` may do `action` (to `thing`); the audit trail hears."""
    is_allowed = may(actor, action, thing)
    note(actor, action, thing, is_allowed=is_allowed)
    if not is_allowed:
        raise PermissionDenied(f"{actor.name} may not do “{action}” here")
