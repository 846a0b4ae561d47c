"""Pages of groups and the roles that they give."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.administration.models.user import GIVEN_ROLES
from muniment.administration.queries import group_shown, groups_shown, page_of_users
from muniment.administration.services import groups as services
from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.errors import MunimentError
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of

_ROWS = 50


def _groups(request: HttpRequest, fault: str = "") -> HttpResponse:
    actor = page_actor(request)
    context = {
        "rows": groups_shown(actor),
        "roles": GIVEN_ROLES,
        "may_change": may(actor, "group.change"),
        "said": request.POST,
        "said_roles": request.POST.getlist("role"),
        "fault": fault,
    }
    return render(request, "administration/groups.html", context, status=422 if fault else 200)


@page("user.read")
def list_groups(request: HttpRequest) -> HttpResponse:
    """List groups with their roles, with a form for a new one."""
    return _groups(request)


@page("group.change", methods=("POST",))
def new_group(request: HttpRequest) -> HttpResponse:
    """Add a group; a fault keeps what was written."""
    name, roles = request.POST.get("name", ""), request.POST.getlist("role")
    try:
        services.add_group(name, roles, actor=page_actor(request), clock=_clock())
    except MunimentError as exc:
        return _groups(request, str(exc))
    messages.success(request, _("The group was added."), extra_tags="good")
    return HttpResponseRedirect(f"/groups/{quote(name)}")


def _group(request: HttpRequest, name: str, fault: str = "") -> HttpResponse:
    actor, cursor = page_actor(request), request.GET.get("cursor", "")
    found = page_of_users(actor, limit=_ROWS, after=cursor, group=name)
    here = f"/groups/{quote(name)}"
    context = {
        "group": group_shown(actor, name),
        "here": here,
        "rows": found.rows,
        "first": here if cursor else "",
        "next": f"{here}?cursor={quote(found.next)}" if found.next else "",
        "roles": GIVEN_ROLES,
        "may_change": may(actor, "group.change"),
        "fault": fault,
    }
    return render(request, "administration/group.html", context, status=422 if fault else 200)


@page("user.read")
def show_group(request: HttpRequest, name: str) -> HttpResponse:
    """Show a group, its roles and its members."""
    return _group(request, name)


@page("group.change", methods=("POST",))
def set_roles(request: HttpRequest, name: str) -> HttpResponse:
    """Let a group give exactly the roles that are marked."""
    group = services.group_named(name)
    try:
        services.set_roles(
            group, request.POST.getlist("role"), actor=page_actor(request), clock=_clock()
        )
    except MunimentError as exc:
        return _group(request, name, str(exc))
    messages.success(request, _("The roles were changed."), extra_tags="good")
    return HttpResponseRedirect(f"/groups/{quote(name)}")


@page("group.change", methods=("POST",))
def remove_group(request: HttpRequest, name: str) -> HttpResponse:
    """Remove a group without members."""
    group = services.group_named(name)
    try:
        services.remove_group(group, actor=page_actor(request), clock=_clock())
    except MunimentError as exc:
        return _group(request, name, str(exc))
    messages.success(request, _("The group was removed."), extra_tags="good")
    return HttpResponseRedirect("/groups")


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
