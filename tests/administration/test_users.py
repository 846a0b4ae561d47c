"""Users and groups: who may make whom, and that somebody is left who can."""

from __future__ import annotations

import pytest

from muniment.administration.models import AuditEntry, GroupRole, User
from muniment.administration.services.users import (
    FIRST_GROUPS,
    NewUser,
    activate,
    add_user,
    deactivate,
    ensure_first_groups,
    set_groups,
    user_named,
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
MANAGER = actor_with("mia", Role.MANAGER)


@pytest.fixture(autouse=True)
def _groups() -> None:
    ensure_first_groups()


def a_user(name: str = "ada", *groups: str) -> User:
    return add_user(NewUser(name, groups=groups), actor=SYSTEM, clock=CLOCK)


@pytest.mark.parametrize(("group", "role"), FIRST_GROUPS.items())
def test_a_group_gives_its_role(group: str, role: Role) -> None:
    assert a_user("ada", group).roles == {role, Role.READER}


def test_a_group_that_was_changed_stays_so() -> None:
    GroupRole.objects.filter(group__name="editors").delete()
    ensure_first_groups()
    assert a_user("ada", "editors").roles == {Role.READER}


def test_a_user_without_password_cannot_sign_in_by_one() -> None:
    assert not a_user().has_usable_password()


def test_a_good_password_is_kept_as_a_digest() -> None:
    user = add_user(NewUser("ada", password="quiet harbour 1907"), actor=SYSTEM, clock=CLOCK)
    assert user.check_password("quiet harbour 1907")
    assert "harbour" not in user.password


@pytest.mark.parametrize("password", ["short", "password1234", "12345678901234", ""])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(InvalidArgument, match="password"):
        add_user(NewUser("ada", password=password), actor=SYSTEM, clock=CLOCK)
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["", "a b", "a/b", "x" * 151, "<b>", "a\n"])
def test_a_name_that_cannot_be_one_is_refused(name: str) -> None:
    with pytest.raises(InvalidArgument):
        a_user(name)


def test_a_name_is_given_once() -> None:
    a_user()
    with pytest.raises(Conflict):
        a_user()


def test_an_unknown_group_is_named() -> None:
    with pytest.raises(Missing, match="wizards"):
        a_user("ada", "wizards")


@pytest.mark.parametrize("group", ["administrators", "managers"])
def test_a_manager_makes_no_administrators_or_managers(group: str) -> None:
    with pytest.raises(PermissionDenied):
        add_user(NewUser("ada", groups=[group]), actor=MANAGER, clock=CLOCK)
    ada = a_user()
    with pytest.raises(PermissionDenied):
        set_groups(ada, [group], actor=MANAGER, clock=CLOCK)


def test_a_manager_changes_no_administrator() -> None:
    root = a_user("root", "administrators")
    with pytest.raises(PermissionDenied):
        set_groups(root, [], actor=MANAGER, clock=CLOCK)
    with pytest.raises(PermissionDenied):
        deactivate(root, actor=MANAGER, clock=CLOCK)


def test_the_last_administrator_stays() -> None:
    root = a_user("root", "administrators")
    with pytest.raises(WrongState):
        set_groups(root, ["editors"], actor=SYSTEM, clock=CLOCK)
    with pytest.raises(WrongState):
        deactivate(root, actor=SYSTEM, clock=CLOCK)
    assert user_named("root").roles == {Role.ADMINISTRATOR, Role.READER}
    assert user_named("root").is_active


def test_one_of_two_administrators_can_go_and_come_back() -> None:
    first, _ = a_user("root", "administrators"), a_user("eve", "administrators")
    deactivate(first, actor=SYSTEM, clock=CLOCK)
    assert not user_named("root").is_active
    activate(first, actor=SYSTEM, clock=CLOCK)
    assert user_named("root").is_active


@pytest.mark.parametrize("role", [r for r in Role if r not in {Role.ADMINISTRATOR, Role.MANAGER}])
def test_nobody_else_changes_users(role: Role) -> None:
    with pytest.raises(PermissionDenied):
        add_user(NewUser("ada"), actor=actor_with("bob", role), clock=CLOCK)


def test_every_change_is_in_the_audit_trail() -> None:
    a_user("root", "administrators")
    ada = a_user("ada", "editors")
    set_groups(ada, ["archivists"], actor=SYSTEM, clock=CLOCK)
    deactivate(ada, actor=SYSTEM, clock=CLOCK)
    told = list(AuditEntry.objects.order_by("number").values_list("action", "thing"))
    assert told[1:] == [("user.add", "ada"), ("user.groups", "ada"), ("user.deactivate", "ada")]
