"""Tokens of programs: made, shown once, used, revoked."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction

from muniment.administration.models import ApiToken, User
from muniment.administration.services.audit import Deed, record
from muniment.administration.types import SCOPES
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Conflict, InvalidArgument, Missing, Unauthenticated

PREFIX = "mun_"
_LONGEST_LIFE = timedelta(days=3660)
_USE_NOTED_EVERY = timedelta(minutes=1)


def create_token(  # one keyword for each property of a token
    user: User,
    name: str,
    *,
    scopes: Sequence[str],
    life: timedelta | None,
    actor: Actor,
    clock: Clock,
) -> tuple[ApiToken, str]:
    """Make a token; return it with its secret, which nobody can show again.

    `life` None: it does not expire. Raises PermissionDenied (only one's own, or an administrator),
    InvalidArgument, Conflict when the user has one of this name.
    """
    _require(user, actor)
    if unknown := sorted(set(scopes) - SCOPES) or not scopes:
        listed = ", ".join(sorted(SCOPES))
        raise InvalidArgument(f"{unknown or 'nothing'} is no list of scopes; known are {listed}")
    if not name.strip() or len(name) > 100:
        raise InvalidArgument("a token needs a name of 1 to 100 characters")
    if life is not None and not timedelta(0) < life <= _LONGEST_LIFE:
        raise InvalidArgument("a token lives for more than nothing and at most ten years")
    secret = PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    token = ApiToken(
        user=user,
        name=name.strip(),
        digest=_digest(secret),
        hint=secret[:8],
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + life if life else None,
    )
    try:
        with transaction.atomic():
            token.save(force_insert=True)
            detail = {"token": token.name, "scopes": token.scopes}
            record(Deed("token.create", user.username, detail=detail), actor=actor, clock=clock)
    except IntegrityError as exc:
        raise Conflict(f"{user.username} has a token named {name!r} already") from exc
    return token, secret


def revoke_token(user: User, name: str, *, actor: Actor, clock: Clock) -> ApiToken:
    """End a token at once. Raises PermissionDenied, Missing."""
    _require(user, actor)
    with transaction.atomic():
        token = ApiToken.objects.filter(user=user, name=name, revoked_at__isnull=True).first()
        if token is None:
            raise Missing(f"{user.username} has no token named {name!r}")
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        deed = Deed("token.revoke", user.username, detail={"token": name})
        record(deed, actor=actor, clock=clock)
    return token


def user_of_token(secret: str, *, clock: Clock) -> tuple[User, ApiToken]:
    """Return whose token this is; Unauthenticated, with the same words, whatever is wrong with it.

    The time of the last use is noted at most once a minute.
    """
    now = clock.now()
    token = ApiToken.objects.select_related("user").filter(digest=_digest(secret)).first()
    is_good = (
        token is not None
        and token.revoked_at is None
        and (token.expires_at is None or token.expires_at > now)
        and token.user.is_active
    )
    if token is None or not is_good:
        raise Unauthenticated("this token is not valid here")
    if token.last_used_at is None or token.last_used_at < now - _USE_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token.user, token


def _require(user: User, actor: Actor) -> None:
    if user.username != actor.name:
        require(actor, "user.change")


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
