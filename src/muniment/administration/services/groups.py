"""Groups and the roles that they give: only administrators make and change them."""

from __future__ import annotations

import re
from collections.abc import Collection

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from muniment.administration.models import GroupRole, User
from muniment.administration.models.user import GIVEN_ROLES
from muniment.administration.services.audit import Deed, record
from muniment.administration.services.users import keeping_an_administrator
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Conflict, InvalidArgument, Missing, WrongState

_NAME = re.compile(r"[\w.@+-][\w .@+-]{0,148}")


def group_named(name: str) -> Group:
    """Return a group; Missing."""
    group = Group.objects.filter(name=name).first()
    if group is None:
        raise Missing(f"there is no group {name!r}")
    return group


def add_group(name: str, roles: Collection[str], *, actor: Actor, clock: Clock) -> Group:
    """Add a group. Raises PermissionDenied, InvalidArgument (name, role), Conflict."""
    require(actor, "group.change")
    if not _NAME.fullmatch(name) or name != name.strip():
        raise InvalidArgument(
            f"{name!r} cannot be a group's name: 1 to 149 letters, digits, spaces and . @ + - _"
        )
    _check_roles(roles)
    try:
        with transaction.atomic():
            group = Group.objects.create(name=name)
            _give(group, roles)
            detail = {"roles": sorted(set(roles))}
            record(Deed("group.add", name, detail=detail), actor=actor, clock=clock)
    except IntegrityError as exc:
        raise Conflict(f"there is a group {name!r} already") from exc
    return group


def set_roles(group: Group, roles: Collection[str], *, actor: Actor, clock: Clock) -> Group:
    """Let a group give exactly these roles. Raises PermissionDenied, InvalidArgument, WrongState
    when nobody would be administrator any more.
    """
    require(actor, "group.change")
    _check_roles(roles)
    with keeping_an_administrator():
        before = sorted(group.roles.values_list("role", flat=True))
        _give(group, roles)
        detail = {"before": before, "after": sorted(set(roles))}
        record(Deed("group.roles", group.name, detail=detail), actor=actor, clock=clock)
    return group


def remove_group(group: Group, *, actor: Actor, clock: Clock) -> None:
    """Remove a group that has no members. Raises PermissionDenied, WrongState."""
    require(actor, "group.change")
    with transaction.atomic():
        if User.objects.filter(groups=group).exists():
            raise WrongState(f"{group.name} has members; take them out first")
        record(Deed("group.remove", group.name), actor=actor, clock=clock)
        group.delete()


def _give(group: Group, roles: Collection[str]) -> None:
    GroupRole.objects.filter(group=group).exclude(role__in=roles).delete()
    for role in sorted(set(roles)):
        GroupRole.objects.get_or_create(group=group, role=role)


def _check_roles(roles: Collection[str]) -> None:
    if unknown := sorted(set(roles) - set(GIVEN_ROLES)):
        raise InvalidArgument(f"there is no role {', '.join(unknown)} that a group can give")
