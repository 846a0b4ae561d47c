"""What every page needs: who looks, where they may go, in which language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from muniment.administration.inbox import unread_of
from muniment.administration.models import User
from muniment.runtime.actor import may
from muniment.runtime.http.pages import LOGIN, page_actor

_OF_STAFF = "/dashboard/"
_BELONGS: Mapping[str, tuple[str, ...]] = {
    "/objects": ("/object/",),
    "/jobs": ("/schedules",),
    "/users": ("/groups",),
    "/settings/": ("/webhooks",),
}
"""Whose addresses begin otherwise, by the place in the navigation that they are found from."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """A place in the main navigation."""

    name: str
    address: str
    is_current: bool


def site(request: HttpRequest) -> dict[str, object]:
    """Return `site`: navigation by right, name, language (a context processor)."""
    has_user = hasattr(request, "user")  # a request that broke early has none
    is_known = has_user and request.user.is_authenticated
    return {
        "site": {
            "nav": _navigation(request) if has_user else [],
            "sign_in": "" if is_known else _sign_in(request),
            "unread": _unread(request) if is_known else 0,
            "user_name": request.user.get_username() if is_known else "",
            "query": request.GET.get("q", "") if request.path == "/objects" else "",
            "language": get_language() or "en",
            "languages": settings.LANGUAGES,
            "here": request.get_full_path(),
            "version": _version(),
        }
    }


def _sign_in(request: HttpRequest) -> str:
    """Return where a visitor signs in and comes back from; "" on the pages of signing in."""
    if request.path.startswith((LOGIN, "/password/")):
        return ""
    return f"{LOGIN}?{urlencode({'next': request.get_full_path()})}"


def _unread(request: HttpRequest) -> int:
    """Return how many notifications are new. One query."""
    return unread_of(request.user) if isinstance(request.user, User) else 0


@cache
def _version() -> str:
    return version("muniment")


def _navigation(request: HttpRequest) -> list[NavItem]:
    actor = page_actor(request)
    places = [
        (_("Dashboard"), "/dashboard/", "object.read"),
        (_("Objects"), "/objects", "object.read"),
        (_("Submissions"), "/submissions", "submission.read"),
        (_("Quarantine"), "/quarantine", "submission.read"),
        (_("Jobs"), "/jobs", "job.read"),
        (_("Pipelines"), "/pipelines", "pipeline.read"),
        (_("Fixity"), "/fixity", "fixity.read"),
        (_("Users"), "/users", "user.read"),
        (_("Audit"), "/audit", "audit.read"),
        (_("Settings"), "/settings/", "settings.read"),
    ]
    return [
        NavItem(name, address, request.path.startswith((address, *_BELONGS.get(address, ()))))
        for name, address, action in places
        if may(actor, action) and (address != _OF_STAFF or request.user.is_authenticated)
    ]
