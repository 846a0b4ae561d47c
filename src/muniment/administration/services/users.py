"""Users and groups: added, changed, switched off (archive spec §7)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from muniment.administration.models import GroupRole, User
from muniment.administration.services.audit import Deed, record
from muniment.administration.services.password_rules import check_new_password
from muniment.runtime.actor import Actor, Role, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Conflict, InvalidArgument, Missing, PermissionDenied, WrongState

_NAME = re.compile(r"[\w.@+-]{1,150}")
FIRST_GROUPS = {
    "administrators": Role.ADMINISTRATOR,
    "managers": Role.MANAGER,
    "archivists": Role.ARCHIVIST,
    "editors": Role.EDITOR,
    "auditors": Role.AUDITOR,
    "depositors": Role.DEPOSITOR,
}
"""The groups of a new archive, with the role that each gives."""


@dataclass(frozen=True, slots=True)
class NewUser:
    """Who is added. Without a password they sign in by other means, or by token only."""

    username: str
    email: str = ""
    full_name: str = ""
    password: str | None = None
    groups: Collection[str] = ()
    must_change_password: bool = False


def ensure_first_groups() -> None:
    """Make the groups of a new archive where they lack; a group that was changed stays so."""
    for name, role in FIRST_GROUPS.items():
        group, is_new = Group.objects.get_or_create(name=name)
        if is_new:
            GroupRole.objects.create(group=group, role=role.value)


def add_user(new: NewUser, *, actor: Actor, clock: Clock) -> User:
    """Add a user. Raises PermissionDenied (only administrators make administrators), Conflict,
    InvalidArgument (name, password policy), Missing (no such group).
    """
    require(actor, "user.change")
    if not _NAME.fullmatch(new.username):
        raise InvalidArgument(
            f"{new.username!r} cannot be a user name: 1 to 150 letters, digits and . @ + - _"
        )
    groups = _groups(new.groups)
    _require_may_give(groups, actor)
    user = User(username=new.username, email=new.email, first_name=new.full_name[:150])
    if new.password is None:
        user.set_unusable_password()
    else:
        check_new_password(new.password, user)
        user.set_password(new.password)
        user.must_change_password = new.must_change_password
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            user.groups.set(groups)
            detail = {"groups": sorted(group.name for group in groups)}
            record(Deed("user.add", user.username, detail=detail), actor=actor, clock=clock)
    except IntegrityError as exc:
        raise Conflict(f"there is a user {new.username!r} already") from exc
    return user


def set_groups(user: User, names: Collection[str], *, actor: Actor, clock: Clock) -> User:
    """Put a user into exactly these groups. Raises PermissionDenied, Missing, WrongState when the
    last administrator would be none any more.
    """
    require_may_change(user, actor)
    if user.username == actor.name and not actor.has_any(Role.ADMINISTRATOR):
        raise PermissionDenied("nobody but an administrator changes their own groups")
    groups = _groups(names)
    _require_may_give(groups, actor)
    with keeping_an_administrator():
        before = sorted(user.groups.values_list("name", flat=True))
        user.groups.set(groups)
        detail = {"before": before, "after": sorted(names)}
        record(Deed("user.groups", user.username, detail=detail), actor=actor, clock=clock)
    return user


def activate(user: User, *, actor: Actor, clock: Clock) -> User:
    """Let a user sign in again."""
    require_may_change(user, actor)
    with transaction.atomic():
        user.is_active = True
        user.save(update_fields=["is_active"])
        record(Deed("user.activate", user.username), actor=actor, clock=clock)
    return user


def deactivate(user: User, *, actor: Actor, clock: Clock) -> User:
    """Let a user sign in no more; what they did stays under their name. Raises WrongState for the
    last administrator.
    """
    require_may_change(user, actor)
    with keeping_an_administrator():
        user.is_active = False
        user.save(update_fields=["is_active"])
        record(Deed("user.deactivate", user.username), actor=actor, clock=clock)
    return user


def user_named(username: str) -> User:
    """Return a user; Missing."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise Missing(f"there is no user {username!r}; `muniment user list` shows them")
    return user


def _groups(names: Collection[str]) -> list[Group]:
    found = list(Group.objects.filter(name__in=names).order_by("name"))
    if unknown := sorted(set(names) - {group.name for group in found}):
        raise Missing(f"there is no group {', '.join(unknown)}")
    return found


def _require_may_give(groups: Collection[Group], actor: Actor) -> None:
    if actor.has_any(Role.ADMINISTRATOR):
        return
    given = GroupRole.objects.filter(group__in=groups).values_list("role", flat=True)
    if {Role.ADMINISTRATOR.value, Role.MANAGER.value} & set(given):
        raise PermissionDenied("only an administrator makes administrators and managers")


def require_may_change(user: User, actor: Actor) -> None:
    """Raise PermissionDenied unless the actor may change this user."""
    require(actor, "user.change")
    is_high = not user.roles.isdisjoint({Role.ADMINISTRATOR, Role.MANAGER})
    if is_high and not actor.has_any(Role.ADMINISTRATOR):
        raise PermissionDenied("only an administrator changes administrators and managers")


@contextmanager
def keeping_an_administrator() -> Iterator[None]:
    """Refuse a change that takes the last active administrator; an archive may begin without."""
    had_one = has_administrator()
    with transaction.atomic():
        yield
        if had_one and not has_administrator():
            raise WrongState("this is the last active administrator; make another one first")


def has_administrator() -> bool:
    """Say whether anybody who is active may do everything."""
    groups = GroupRole.objects.filter(role=Role.ADMINISTRATOR.value).values("group_id")
    return User.objects.filter(is_active=True, groups__in=groups).exists()
