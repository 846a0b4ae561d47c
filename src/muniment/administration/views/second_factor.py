"""The page of one's second factor."""

from __future__ import annotations

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from muniment.administration import totp
from muniment.administration.services import second_factor as factors
from muniment.administration.views.oneself import oneself
from muniment.runtime.clock import Clock
from muniment.runtime.errors import MunimentError
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.http.views import SELF
from muniment.runtime.registry import adapter_of
from muniment.runtime.secret_box import SecretBox


@page(SELF)
def second_factor(request: HttpRequest) -> HttpResponse:
    """Show whether there is one, or the secret that waits for its first code."""
    return _shown(request)


@page(SELF, methods=("POST",))
def begin(request: HttpRequest) -> HttpResponse:
    """Make a secret and show it."""
    factors.begin_second_factor(oneself(request), box=adapter_of(SecretBox))
    return HttpResponseRedirect("/me/second-factor")


@page(SELF, methods=("POST",))
def confirm(request: HttpRequest) -> HttpResponse:
    """Take the first code, and show the recovery codes, this once."""
    try:
        codes = factors.confirm_second_factor(
            oneself(request),
            request.POST.get("code", ""),
            box=adapter_of(SecretBox),
            clock=adapter_of(Clock),  # type: ignore[type-abstract]  # a port is a Protocol
        )
    except MunimentError as exc:
        return _shown(request, fault=str(exc))
    return _shown(request, codes=codes)


@page(SELF, methods=("POST",))
def drop(request: HttpRequest) -> HttpResponse:
    """Forget what was only begun: it opened nothing yet, so no password is asked for."""
    factors.drop_begun_second_factor(oneself(request))
    return HttpResponseRedirect("/me/second-factor")


@page(SELF, methods=("POST",))
def remove(request: HttpRequest) -> HttpResponse:
    """Take it away; asks for the password, for the browser may have been left open."""
    person = oneself(request)
    if person.has_usable_password() and not person.check_password(request.POST.get("present", "")):
        return _shown(request, fault=_("This is not your present password."))
    factors.remove_second_factor(
        person,
        actor=page_actor(request),
        clock=adapter_of(Clock),  # type: ignore[type-abstract]  # likewise
    )
    messages.success(request, _("The second factor was taken away."), extra_tags="good")
    return HttpResponseRedirect("/me/second-factor")


def _shown(
    request: HttpRequest, *, fault: str = "", codes: list[str] | None = None
) -> HttpResponse:
    person = oneself(request)
    secret = factors.secret_begun(person, box=adapter_of(SecretBox))
    context = {
        "person": person,
        "has_second_factor": factors.has_second_factor(person),
        "secret": totp.text_of(secret) if secret else "",
        "square": _square(totp.address_of(secret, person.username)) if secret else "",
        "codes": codes,
        "asks_password": person.has_usable_password(),
        "fault": fault,
    }
    return render(
        request, "administration/second_factor.html", context, status=422 if fault else 200
    )


def _square(address: str) -> SafeString:
    drawn = segno.make(address, error="m").svg_inline(
        scale=5, border=2, dark="#000", light="#fff", svgclass="square", lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308  # drawn by the library from text of ours, no markup in it
