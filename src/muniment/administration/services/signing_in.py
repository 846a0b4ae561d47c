"""Who somebody is: their password, then a code where they have a second factor.

Pages and API ask here alike, so that who guesses is slowed down by both together.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth import authenticate

from muniment.administration.models import User
from muniment.administration.services.attempts import (
    CODE,
    SIGN_IN,
    note_failure,
    note_success,
    require_patience,
)
from muniment.administration.services.second_factor import opens
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Unauthenticated
from muniment.runtime.registry import adapter_of, has_adapter
from muniment.runtime.secret_box import SecretBox


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How one may sign in here: with a password of ours, through a provider of this name."""

    by_password: bool = True
    by_provider: str = ""


def ways_in() -> WaysIn:
    """Return what the settings say; by password where nobody read them."""
    return adapter_of(WaysIn) if has_adapter(WaysIn) else WaysIn()


def user_by_password(username: str, password: str, *, address: str, clock: Clock) -> User:
    """Return whose name and password these are.

    Raises TooManyAttempts, and Unauthenticated with the same words whatever is wrong.
    """
    require_patience(username, address, clock=clock, what=SIGN_IN)
    is_asked = ways_in().by_password
    user = authenticate(username=username, password=password) if is_asked else None
    if isinstance(user, User):
        return user
    note_failure(username, address, clock=clock, what=SIGN_IN)
    raise Unauthenticated("user name and password do not belong together")


def check_code(user: User, code: str, *, address: str, clock: Clock) -> None:
    """Take a code of the second factor. Raises TooManyAttempts, Unauthenticated."""
    require_patience(user.username, address, clock=clock, what=CODE)
    if not opens(user, code, box=adapter_of(SecretBox), clock=clock):
        note_failure(user.username, address, clock=clock, what=CODE)
        raise Unauthenticated("this code is wrong, or was used already")
    note_success(user.username, address, clock=clock, what=CODE)
