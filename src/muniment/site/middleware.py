"""What every request passes: a number of its own, and the audit trail for changes and refusals."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from muniment.runtime.deeds import Asked, AuditOutcome, Unit, unit_of_work
from muniment.runtime.http.views import actor_of_user
from muniment.runtime.http.visitors import trusted
from muniment.runtime.logs import log_fields
from muniment.runtime.metrics import HTTP_REQUEST
from muniment.runtime.settings import settings
from muniment.runtime.tracing import span
from muniment.site.errors import answer
from muniment.site.first_parts import FirstParts

log = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponseBase]
_GIVEN = re.compile(r"[\w.-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSALS = frozenset({401, 403})
_GIVEN_OUT = frozenset({200, 206})
_DOWNLOAD = "object.export"
FIRST_PARTS = FirstParts()


def request_id(get_response: Handler) -> Handler:
    """Give each request an id, or keep a well-formed one that came with it; it goes back too."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-Id", "")
        number = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        request.META["muniment.request_id"] = number
        with log_fields(request_id=number):
            response = get_response(request)
        response.headers["X-Request-Id"] = number
        return response

    return handle


def visitor_address(get_response: Handler) -> Handler:
    """Let REMOTE_ADDR be the visitor's address, also behind a proxy that we trust.

    First of all: rate limits, sign-in and the audit trail read it there.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        request.META["REMOTE_ADDR"] = trusted(settings().trusted_proxies).visitor(
            str(request.META.get("REMOTE_ADDR", "")), request.headers.get("X-Forwarded-For", "")
        )
        return get_response(request)

    return handle


def observe(get_response: Handler) -> Handler:
    """Follow, time and log each request, by its route: an address may hold what is nobody's."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        began_s = time.monotonic()
        facts = {"http.request.method": _method(request), "url.path": request.path}
        with span("request", facts, headers=request.headers):
            response = get_response(request)
            _tell(request, response.status_code, time.monotonic() - began_s)
        return response

    return handle


def _tell(request: HttpRequest, status: int, seconds: float) -> None:
    found = request.resolver_match
    route = f"/{found.route}" if found else "none"
    HTTP_REQUEST.observe(seconds, route=route, method=_method(request), code=str(status))
    log.info(
        "request answered",
        extra={
            "method": _method(request),
            "route": route,
            "path": request.path,
            "status": status,
            "duration_s": round(seconds, 4),
        },
    )


def _method(request: HttpRequest) -> str:
    """Return the method; one that nobody knows would be a label that anybody can make."""
    return request.method if request.method in _METHODS else "other"


_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
_DOCUMENTATION = ("/api/docs/", "/api/redoc/")


def content_security_policy(get_response: Handler) -> Handler:
    """Let pages load only what is ours, nothing inline; the two viewers of the API write styles."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        policy = _POLICY
        if request.path in _DOCUMENTATION:
            policy += "; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'"
            policy += "; worker-src blob:"
        # A view that gives out foreign bytes has set a stricter one.
        response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return handle


_CHANGING_IT = "/me/password"
_BEFORE_A_NEW_PASSWORD = (_CHANGING_IT, "/logout/", "/language/", "/static/", "/help/")


def password_due(get_response: Handler) -> Handler:
    """Lead whoever must change their password there first; tokens of programs go on."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        is_due = getattr(request.user, "must_change_password", False)
        if not is_due or request.path.startswith(_BEFORE_A_NEW_PASSWORD):
            return get_response(request)
        if request.path.startswith("/api/"):
            return answer(request, 403, "change your password first, at /me/password")
        return HttpResponseRedirect(_CHANGING_IT)

    return handle


def audit(get_response: Handler) -> Handler:
    """Write each change that was tried, each download and each refusal, when its answer is known.

    What services were asked for stands in lines of its own; here stands who asked from where.
    """

    def handle(request: HttpRequest) -> HttpResponseBase:
        unit = Unit(
            thing=request.path,
            address=str(request.META.get("REMOTE_ADDR", "")),
            request_id=str(request.META.get("muniment.request_id", "")),
        )
        with unit_of_work(unit):
            response = get_response(request)
            _judge(unit, request, response.status_code)
        return response

    return handle


def _judge(unit: Unit, request: HttpRequest, status: int) -> None:
    """Say how it ended, add the request itself, and forget what a look at a page asked."""
    unit.outcome, unit.detail = _outcome(status), {"status": status}
    actor = actor_of_user(request.user, request)
    if request.method in _SAFE:
        is_download = request.method == "GET" and status in _GIVEN_OUT
        unit.keep_only(_DOWNLOAD if is_download and FIRST_PARTS.is_new(actor, request) else "")
    if request.method not in _SAFE or status in _REFUSALS:
        action = f"http.{(request.method or '').lower()}"[:64]
        unit.note(Asked(actor, action, request.path, status not in _REFUSALS))


def _outcome(status: int) -> AuditOutcome:
    if status in _REFUSALS:
        return AuditOutcome.REFUSED
    return AuditOutcome.DONE if status < 400 else AuditOutcome.FAILED
