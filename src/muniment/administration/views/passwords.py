"""A forgotten password: asked for by name or address, set by the link in a letter."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from muniment.administration.services import passwords
from muniment.administration.services.attempts import TooManyAttempts
from muniment.connectors.mail import Mailer
from muniment.runtime.clock import Clock
from muniment.runtime.errors import MunimentError
from muniment.runtime.http.pages import page
from muniment.runtime.http.views import OPEN
from muniment.runtime.registry import adapter_of


@page(OPEN, methods=("GET", "HEAD", "POST"))
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for a link; the answer is the same whether there is such a user or not."""
    mailer = adapter_of(Mailer)  # type: ignore[type-abstract]  # a port is a Protocol
    said, fault, is_asked = request.POST.get("username", "").strip()[:254], "", False
    if request.method == "POST" and mailer.is_set_up and said:
        address, language = str(request.META.get("REMOTE_ADDR", "")), get_language() or "en"
        try:
            passwords.ask_for_reset(said, address=address, language=language, clock=_clock())
            is_asked = True
        except TooManyAttempts as exc:
            fault = _("Too many attempts. Wait %(seconds)s seconds.") % {
                "seconds": exc.retry_after_s
            }
    context = {
        "can_send": mailer.is_set_up,
        "is_asked": is_asked,
        "said": said,
        "fault": fault,
    }
    return render(request, "administration/forgotten.html", context, status=429 if fault else 200)


@page(OPEN, methods=("GET", "HEAD", "POST"))
def new_password(request: HttpRequest, username: str, token: str) -> HttpResponse:
    """Show the form of a link that is good, and set the password."""
    is_good, fault = passwords.is_reset_token(username, token), ""
    if request.method == "POST":
        new = request.POST.get("new", "")
        try:
            passwords.reset_password(username, token, new, clock=_clock())
        except MunimentError as exc:
            fault = str(exc)
        else:
            said = _("The password was changed. Sign in with it.")
            messages.success(request, said, extra_tags="good")
            return HttpResponseRedirect("/login/")
    context = {"username": username if is_good else "", "is_good": is_good, "fault": fault}
    status = 422 if fault else 200 if is_good else 404
    return render(request, "administration/new_password.html", context, status=status)


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
