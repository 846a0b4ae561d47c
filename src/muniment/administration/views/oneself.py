"""Pages of oneself: roles, tokens, sessions, password."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.administration.models import User
from muniment.administration.queries import sign_ins_of, tokens_of
from muniment.administration.services import passwords, sessions, tokens
from muniment.administration.services.second_factor import has_second_factor
from muniment.administration.types import SCOPES
from muniment.administration.views.session import keep_this_session
from muniment.runtime.clock import Clock
from muniment.runtime.errors import MunimentError, Unauthenticated
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.http.views import SELF
from muniment.runtime.registry import adapter_of

_TOKEN_LIFE = timedelta(days=365)


def oneself(request: HttpRequest) -> User:
    """Return who looks."""
    if not isinstance(request.user, User):
        raise Unauthenticated("nobody is signed in")
    return request.user


def _me(request: HttpRequest, *, fault: str = "", secret: str = "") -> HttpResponse:
    person = oneself(request)
    context = {
        "person": person,
        "roles": sorted(person.roles),
        "tokens": tokens_of(person),
        "sessions": sign_ins_of(person, clock=_clock()),
        "this_session": request.session.session_key,
        "has_second_factor": has_second_factor(person),
        "scopes": sorted(SCOPES),
        "secret": secret,
        "fault": fault,
    }
    return render(request, "administration/me.html", context, status=422 if fault else 200)


@page(SELF)
def me(request: HttpRequest) -> HttpResponse:
    """Show one's roles and tokens."""
    return _me(request)


@page(SELF, methods=("POST",))
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token and show its secret, this once."""
    try:
        _row, secret = tokens.create_token(
            oneself(request),
            request.POST.get("name", ""),
            scopes=request.POST.getlist("scope"),
            life=_TOKEN_LIFE,
            actor=page_actor(request),
            clock=_clock(),
        )
    except MunimentError as exc:
        return _me(request, fault=str(exc))
    return _me(request, secret=secret)


@page(SELF, methods=("POST",))
def revoke_token(request: HttpRequest) -> HttpResponse:
    """End a token and go back."""
    name = request.POST.get("name", "")
    tokens.revoke_token(oneself(request), name, actor=page_actor(request), clock=_clock())
    messages.success(request, _("The token was revoked."), extra_tags="good")
    return HttpResponseRedirect("/me/")


@page(SELF, methods=("GET", "HEAD", "POST"))
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; the other sessions end, this one goes on."""
    person, fault = oneself(request), ""
    if request.method == "POST":
        try:
            passwords.change_password(
                person,
                present=request.POST.get("present", ""),
                new=request.POST.get("new", ""),
                clock=_clock(),
            )
        except MunimentError as exc:
            fault = str(exc)
        else:
            keep_this_session(request, person)
            messages.success(request, _("The password was changed."), extra_tags="good")
            return HttpResponseRedirect("/me/")
    context = {"person": person, "fault": fault}
    return render(request, "administration/password.html", context, status=422 if fault else 200)


@page(SELF, methods=("POST",))
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one session, or all but this one."""
    person = oneself(request)
    if name := request.POST.get("session", ""):
        sessions.end_named(person, name, clock=_clock())
        messages.success(request, _("The session was ended."), extra_tags="good")
        return HttpResponseRedirect("/me/#sessions")
    sessions.end_sessions(person, actor=page_actor(request), clock=_clock())
    keep_this_session(request, person)
    messages.success(request, _("You are signed out everywhere else."), extra_tags="good")
    return HttpResponseRedirect("/me/#sessions")


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
