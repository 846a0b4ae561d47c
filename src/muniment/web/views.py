"""The start, signing out, language, dashboard, help."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from muniment.runtime.actor import may
from muniment.runtime.clock import Clock
from muniment.runtime.home import ArchiveHome
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.http.views import NOBODY, OPEN, SELF
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings_listing import shown_settings
from muniment.web.dashboard import dashboard_of
from muniment.web.oidc import sign_out_address
from muniment.web.plots import columns_plot
from muniment.web.sign_in import next_of


@page(OPEN)
def start(request: HttpRequest) -> HttpResponse:
    """Lead to the dashboard, to what is public, or to signing in."""
    if request.user.is_authenticated:
        return HttpResponseRedirect("/dashboard/")
    return HttpResponseRedirect("/objects" if may(NOBODY, "object.read") else "/login/")


@page(OPEN, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, and offer to end the one at the provider that one came through."""
    address = sign_out_address(request)
    logout(request)
    if address:
        return render(request, "web/signed_out.html", {"address": address})
    return HttpResponseRedirect("/login/")


@page(OPEN, methods=("POST",))
def language(request: HttpRequest) -> HttpResponse:
    """Keep the chosen language in a cookie."""
    response = HttpResponseRedirect(next_of(request))
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


@page("settings.read")
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show every setting, where its value comes from, and no secret."""
    home = adapter_of(ArchiveHome)
    context = {"rows": shown_settings(home), "file": home.settings_file.name}
    return render(request, "web/settings.html", context)


@page(SELF)
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component of the pages with its states."""
    clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
    months = [(f"2026-{number:02}", number * number) for number in range(1, 13)]
    context = {"now": clock.now(), "size": 1_288_490_189, "plot": columns_plot(months)}
    return render(request, "web/styleguide.html", context)
