"""Tokens: shown once, kept as a digest, narrowed by scopes, ended by time or revocation."""

from __future__ import annotations

from datetime import timedelta

import pytest

from muniment.administration.models import ApiToken, AuditEntry, User
from muniment.administration.policy import ACTIONS, scope_of
from muniment.administration.services.tokens import create_token, revoke_token, user_of_token
from muniment.administration.services.users import NewUser, add_user, ensure_first_groups
from muniment.administration.types import SCOPES
from muniment.runtime.actor import SYSTEM, Actor, Role, actor_with, may
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import (
    Conflict,
    InvalidArgument,
    Missing,
    PermissionDenied,
    Unauthenticated,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    ensure_first_groups()
    return add_user(NewUser("ada", groups=["archivists"]), actor=SYSTEM, clock=FakeClock())


def a_token(user: User, clock: FakeClock, life: timedelta | None = None) -> str:
    _, secret = create_token(
        user, "harvest", scopes=["read"], life=life, actor=user.actor, clock=clock
    )
    return secret


def test_a_token_names_its_user(ada: User) -> None:
    clock = FakeClock()
    user, token = user_of_token(a_token(ada, clock), clock=clock)
    assert (user, token.name, token.scopes) == (ada, "harvest", ["read"])


def test_the_secret_is_kept_nowhere(ada: User) -> None:
    secret = a_token(ada, FakeClock())
    row = ApiToken.objects.values().get()
    assert secret not in str(row)
    assert secret not in str(list(AuditEntry.objects.values()))


def test_a_token_ends_by_itself(ada: User) -> None:
    clock = FakeClock()
    secret = a_token(ada, clock, timedelta(days=1))
    clock.advance(86_401)
    with pytest.raises(Unauthenticated):
        user_of_token(secret, clock=clock)


def test_a_revoked_token_ends_at_once(ada: User) -> None:
    clock = FakeClock()
    secret = a_token(ada, clock)
    revoke_token(ada, "harvest", actor=ada.actor, clock=clock)
    with pytest.raises(Unauthenticated):
        user_of_token(secret, clock=clock)


def test_the_token_of_somebody_who_left_is_not_valid(ada: User) -> None:
    clock = FakeClock()
    secret = a_token(ada, clock)
    User.objects.update(is_active=False)
    with pytest.raises(Unauthenticated):
        user_of_token(secret, clock=clock)


@pytest.mark.parametrize("secret", ["", "mun_", "mun_" + "x" * 43, "\ud800", "x" * 10_000])
def test_no_token_is_refused_with_the_same_words(secret: str) -> None:
    with pytest.raises(Unauthenticated, match="this token is not valid here"):
        user_of_token(secret, clock=FakeClock())


def test_one_name_is_used_once_and_again_after_revocation(ada: User) -> None:
    clock = FakeClock()
    a_token(ada, clock)
    with pytest.raises(Conflict):
        a_token(ada, clock)
    revoke_token(ada, "harvest", actor=ada.actor, clock=clock)
    assert a_token(ada, clock)


def test_revoking_what_is_not_there_says_so(ada: User) -> None:
    with pytest.raises(Missing):
        revoke_token(ada, "harvest", actor=ada.actor, clock=FakeClock())


def test_nobody_makes_tokens_for_another(ada: User) -> None:
    bob = actor_with("bob", Role.ARCHIVIST)
    with pytest.raises(PermissionDenied):
        create_token(ada, "x", scopes=["read"], life=None, actor=bob, clock=FakeClock())


@pytest.mark.parametrize(
    ("name", "scopes", "life"),
    [
        ("", ["read"], None),
        ("x" * 101, ["read"], None),
        ("x", [], None),
        ("x", ["everything"], None),
        ("x", ["read"], timedelta(0)),
        ("x", ["read"], timedelta(days=4000)),
    ],
)
def test_a_wrong_token_is_refused(
    ada: User, name: str, scopes: list[str], life: timedelta | None
) -> None:
    with pytest.raises(InvalidArgument):
        create_token(ada, name, scopes=scopes, life=life, actor=ada.actor, clock=FakeClock())


@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_an_action_needs_its_scope_whatever_the_role(action: str) -> None:
    assert scope_of(action) in SCOPES
    for scope in SCOPES:
        actor = Actor("root", frozenset({Role.ADMINISTRATOR}), scopes=frozenset({scope}))
        assert may(actor, action) is (scope in {scope_of(action), "admin"})
