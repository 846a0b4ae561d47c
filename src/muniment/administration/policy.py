"""The one permission policy: roles and what they may do (archive spec §7). Deny by default.

`own` means: only things whose owner is the actor; `level`: those that their own policies open.
"""

from __future__ import annotations

from enum import StrEnum

from muniment.administration.reading import granted_level
from muniment.runtime.actor import Actor, Level, Owned, Role, register_policy


class Scope(StrEnum):
    """How far a permission reaches."""

    ALL = "all"
    OWN = "own"
    LEVEL = "level"


_READ = {
    "object.read",
    "object.preview",
    "object.export",
    "submission.read",
    "job.read",
    "fixity.read",
    "pipeline.read",
}
_DESCRIBE = {"object.describe", "object.tag", "object.policy"}
_BY_LEVEL = {
    "object.read": Level.METADATA,
    "object.preview": Level.PREVIEW,
    "object.export": Level.DOWNLOAD,
}
_PRESERVE = {
    "submission.create",
    "submission.decide",
    "object.add_version",
    "fixity.run",
    "job.change",
}
_OPERATE = {
    "catalogue.rebuild",
    "storage.recover",
    "pipeline.change",
    "schedule.change",
    "settings.read",
    "job.prune",
    "webhook.change",
    "metrics.read",
    "audit.export",
}
# What tells of everybody's things, whoever sees only their own is not let in.
_SURVEY = _READ | {"event.read", "webhook.read"}
_PEOPLE = {"user.read", "user.change"}
_GROUPS = {"group.change"}  # a group's roles are rights: only administrators give those

# role -> action -> scope. The administrator is not in the table: may do everything.
PERMISSIONS: dict[Role, dict[str, Scope]] = {
    Role.MANAGER: dict.fromkeys(_SURVEY | _PEOPLE, Scope.ALL),
    Role.ARCHIVIST: dict.fromkeys(_SURVEY | _DESCRIBE | _PRESERVE | {"pipeline.change"}, Scope.ALL),
    Role.EDITOR: dict.fromkeys(_READ | _DESCRIBE, Scope.ALL),
    Role.AUDITOR: dict.fromkeys(_SURVEY | {"user.read", "audit.read", "metrics.read"}, Scope.ALL),
    Role.DEPOSITOR: dict.fromkeys(
        _READ | {"object.describe", "object.add_version", "submission.create"}, Scope.OWN
    ),
    Role.READER: dict.fromkeys(_BY_LEVEL, Scope.LEVEL),
    Role.ANONYMOUS: {},
}
FOR_VISITORS: dict[str, Scope] = dict.fromkeys(_BY_LEVEL, Scope.LEVEL)
"""What visitors may where the setting `access_anonymous` is on; nothing where it is off."""

ACTIONS = frozenset(_SURVEY | _DESCRIBE | _PRESERVE | _OPERATE | _PEOPLE | _GROUPS | {"audit.read"})

_EXPLICIT = {
    "object.preview": "read",
    "object.export": "download",
    "submission.create": "deposit",
    "object.add_version": "deposit",
    "pipeline.change": "pipeline",
    "job.read": "jobs",
    "job.change": "jobs",
    "webhook.read": "admin",
    "user.read": "admin",
    "audit.read": "admin",
    "object.describe": "write",
    "object.tag": "write",
    "object.policy": "write",
    "submission.decide": "write",
}


def scope_of(action: str) -> str:
    """Return the scope that a token needs for an action; what has none of its own needs `admin`."""
    if action in _EXPLICIT:
        return _EXPLICIT[action]
    return "read" if action.endswith(".read") else "admin"


def permissions_of(role: Role) -> dict[str, str]:
    """Return what a role may do and how far; whoever is signed in may see this table."""
    if role is Role.ADMINISTRATOR:
        return dict.fromkeys(sorted(ACTIONS), Scope.ALL.value)
    return {action: scope.value for action, scope in sorted(PERMISSIONS[role].items())}


class RolePolicy:
    """Answers from the table above; `lets_visitors_read` is the switch of all anonymous access."""

    def __init__(self, *, lets_visitors_read: bool = False) -> None:
        visitors = FOR_VISITORS if lets_visitors_read else {}
        self._permissions = PERMISSIONS | {Role.ANONYMOUS: visitors}

    def may(self, actor: Actor, action: str, thing: Owned | None) -> bool:
        """Say whether `actor` may do `action`; own permissions need a thing of the actor's."""
        if action not in ACTIONS:
            raise LookupError(f"no permission is defined for the action {action!r}")
        if not _is_in_scope(actor, action):
            return False
        if actor.has_any(Role.ADMINISTRATOR):
            return True
        scopes = {self._permissions[role].get(action) for role in actor.roles}
        if Scope.ALL in scopes:
            return True
        if Scope.OWN in scopes and (thing is None or thing.owner == actor.name):
            return True
        if Scope.LEVEL not in scopes:
            return False
        return thing is None or granted_level(actor, thing) >= _BY_LEVEL[action]

    def sees_all(self, actor: Actor, action: str) -> bool:
        """Say whether lists need no filter by owner."""
        if not _is_in_scope(actor, action):
            return False
        return actor.has_any(Role.ADMINISTRATOR) or self._has(actor, action, Scope.ALL)

    def sees_own(self, actor: Actor, action: str) -> bool:
        """Say whether lists show what belongs to the actor."""
        return _is_in_scope(actor, action) and self._has(actor, action, Scope.OWN)

    def level_for(self, actor: Actor, action: str) -> Level | None:
        """Return the level from which lists show what policies open; None: nothing that they do."""
        if not _is_in_scope(actor, action) or not self._has(actor, action, Scope.LEVEL):
            return None
        return _BY_LEVEL[action]

    def _has(self, actor: Actor, action: str, scope: Scope) -> bool:
        return any(self._permissions[role].get(action) is scope for role in actor.roles)


def _is_in_scope(actor: Actor, action: str) -> bool:
    return actor.scopes is None or not actor.scopes.isdisjoint({scope_of(action), "admin"})


def install(*, lets_visitors_read: bool = False) -> None:
    """Make this the policy of the process."""
    register_policy(RolePolicy(lets_visitors_read=lets_visitors_read))
