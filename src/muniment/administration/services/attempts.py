"""Slowing down who guesses passwords (archive spec §7): by user name and by address."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from muniment.administration.models import SignInAttempts
from muniment.administration.services.audit import Deed, record
from muniment.runtime.actor import Role, actor_with
from muniment.runtime.clock import Clock
from muniment.runtime.deeds import AuditOutcome
from muniment.runtime.errors import RateLimited

SIGN_IN, CODE, RESET = "sign-in", "sign-in.code", "password.reset"
"""What is tried: each is counted apart, and named so in the audit trail."""
FREE = 5
"""Attempts that cost nothing; then each doubles the wait."""
_FIRST_WAIT_S = 2.0
_LONGEST_WAIT_S = 900.0
_FORGOTTEN_AFTER = timedelta(hours=12)


def waits_s(username: str, address: str, *, clock: Clock, what: str = SIGN_IN) -> float:
    """Return the seconds until another attempt counts; 0 when it may be now.

    The same for names that exist and names that do not.
    """
    now = clock.now()
    # What lies further off was written by a clock that has been set back since.
    latest = now + timedelta(seconds=_LONGEST_WAIT_S)
    keys = _keys(username, address, what)
    rows = SignInAttempts.objects.filter(key__in=keys, until__gt=now, until__lte=latest)
    return max(((row.until - now).total_seconds() for row in rows), default=0.0)


class TooManyAttempts(RateLimited):
    """Somebody guesses: nothing is looked at before they have waited."""


def require_patience(username: str, address: str, *, clock: Clock, what: str) -> None:
    """Raise TooManyAttempts, which says how long, when another attempt does not count yet."""
    if waiting := waits_s(username, address, clock=clock, what=what):
        seconds = int(waiting) + 1
        raise TooManyAttempts(f"too many attempts; wait {seconds} seconds", retry_after_s=seconds)


def note_failure(username: str, address: str, *, clock: Clock, what: str = SIGN_IN) -> None:
    """Count a failed attempt against the name and the address."""
    now = clock.now()
    with transaction.atomic():
        for key in _keys(username, address, what):
            row, _ = SignInAttempts.objects.get_or_create(key=key, defaults={"until": now})
            if row.until < now - _FORGOTTEN_AFTER:
                SignInAttempts.objects.filter(pk=row.pk).update(failures=0)
            SignInAttempts.objects.filter(pk=row.pk).update(failures=F("failures") + 1)
            row.refresh_from_db()
            over = row.failures - FREE
            wait_s = min(_FIRST_WAIT_S * 2 ** min(over, 20), _LONGEST_WAIT_S) if over >= 0 else 0.0
            SignInAttempts.objects.filter(pk=row.pk).update(until=now + timedelta(seconds=wait_s))
        deed = Deed(what, username, AuditOutcome.REFUSED, address=address)
        record(deed, actor=actor_with("anonymous", Role.ANONYMOUS), clock=clock)


def note_success(username: str, address: str, *, clock: Clock, what: str = SIGN_IN) -> None:
    """Forget the failures of the name; those of the address stay, for it may try other names."""
    with transaction.atomic():
        SignInAttempts.objects.filter(key=_keys(username, address, what)[0]).delete()
        actor = actor_with(username, Role.READER)
        record(Deed(what, username, address=address), actor=actor, clock=clock)


def _keys(username: str, address: str, what: str) -> tuple[str, str]:
    return f"{what} name:{username.casefold()[:150]}", f"{what} address:{address[:64]}"
