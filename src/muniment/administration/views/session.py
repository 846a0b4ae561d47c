"""The session of a browser: begun, and carried on where all others end."""

from __future__ import annotations

from django.contrib.auth import login, update_session_auth_hash
from django.http import HttpRequest

from muniment.administration.models import User
from muniment.administration.services.sessions import note_session
from muniment.runtime.clock import Clock
from muniment.runtime.registry import adapter_of

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin_session(request: HttpRequest, user: User) -> None:
    """Sign the user in, once everything was asked that has to be."""
    login(request, user, backend=_BACKEND)
    request.session.set_expiry(None)  # a kept form had shortened it
    _note(request, user)


def keep_this_session(request: HttpRequest, user: User) -> None:
    """Let this session go on although all sessions of the user have just ended."""
    request.session.cycle_key()
    update_session_auth_hash(request, user)
    _note(request, user)


def _note(request: HttpRequest, user: User) -> None:
    if request.session.session_key is None:
        request.session.save()
    note_session(
        user,
        request.session.session_key or "",
        address=str(request.META.get("REMOTE_ADDR", "")),
        agent=request.headers.get("User-Agent", ""),
        clock=adapter_of(Clock),  # type: ignore[type-abstract]  # a port is a Protocol
    )
