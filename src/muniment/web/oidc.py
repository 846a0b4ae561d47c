"""Signing in through a provider of OpenID Connect (orchestration spec §4.8)."""

from __future__ import annotations

import hmac

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.administration.services.attempts import SIGN_IN
from muniment.administration.services.audit import Deed, record
from muniment.administration.services.foreign_identities import ClaimRules, user_of_claims
from muniment.connectors.oidc import OidcClient, SignInRefused
from muniment.runtime.clock import Clock
from muniment.runtime.deeds import AuditOutcome
from muniment.runtime.errors import MunimentError
from muniment.runtime.http.pages import page
from muniment.runtime.http.views import NOBODY, OPEN
from muniment.runtime.registry import adapter_of, has_adapter
from muniment.web.sign_in import after_first_factor, next_of

_BEGUN = "oidc_begun"
ID_TOKEN = "oidc_id_token"  # noqa: S105  # the name of its place in the session
_GOOD_FOR_S = 600


def is_set_up() -> bool:
    """Say whether a provider is named in the settings."""
    return has_adapter(OidcClient)


@page(OPEN)
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider."""
    if not is_set_up():
        return HttpResponseRedirect("/login/")
    try:
        begun = adapter_of(OidcClient).begin()
    except MunimentError as exc:
        return _refused(request, exc)
    until = _clock().now().timestamp() + _GOOD_FOR_S
    request.session[_BEGUN] = [begun.state, begun.nonce, begun.verifier, until, next_of(request)]
    return HttpResponseRedirect(begun.address)


@page(OPEN)
def callback(request: HttpRequest) -> HttpResponse:
    """Take what the browser brings back from the provider; each sign-in comes back once."""
    state, nonce, verifier, until, then = request.session.pop(_BEGUN, ("", "", "", 0, "/"))
    try:
        if not is_set_up() or not state or until < _clock().now().timestamp():
            raise SignInRefused("this sign-in was not begun here, or too long ago")
        said = request.GET.get("state", "")
        if not hmac.compare_digest(said.encode("utf-8", "replace"), state.encode()):
            raise SignInRefused("this is the answer to another sign-in")
        if "error" in request.GET:
            raise SignInRefused(f"the provider refused: {request.GET['error'][:80]}")
        code = request.GET.get("code", "")[:4096]
        there = adapter_of(OidcClient).finish(code, nonce=nonce, verifier=verifier)
        user = user_of_claims(there.claims, adapter_of(ClaimRules), clock=_clock())
    except MunimentError as exc:
        return _refused(request, exc)
    request.session[ID_TOKEN] = there.id_token
    return after_first_factor(request, user, then)


def sign_out_address(request: HttpRequest) -> str:
    """Return where whoever came through the provider signs out there too; "" when nowhere."""
    token = request.session.get(ID_TOKEN, "")
    if not token or not is_set_up():
        return ""
    try:
        back = request.build_absolute_uri("/login/")
        return adapter_of(OidcClient).sign_out_address(token, back)
    except MunimentError:
        return ""  # signing out here must not wait for a provider that is away


def _refused(request: HttpRequest, exc: MunimentError) -> HttpResponse:
    deed = Deed(
        SIGN_IN,
        "OpenID Connect",
        AuditOutcome.REFUSED,
        {"reason": str(exc)[:200]},
        str(request.META.get("REMOTE_ADDR", "")),
        str(request.META.get("muniment.request_id", "")),
    )
    record(deed, actor=NOBODY, clock=_clock())
    status = exc.http if exc.http in {401, 503} else 503
    context = {"reason": str(exc), "is_theirs": status == 503, "title": _("Not signed in")}
    return render(request, "web/oidc_refused.html", context, status=status)


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
