"""The start, signing in and out, language, dashboard, help."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from muniment.administration.services.attempts import note_failure, note_success, waits_s
from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.http.views import OPEN
from muniment.runtime.registry import adapter_of
from muniment.web.dashboard import dashboard_of


@page(OPEN)
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the dashboard, or to signing in."""
    return HttpResponseRedirect("/dashboard/" if request.user.is_authenticated else "/login/")


def _next_of(request: HttpRequest) -> str:
    """Return where to go on, on this site only."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    hosts = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, hosts, request.is_secure()) else "/"


@page(OPEN, methods=("GET", "HEAD", "POST"))
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form; on POST sign in and go on. What is wrong is said in the same words always."""
    failed, username = "", request.POST.get("username", "")[:150]
    if request.method == "POST":
        clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
        address = str(request.META.get("REMOTE_ADDR", ""))
        waiting = waits_s(username, address, clock=clock)
        password = request.POST.get("password", "")
        user = None if waiting else authenticate(request, username=username, password=password)
        if user is not None:
            note_success(username, address, clock=clock)
            login(request, user)
            return HttpResponseRedirect(_next_of(request))
        if waiting:
            failed = _("Too many attempts. Wait %(seconds)s seconds.") % {
                "seconds": int(waiting) + 1
            }
        else:
            note_failure(username, address, clock=clock)
            failed = _("User name and password do not belong together.")
    context = {"failed": failed, "username": username, "next": _next_of(request)}
    return render(request, "web/login.html", context, status=401 if failed else 200)


@page(OPEN, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return HttpResponseRedirect("/login/")


@page(OPEN, methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie."""
    response = HttpResponseRedirect(_next_of(request))
    wanted = request.POST.get("language", "")
    if wanted in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=31_536_000,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response


@page("object.read")
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show what the archive holds, what runs and what needs somebody."""
    actor = page_actor(request)
    clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
    context = dashboard_of(actor, clock=clock) | {"may_submit": may(actor, "submission.create")}
    return render(request, "web/dashboard.html", context)


@page(OPEN)
def help_page(request: HttpRequest) -> HttpResponse:
    """Explain the words and the search."""
    return render(request, "web/help.html")
