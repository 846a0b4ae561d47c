"""Pages of oneself, of users and of the audit trail."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.administration.models import User
from muniment.administration.queries import page_of_audit, page_of_users, tokens_of
from muniment.administration.services import tokens, users
from muniment.administration.types import SCOPES
from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.errors import MunimentError, Unauthenticated
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.http.views import SELF
from muniment.runtime.registry import adapter_of

_ROWS = 50
_TOKEN_LIFE = timedelta(days=365)


def _oneself(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Unauthenticated("nobody is signed in")
    return request.user


def _me(request: HttpRequest, *, fault: str = "", secret: str = "") -> HttpResponse:
    person = _oneself(request)
    context = {
        "person": person,
        "roles": ", ".join(sorted(person.roles)),
        "tokens": tokens_of(person),
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
            _oneself(request),
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
    tokens.revoke_token(_oneself(request), name, actor=page_actor(request), clock=_clock())
    messages.success(request, _("The token was revoked."), extra_tags="good")
    return HttpResponseRedirect("/me/")


@page(SELF, methods=("POST",))
def password(request: HttpRequest) -> HttpResponse:
    """Change one's password; the other sessions end, this one goes on."""
    person = _oneself(request)
    try:
        users.change_password(
            person,
            present=request.POST.get("present", ""),
            new=request.POST.get("new", ""),
            clock=_clock(),
        )
    except MunimentError as exc:
        return _me(request, fault=str(exc))
    update_session_auth_hash(request, person)
    messages.success(request, _("The password was changed."), extra_tags="good")
    return HttpResponseRedirect("/me/")


def _users(request: HttpRequest, fault: str = "") -> HttpResponse:
    actor, cursor = page_actor(request), request.GET.get("cursor", "")
    found = page_of_users(actor, limit=_ROWS, after=cursor)
    context = {
        "rows": found.rows,
        "first": "/users" if cursor else "",
        "next": f"/users?cursor={found.next}" if found.next else "",
        "may_change": may(actor, "user.change"),
        "groups": list(Group.objects.order_by("name").values_list("name", flat=True)),
        "said": request.POST,
        "fault": fault,
    }
    return render(request, "administration/users.html", context, status=422 if fault else 200)


@page("user.read")
def list_users(request: HttpRequest) -> HttpResponse:
    """List users by name, with a form for a new one."""
    return _users(request)


@page("user.change", methods=("POST",))
def new_user(request: HttpRequest) -> HttpResponse:
    """Add a user; a fault keeps what was written."""
    said = request.POST
    new = users.NewUser(
        said.get("username", ""),
        said.get("email", ""),
        said.get("full_name", ""),
        said.get("password") or None,
        said.getlist("group"),
    )
    try:
        users.add_user(new, actor=page_actor(request), clock=_clock())
    except MunimentError as exc:
        return _users(request, str(exc))
    messages.success(request, _("The user was added."), extra_tags="good")
    return HttpResponseRedirect("/users")


@page("user.change", methods=("POST",))
def deactivate(request: HttpRequest, username: str) -> HttpResponse:
    """Let a user sign in no more, and go back."""
    users.deactivate(users.user_named(username), actor=page_actor(request), clock=_clock())
    return HttpResponseRedirect("/users")


@page("user.change", methods=("POST",))
def activate(request: HttpRequest, username: str) -> HttpResponse:
    """Let a user sign in again, and go back."""
    users.activate(users.user_named(username), actor=page_actor(request), clock=_clock())
    return HttpResponseRedirect("/users")


@page("audit.read")
def audit(request: HttpRequest) -> HttpResponse:
    """Show a page of the audit trail, newest first."""
    cursor = request.GET.get("cursor", "")
    found = page_of_audit(page_actor(request), limit=100, after=cursor)
    context = {
        "rows": found.rows,
        "first": "/audit" if cursor else "",
        "next": f"/audit?cursor={found.next}" if found.next else "",
    }
    return render(request, "administration/audit.html", context)


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
