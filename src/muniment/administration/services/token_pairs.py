"""Signing in for programs: a token to ask with for minutes, one to renew it with for a day.

Opaque and looked up, not signed (docs/decisions/0019): they end at once where sessions do, and no
key can be lost that makes others.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare

from muniment.administration.models import TokenPair, User
from muniment.administration.services.audit import Deed, record
from muniment.administration.services.sessions import shown_agent
from muniment.administration.types import SCOPES
from muniment.runtime.clock import Clock
from muniment.runtime.deeds import AuditOutcome
from muniment.runtime.errors import InvalidArgument, PermissionDenied, Unauthenticated

ACCESS_PREFIX, REFRESH_PREFIX = "mua_", "mur_"
ACCESS_LIFE, REFRESH_LIFE = timedelta(minutes=15), timedelta(days=1)
_REMOVED_AT_ONCE = 100
_NOT_VALID = "this token is not valid here"


@dataclass(frozen=True, slots=True)
class NewPair:
    """The secrets of a pair, which nobody can show again."""

    access: str
    refresh: str
    row: TokenPair


def begin_pair(
    user: User,
    *,
    scopes: Sequence[str] | None,
    clock: Clock,
    address: str = "",
    agent: str = "",
) -> NewPair:
    """Give a pair to somebody who was asked everything that has to be.

    `scopes` None: all that the user's roles give. Raises InvalidArgument, PermissionDenied where
    the password must be changed first.
    """
    if scopes is not None and (unknown := sorted(set(scopes) - SCOPES) or not scopes):
        listed = ", ".join(sorted(SCOPES))
        raise InvalidArgument(f"{unknown or 'nothing'} is no list of scopes; known are {listed}")
    if user.must_change_password:
        raise PermissionDenied("change your password first, at /me/password")
    access, refresh = _secrets()
    now = clock.now()
    with transaction.atomic():
        _remove_old(now)
        row = TokenPair.objects.create(
            user=user,
            access=_digest(access),
            access_until=now + ACCESS_LIFE,
            refresh=_digest(refresh),
            refresh_until=now + REFRESH_LIFE,
            scopes=None if scopes is None else sorted(set(scopes)),
            stamp=user.get_session_auth_hash(),
            created_at=now,
            address=address[:64],
            agent=shown_agent(agent),
        )
    return NewPair(access, refresh, row)


def renew_pair(secret: str, *, clock: Clock) -> NewPair:
    """Replace both tokens by new ones. Raises Unauthenticated, always with the same words.

    A token of renewal is good once; a second use means that somebody copied it, and ends the pair.
    """
    now, old = clock.now(), _digest(secret)
    row = TokenPair.objects.select_related("user").filter(refresh=old).first()
    if row is None:
        _end_copied(old, clock)
        raise Unauthenticated(_NOT_VALID)
    if row.refresh_until <= now or not _is_of_now(row):
        raise Unauthenticated(_NOT_VALID)
    access, refresh = _secrets()
    row.access, row.access_until = _digest(access), now + ACCESS_LIFE
    row.refresh, row.refresh_until, row.spent = _digest(refresh), now + REFRESH_LIFE, old
    changed = TokenPair.objects.filter(pk=row.pk, refresh=old).update(
        access=row.access,
        access_until=row.access_until,
        refresh=row.refresh,
        refresh_until=row.refresh_until,
        spent=old,
    )
    if not changed:  # somebody renewed it in this very moment
        raise Unauthenticated(_NOT_VALID)
    return NewPair(access, refresh, row)


def _end_copied(spent: bytes, clock: Clock) -> None:
    with transaction.atomic():
        row = TokenPair.objects.select_related("user").filter(spent=spent).first()
        if row is not None:
            row.delete()
            deed = Deed("token.pair.copied", row.user.username, AuditOutcome.REFUSED)
            record(deed, actor=row.user.actor, clock=clock)


def end_pair(row: TokenPair, *, clock: Clock) -> None:
    """End a pair at once."""
    with transaction.atomic():
        TokenPair.objects.filter(pk=row.pk).delete()
        record(Deed("sign-out", row.user.username), actor=row.user.actor, clock=clock)


def pair_of(secret: str, *, clock: Clock) -> TokenPair:
    """Return the pair that this asks with. Raises Unauthenticated, always with the same words."""
    row = TokenPair.objects.select_related("user").filter(access=_digest(secret)).first()
    if row is None or row.access_until <= clock.now() or not _is_of_now(row):
        raise Unauthenticated(_NOT_VALID)
    return row


def _is_of_now(row: TokenPair) -> bool:
    """Say whether the user may still sign in, and has not ended all sessions since."""
    is_same = constant_time_compare(row.stamp, row.user.get_session_auth_hash())
    return is_same and row.user.is_active


def _remove_old(now: datetime) -> None:
    old = TokenPair.objects.filter(refresh_until__lt=now)
    TokenPair.objects.filter(
        pk__in=list(old.values_list("pk", flat=True)[:_REMOVED_AT_ONCE])
    ).delete()


def _secrets() -> tuple[str, str]:
    return (
        ACCESS_PREFIX + secrets.token_urlsafe(32),
        REFRESH_PREFIX + secrets.token_urlsafe(32),
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
