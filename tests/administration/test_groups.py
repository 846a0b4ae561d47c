"""Groups give roles, and only administrators say which."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group

from muniment.administration.models import AuditEntry, User
from muniment.administration.services.groups import (
    add_group,
    group_named,
    remove_group,
    set_roles,
)
from muniment.administration.services.users import (
    NewUser,
    add_user,
    ensure_first_groups,
    set_groups,
)
from muniment.runtime.actor import SYSTEM, Role, actor_with
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import (
    Conflict,
    InvalidArgument,
    Missing,
    PermissionDenied,
    WrongState,
)

pytestmark = pytest.mark.django_db
CLOCK = FakeClock()


@pytest.fixture(autouse=True)
def _groups() -> None:
    ensure_first_groups()


def a_member(group: str) -> User:
    return add_user(NewUser("ada", groups=[group]), actor=SYSTEM, clock=CLOCK)


def test_a_group_of_several_roles_gives_them_all() -> None:
    add_group("map room", ["editor", "depositor"], actor=SYSTEM, clock=CLOCK)
    assert a_member("map room").roles == {Role.EDITOR, Role.DEPOSITOR, Role.READER}


def test_roles_change_for_members_at_once() -> None:
    ada = a_member("editors")
    set_roles(group_named("editors"), ["auditor"], actor=SYSTEM, clock=CLOCK)
    assert ada.actor.roles == {Role.AUDITOR, Role.READER}


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_nobody_else_makes_groups(role: Role) -> None:
    actor = actor_with("mia", role)
    with pytest.raises(PermissionDenied):
        add_group("x", [], actor=actor, clock=CLOCK)
    with pytest.raises(PermissionDenied):
        set_roles(group_named("editors"), [], actor=actor, clock=CLOCK)
    with pytest.raises(PermissionDenied):
        remove_group(group_named("editors"), actor=actor, clock=CLOCK)


@pytest.mark.parametrize("role", ["reader", "anonymous", "wizard", ""])
def test_a_group_gives_only_roles_that_can_be_given(role: str) -> None:
    with pytest.raises(InvalidArgument):
        add_group("x", [role], actor=SYSTEM, clock=CLOCK)
    assert not Group.objects.filter(name="x").exists()


@pytest.mark.parametrize("name", ["", " x", "x ", "a/b", "<b>", "x" * 150, "a\nb"])
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    with pytest.raises(InvalidArgument):
        add_group(name, [], actor=SYSTEM, clock=CLOCK)


def test_a_name_is_given_once() -> None:
    with pytest.raises(Conflict):
        add_group("editors", [], actor=SYSTEM, clock=CLOCK)


def test_the_group_of_the_last_administrator_stays_one() -> None:
    a_member("administrators")
    with pytest.raises(WrongState):
        set_roles(group_named("administrators"), ["editor"], actor=SYSTEM, clock=CLOCK)
    assert group_named("administrators").roles.get().role == "administrator"


def test_a_group_with_members_is_not_removed() -> None:
    ada = a_member("editors")
    with pytest.raises(WrongState):
        remove_group(group_named("editors"), actor=SYSTEM, clock=CLOCK)
    set_groups(ada, [], actor=SYSTEM, clock=CLOCK)
    remove_group(group_named("editors"), actor=SYSTEM, clock=CLOCK)
    with pytest.raises(Missing):
        group_named("editors")


def test_a_manager_gives_themselves_nothing() -> None:
    mia = add_user(NewUser("mia", groups=["managers"]), actor=SYSTEM, clock=CLOCK)
    other = add_user(NewUser("moa", groups=["editors"]), actor=SYSTEM, clock=CLOCK)
    with pytest.raises(PermissionDenied):
        set_groups(mia, ["managers", "archivists"], actor=mia.actor, clock=CLOCK)
    set_groups(other, ["archivists"], actor=mia.actor, clock=CLOCK)
    assert other.roles == {Role.ARCHIVIST, Role.READER}


def test_every_change_is_in_the_audit_trail() -> None:
    group = add_group("x", ["editor"], actor=SYSTEM, clock=CLOCK)
    set_roles(group, ["auditor"], actor=SYSTEM, clock=CLOCK)
    remove_group(group, actor=SYSTEM, clock=CLOCK)
    told = list(AuditEntry.objects.order_by("number").values_list("action", "thing", "detail"))
    assert told == [
        ("group.add", "x", {"roles": ["editor"]}),
        ("group.roles", "x", {"before": ["editor"], "after": ["auditor"]}),
        ("group.remove", "x", {}),
    ]
