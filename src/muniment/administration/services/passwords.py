"""Passwords: changed, set for somebody, forgotten and made anew (archive spec §7)."""

from __future__ import annotations

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Q, QuerySet

from muniment.administration.models import User
from muniment.administration.services.attempts import RESET, note_failure, require_patience
from muniment.administration.services.audit import Deed, record
from muniment.administration.services.password_rules import check_new_password
from muniment.administration.services.users import require_may_change, user_named
from muniment.runtime.actor import SYSTEM, Actor
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, Missing, PermissionDenied
from muniment.work.services import enqueue

RESET_JOB = "password-reset"


def change_password(user: User, *, present: str, new: str, clock: Clock) -> None:
    """Set one's own password; one's other sessions end. Raises PermissionDenied for a wrong present
    one, InvalidArgument when the new one is against the rules, or the present one again.
    """
    if not user.check_password(present):
        raise PermissionDenied("this is not your present password")
    if new == present:
        raise InvalidArgument("the new password must be another one")
    _set(user, new, must_change=False, action="user.password", actor=user.actor, clock=clock)


def set_password(user: User, new: str, *, actor: Actor, clock: Clock) -> None:
    """Give somebody a password that they must change when they sign in; their sessions end.

    Raises PermissionDenied, InvalidArgument.
    """
    require_may_change(user, actor)
    _set(user, new, must_change=True, action="user.password.set", actor=actor, clock=clock)


def _set(
    user: User, new: str, *, must_change: bool, action: str, actor: Actor, clock: Clock
) -> None:
    check_new_password(new, user)
    user.set_password(new)
    user.must_change_password = must_change
    with transaction.atomic():
        user.save(update_fields=["password", "must_change_password"])
        record(Deed(action, user.username), actor=actor, clock=clock)


def force_change(user: User, *, actor: Actor, clock: Clock) -> None:
    """Let somebody do nothing in the site before they have changed their password."""
    require_may_change(user, actor)
    user.must_change_password = True
    with transaction.atomic():
        user.save(update_fields=["must_change_password"])
        record(Deed("user.password.force", user.username), actor=actor, clock=clock)


def ask_for_reset(said: str, *, address: str, language: str, clock: Clock) -> None:
    """Let a worker look for whom this name or address means, and write to them.

    The same work for everybody and nobody: neither answer nor time tells who has an account.
    Raises TooManyAttempts.
    """
    require_patience(said, address, clock=clock, what=RESET)
    note_failure(said, address, clock=clock, what=RESET)
    enqueue(RESET_JOB, {"said": said[:254], "language": language}, actor=SYSTEM)


def those_meant_by(said: str) -> QuerySet[User]:
    """Return the active users with an address whom a user name or address means.

    Who comes through a provider has no password here, and gets none by mail.
    """
    meant = Q(username=said) | Q(email__iexact=said)
    found = User.objects.filter(meant, is_active=True, foreign_identities__isnull=True)
    return found.exclude(email="").order_by("username")


def reset_token(user: User) -> str:
    """Return a secret that lets whoever has it set the user's password once, within the hour."""
    return default_token_generator.make_token(user)


def is_reset_token(username: str, token: str) -> bool:
    """Say whether a new password may be set with this secret."""
    user = User.objects.filter(username=username, is_active=True).first()
    return user is not None and default_token_generator.check_token(user, token)


def reset_password(username: str, token: str, new: str, *, clock: Clock) -> User:
    """Set a password by the secret that was mailed; all sessions end, the secret with them.

    Raises Missing, with the same words whatever is wrong with it, and InvalidArgument.
    """
    if not is_reset_token(username, token):
        raise Missing("this link has been used, or is too old; ask for another one")
    user = user_named(username)
    _set(user, new, must_change=False, action="user.password.reset", actor=user.actor, clock=clock)
    return user
