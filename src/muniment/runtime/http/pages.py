"""Views of pages: each declares its action, as the API's do; who may not is sent away or told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from itertools import chain
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)

from muniment.runtime.actor import Actor, may
from muniment.runtime.errors import Denied, Missing
from muniment.runtime.http.kept_forms import KEPT, keep_form
from muniment.runtime.http.views import OPEN, SELF, actor_of_user, is_open_to_visitors

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]

LOGIN = "/login/"


def page_actor(request: HttpRequest) -> Actor:
    """Return on whose behalf the request comes."""
    return actor_of_user(request.user, request)


def _holds_nul(request: HttpRequest, path: Mapping[str, object]) -> bool:
    """Say whether a text of the request has the one character that no database can hold.

    Forms with files are left to the views that read them by handlers of their own.
    """
    said = [request.GET]
    if request.content_type == "application/x-www-form-urlencoded":
        said.append(request.POST)
    texts = chain.from_iterable(values for form in said for _, values in form.lists())
    return any("\0" in str(text) for text in chain(path.values(), texts))


def _shown_to_visitor(
    request: HttpRequest, action: str, show: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return the page where visitors may see it; they may change nothing, and are told of nothing.

    What is hidden and what is not there lead to the same place: signing in might help.
    """
    if is_open_to_visitors(action, request.method):
        with suppress(Missing, Denied, PermissionDenied):
            return show()
    back = KEPT if keep_form(request) else request.get_full_path()
    return HttpResponseRedirect(f"{LOGIN}?{urlencode({'next': back})}")


def page(
    action: str, *, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[View[P]], View[P]]:
    """Declare what a view does and how it is asked; everybody may see one that is OPEN.

    A visitor sees what the policy opens to visitors. To everything else, be it there or not, they
    are led by way of the sign-in page, and come back with what they had written where their session
    ended meanwhile; a person without the right is told (403).
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if _holds_nul(request, kwargs):
                raise BadRequest("the request holds the character U+0000")
            if action == OPEN:
                return view(request, *args, **kwargs)
            if not request.user.is_authenticated:
                return _shown_to_visitor(request, action, lambda: view(request, *args, **kwargs))
            if action != SELF and not may(page_actor(request), action):
                raise PermissionDenied(action)
            return view(request, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]  # read by the start-up check
        guarded.methods = methods  # type: ignore[attr-defined]  # likewise
        return guarded

    return decorate
