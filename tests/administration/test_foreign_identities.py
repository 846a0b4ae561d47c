"""Users whom a provider names: their own account, up to date, in the groups of their claims."""

from __future__ import annotations

import pytest

from muniment.administration.models import AuditEntry, ForeignIdentity, User
from muniment.administration.services.foreign_identities import ClaimRules, user_of_claims
from muniment.administration.services.users import (
    NewUser,
    add_user,
    deactivate,
    ensure_first_groups,
    set_groups,
)
from muniment.connectors.oidc import SignInRefused
from muniment.runtime.actor import SYSTEM, Role
from muniment.runtime.clock import FakeClock

pytestmark = pytest.mark.django_db
CLOCK = FakeClock()
RULES = ClaimRules(
    role_claims=("groups", "resource_access.archive.roles"),
    groups={"staff": "archivists", "audit": "auditors", "gone": "no such group"},
)


@pytest.fixture(autouse=True)
def _groups() -> None:
    ensure_first_groups()


def came(rules: ClaimRules = RULES, **claims: object) -> User:
    good = {"iss": "https://id.example", "sub": "s-1", "preferred_username": "ada"}
    return user_of_claims(good | claims, rules, clock=CLOCK)


def test_the_first_visit_makes_a_user_without_password() -> None:
    user = came(email="ada@example.org", given_name="Ada", family_name="Byron", groups=["staff"])
    assert (user.username, user.email, user.get_full_name()) == (
        "ada",
        "ada@example.org",
        "Ada Byron",
    )
    assert not user.has_usable_password()
    assert user.roles == {Role.ARCHIVIST, Role.READER}


def test_the_second_visit_is_of_the_same_user_whatever_their_name() -> None:
    first = came()
    again = came(preferred_username="ada.new", email="new@example.org")
    assert (again.pk, again.username, again.email) == (first.pk, "ada", "new@example.org")


def test_the_same_subject_at_another_provider_is_another_person() -> None:
    assert came().pk != came(iss="https://other.example").pk


def test_an_account_of_the_same_name_or_address_is_never_taken_over() -> None:
    mine = add_user(
        NewUser("ada", "ada@example.org", groups=["administrators"]), actor=SYSTEM, clock=CLOCK
    )
    other = came(email="ada@example.org")
    assert other.pk != mine.pk
    assert other.username == "ada-2"
    assert other.roles == {Role.READER}


@pytest.mark.parametrize(
    ("wished", "name"),
    [
        ("a b/c", "a-b-c"),
        ("<script>", "-script-"),
        ("x" * 300, "x" * 140),
        (None, "s-1"),
        (7, "s-1"),
    ],
)
def test_a_name_that_cannot_be_one_is_made_one(wished: object, name: str) -> None:
    assert came(preferred_username=wished).username == name


def test_a_role_that_is_gone_there_is_gone_here() -> None:
    user = came(groups=["staff", "audit"])
    assert user.roles == {Role.ARCHIVIST, Role.AUDITOR, Role.READER}
    assert came(groups=["audit"]).roles == {Role.AUDITOR, Role.READER}
    assert came(groups=[]).roles == {Role.READER}


def test_groups_that_were_given_here_stay() -> None:
    set_groups(came(), ["editors"], actor=SYSTEM, clock=CLOCK)
    assert came(groups=["staff"]).roles == {Role.EDITOR, Role.ARCHIVIST, Role.READER}
    assert came(groups=[]).roles == {Role.EDITOR, Role.READER}


def test_roles_are_found_at_a_path() -> None:
    user = came(resource_access={"archive": {"roles": ["audit"]}})
    assert user.roles == {Role.AUDITOR, Role.READER}


@pytest.mark.parametrize("groups", [["gone"], ["unknown"], "staff x", 7, None, [["staff"]]])
def test_other_values_give_nothing(groups: object) -> None:
    assert came(groups=groups).roles == {Role.READER}


def test_without_the_required_role_nobody_gets_in() -> None:
    rules = ClaimRules(required_role="staff")
    with pytest.raises(SignInRefused):
        came(rules, groups=["visitors"])
    assert not User.objects.exists()
    assert came(rules, groups=["staff"]).username == "ada"


def test_who_was_switched_off_stays_out_and_unchanged() -> None:
    deactivate(came(groups=["staff"]), actor=SYSTEM, clock=CLOCK)
    with pytest.raises(SignInRefused):
        came(groups=["audit"], email="new@example.org")
    assert User.objects.get().email == ""


def test_it_is_in_the_audit_trail() -> None:
    came(groups=["staff"])
    came(groups=[])
    told = list(AuditEntry.objects.order_by("number").values_list("action", "thing"))
    assert told == [("user.add", "ada"), ("user.groups", "ada"), ("user.groups", "ada")]
    assert ForeignIdentity.objects.count() == 1
