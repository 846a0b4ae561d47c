"""Signing in: password, then a code where the user has a second factor."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from muniment.administration.models import User
from muniment.administration.services.attempts import TooManyAttempts, note_success
from muniment.administration.services.second_factor import has_second_factor
from muniment.administration.services.signing_in import check_code, user_by_password, ways_in
from muniment.administration.views.session import begin_session
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Unauthenticated
from muniment.runtime.http.kept_forms import drop_kept_form, kept_form
from muniment.runtime.http.pages import page
from muniment.runtime.http.views import OPEN, SELF
from muniment.runtime.registry import adapter_of

_PENDING = "sign_in_pending"
_PENDING_S = 300


def next_of(request: HttpRequest) -> str:
    """Return where to go on, on this site only."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    hosts = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, hosts, request.is_secure()) else "/"


@page(OPEN, methods=("GET", "HEAD", "POST"))
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form; on POST sign in and go on. What is wrong is said in the same words always."""
    failed, username = "", request.POST.get("username", "")[:150]
    if request.method == "POST":
        password = request.POST.get("password", "")
        try:
            user = user_by_password(username, password, address=_address(request), clock=_clock())
        except TooManyAttempts as exc:
            failed = _wait(exc)
        except Unauthenticated:
            failed = _("User name and password do not belong together.")
        else:
            return after_first_factor(request, user, next_of(request))
    context = {
        "failed": failed,
        "username": username,
        "next": next_of(request),
        "by_password": ways_in().by_password,
        "by_provider": ways_in().by_provider,
    }
    return render(request, "web/login.html", context, status=401 if failed else 200)


def after_first_factor(request: HttpRequest, user: User, then: str) -> HttpResponse:
    """Sign the user in, or ask for the code of their second factor first."""
    if has_second_factor(user):
        until = _clock().now().timestamp() + _PENDING_S
        request.session[_PENDING] = [user.pk, until, then]
        return HttpResponseRedirect("/login/code")
    return _signed_in(request, user, then)


def _signed_in(request: HttpRequest, user: User, then: str) -> HttpResponse:
    note_success(user.username, _address(request), clock=_clock())
    begin_session(request, user)
    return HttpResponseRedirect(then)


@page(OPEN, methods=("GET", "HEAD", "POST"))
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second factor; without a password before, begin anew."""
    user, then = _pending(request)
    if user is None:
        return HttpResponseRedirect("/login/")
    failed = ""
    if request.method == "POST":
        said = request.POST.get("code", "")
        try:
            check_code(user, said, address=_address(request), clock=_clock())
        except TooManyAttempts as exc:
            failed = _wait(exc)
        except Unauthenticated:
            failed = _("This code is wrong, or was used already.")
        else:
            del request.session[_PENDING]
            return _signed_in(request, user, then)
    return render(request, "web/code.html", {"failed": failed}, status=401 if failed else 200)


def _pending(request: HttpRequest) -> tuple[User | None, str]:
    """Return who gave their password in this session a moment ago, and where they wanted to go."""
    number, until, then = request.session.get(_PENDING, (None, 0, "/"))
    if number is None or until < _clock().now().timestamp():
        return None, "/"
    return User.objects.filter(pk=number, is_active=True).first(), then


def _wait(exc: TooManyAttempts) -> str:
    return _("Too many attempts. Wait %(seconds)s seconds.") % {"seconds": exc.retry_after_s}


@page(SELF, methods=("GET", "HEAD", "POST"))
def kept(request: HttpRequest) -> HttpResponse:
    """Show what was written while the session ended; send it on, or throw it away."""
    form = kept_form(request)
    if form is None:
        return HttpResponseRedirect("/")
    if request.method != "POST":
        return render(request, "web/kept.html", {"form": form})
    drop_kept_form(request)
    if "kept_drop" in request.POST:
        messages.success(request, _("It was thrown away."), extra_tags="good")
        return HttpResponseRedirect("/")
    # 307: the browser sends the same fields there (RFC 9110 §15.4.8).
    response = HttpResponseRedirect(form.address)
    response.status_code = 307
    return response


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
