"""Where somebody is signed in, and ending it (access spec §5)."""

from __future__ import annotations

import secrets

from django.contrib.sessions.models import Session
from django.db import transaction

from muniment.administration.models import SignedIn, TokenPair, User
from muniment.administration.services.audit import Deed, record
from muniment.administration.services.users import require_may_change
from muniment.runtime.actor import Actor
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Missing


def note_session(user: User, key: str, *, address: str, agent: str, clock: Clock) -> None:
    """Remember that a session is the user's."""
    SignedIn.objects.update_or_create(
        session_key=key,
        defaults={
            "user": user,
            "at": clock.now(),
            "address": address[:64],
            "agent": shown_agent(agent),
        },
    )


def shown_agent(agent: str) -> str:
    """Return of a User-Agent what can be shown."""
    return "".join(each for each in agent if each.isprintable())[:200]


def move_session(old: str, new: str) -> None:
    """Follow a session that was given another key."""
    SignedIn.objects.filter(session_key=old).update(session_key=new)


def end_session(user: User, row: int, *, clock: Clock) -> None:
    """End one of one's own sessions. Raises Missing."""
    with transaction.atomic():
        found = SignedIn.objects.filter(user=user, pk=row).first()
        if found is None:
            raise Missing("this session has ended already")
        Session.objects.filter(session_key=found.session_key).delete()
        found.delete()
        record(Deed("user.session.end", user.username), actor=user.actor, clock=clock)


def end_program(user: User, row: int, *, clock: Clock) -> None:
    """End a pair of tokens that one's own sign-in over the API gave. Raises Missing."""
    with transaction.atomic():
        deleted, _ = TokenPair.objects.filter(user=user, pk=row).delete()
        if not deleted:
            raise Missing("this session has ended already")
        record(Deed("user.session.end", user.username), actor=user.actor, clock=clock)


def end_named(user: User, name: str, *, clock: Clock) -> None:
    """End what `queries.sign_ins_of` lists under a name. Raises Missing."""
    kind, _, number = name.partition("-")
    ends = {"browser": end_session, "program": end_program}
    if kind not in ends or not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Missing(f"there is no session {name}")
    ends[kind](user, int(number), clock=clock)


def end_sessions(user: User, *, actor: Actor, clock: Clock) -> User:
    """End every session of a user: one's own, or somebody else's. Raises PermissionDenied.

    Also those that were never noted, and pairs of tokens: what these are checked against changes.
    """
    if user.username != actor.name:
        require_may_change(user, actor)
    with transaction.atomic():
        keys = SignedIn.objects.filter(user=user).values("session_key")
        Session.objects.filter(session_key__in=keys).delete()
        SignedIn.objects.filter(user=user).delete()
        TokenPair.objects.filter(user=user).delete()
        user.sessions_stamp = secrets.token_hex(16)
        user.save(update_fields=["sessions_stamp"])
        record(Deed("user.sessions.end", user.username), actor=actor, clock=clock)
    return user
