"""Pages of users."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.models import Group
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from muniment.administration.models import User
from muniment.administration.queries import page_of_users, sign_ins_of, user_shown
from muniment.administration.services import passwords, sessions, users
from muniment.administration.services import second_factor as factors
from muniment.runtime.actor import Actor, may
from muniment.runtime.clock import Clock
from muniment.runtime.errors import MunimentError
from muniment.runtime.http.pages import View, page, page_actor
from muniment.runtime.registry import adapter_of

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

_ROWS = 50


def _users(request: HttpRequest, fault: str = "") -> HttpResponse:
    actor, cursor = page_actor(request), request.GET.get("cursor", "")
    found = page_of_users(actor, limit=_ROWS, after=cursor)
    context = {
        "rows": found.rows,
        "first": "/users" if cursor else "",
        "next": f"/users?cursor={quote(found.next)}" if found.next else "",
        "may_change": may(actor, "user.change"),
        "groups": _group_names(),
        "said": request.POST,
        "said_groups": request.POST.getlist("group"),
        "fault": fault,
    }
    return render(request, "administration/users.html", context, status=422 if fault else 200)


@page("user.read")
def list_users(request: HttpRequest) -> HttpResponse:
    """List users by name, with a form for a new one."""
    return _users(request)


@page("user.change", methods=("POST",))
def new_user(request: HttpRequest) -> HttpResponse:
    """Add a user; a fault keeps what was written. A first password must be changed by its owner."""
    said = request.POST
    new = users.NewUser(
        said.get("username", ""),
        said.get("email", ""),
        said.get("full_name", ""),
        said.get("password") or None,
        said.getlist("group"),
        must_change_password=True,
    )
    try:
        users.add_user(new, actor=page_actor(request), clock=_clock())
    except MunimentError as exc:
        return _users(request, str(exc))
    messages.success(request, _("The user was added."), extra_tags="good")
    return HttpResponseRedirect("/users")


def _user(request: HttpRequest, username: str, fault: str = "") -> HttpResponse:
    actor = page_actor(request)
    person = user_shown(actor, username)
    context = {
        "person": person,
        "here": f"/users/{quote(username, safe='')}",
        "roles": sorted(person.roles),
        "in_groups": {each.name for each in person.groups.all()},
        "groups": _group_names(),
        "sessions": sign_ins_of(person, clock=_clock()),
        "has_second_factor": factors.has_second_factor(person),
        "may_change": may(actor, "user.change"),
        "fault": fault,
    }
    return render(request, "administration/user.html", context, status=422 if fault else 200)


@page("user.read")
def show_user(request: HttpRequest, username: str) -> HttpResponse:
    """Show one user."""
    return _user(request, username)


def _changed(
    request: HttpRequest,
    username: str,
    change: Callable[[User, Actor], object],
    said: str | _StrPromise,
) -> HttpResponse:
    """Change a user and show them again, with the fault where there is one."""
    actor = page_actor(request)
    try:
        change(user_shown(actor, username), actor)
    except MunimentError as exc:
        if exc.http == 404:
            raise
        return _user(request, username, str(exc))
    messages.success(request, said, extra_tags="good")
    return HttpResponseRedirect(f"/users/{quote(username)}")


@page("user.change", methods=("POST",))
def groups(request: HttpRequest, username: str) -> HttpResponse:
    """Put a user into exactly the groups that are marked."""
    names = request.POST.getlist("group")
    return _changed(
        request,
        username,
        lambda user, actor: users.set_groups(user, names, actor=actor, clock=_clock()),
        _("The groups were changed."),
    )


@page("user.change", methods=("POST",))
def password(request: HttpRequest, username: str) -> HttpResponse:
    """Give a user a password that they must change, or only have theirs changed."""
    new = request.POST.get("password", "")

    def change(user: User, actor: Actor) -> None:
        if new:
            passwords.set_password(user, new, actor=actor, clock=_clock())
        else:
            passwords.force_change(user, actor=actor, clock=_clock())

    said = _("The password must be changed at the next visit.")
    return _changed(request, username, change, said)


def _deed(change: Callable[..., object], said: str | _StrPromise) -> View[[str]]:
    """Make the view of a button that changes a user and says so."""

    @page("user.change", methods=("POST",))
    def view(request: HttpRequest, username: str) -> HttpResponse:
        return _changed(
            request,
            username,
            lambda user, actor: change(user, actor=actor, clock=_clock()),
            said,
        )

    return view


end_sessions = _deed(sessions.end_sessions, _lazy("The user is signed out everywhere."))
second_factor = _deed(factors.remove_second_factor, _lazy("The second factor was taken away."))
deactivate = _deed(users.deactivate, _lazy("The user cannot sign in any more."))
activate = _deed(users.activate, _lazy("The user can sign in again."))


def _group_names() -> list[str]:
    return list(Group.objects.order_by("name").values_list("name", flat=True))


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
