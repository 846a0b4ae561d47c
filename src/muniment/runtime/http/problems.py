"""Errors as problem details (RFC 9457), one shape for all routes (orchestration spec §3.1)."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_noop
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.runtime.errors import InvalidPackage, MunimentError

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
TYPES = "/problems/"
"""Begin of the `type` of every problem: an address relative to the site (RFC 9457 §3.1.1)."""

CHALLENGE = 'Bearer realm="muniment"'
"""What a 401 asks for (RFC 9110 §11.6.1)."""

TITLES = {
    400: ("invalid-request", gettext_noop("The request is not understood")),
    401: ("unauthenticated", gettext_noop("Nobody is signed in")),
    403: ("forbidden", gettext_noop("This is not allowed")),
    404: ("not-found", gettext_noop("There is nothing here")),
    405: ("method-not-allowed", gettext_noop("This address does not know the method")),
    406: ("not-acceptable", gettext_noop("None of the wanted forms can be given")),
    408: ("too-slow", gettext_noop("The request stopped coming")),
    409: ("conflict", gettext_noop("It is in another state")),
    411: ("length-required", gettext_noop("The length is missing")),
    412: ("precondition-failed", gettext_noop("It has changed meanwhile")),
    413: ("too-large", gettext_noop("This is too large")),
    415: ("unsupported-media-type", gettext_noop("This form is not read here")),
    416: ("range-not-satisfiable", gettext_noop("The range lies outside")),
    422: ("validation-failed", gettext_noop("Some values cannot be used")),
    423: ("locked", gettext_noop("Somebody else is at it")),
    428: ("precondition-required", gettext_noop("If-Match is missing")),
    429: ("rate-limited", gettext_noop("Too many requests")),
    460: ("checksum-mismatch", gettext_noop("The bytes do not match their checksum")),
    500: ("internal", gettext_noop("Something went wrong here")),
    502: ("upstream-failed", gettext_noop("A partner failed")),
    503: ("unavailable", gettext_noop("It cannot be done now")),
    504: ("upstream-timeout", gettext_noop("A partner did not answer")),
    507: ("insufficient-storage", gettext_noop("There is no space left")),
}


def problem_body(
    status: int,
    detail: str,
    *,
    code: str = "",
    findings: Sequence[Mapping[str, object]] = (),
) -> dict[str, object]:
    """Make the document; `code` is ours where it says more than the status does."""
    slug, title = TITLES[status]
    return {
        "type": TYPES + slug,
        "title": title,
        "status": status,
        "detail": detail,
        "code": code or slug,
        "findings": list(findings),
    }


def problem(
    status: int,
    detail: str,
    *,
    code: str = "",
    findings: Sequence[Mapping[str, object]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Make the answer of a view of the API."""
    body = problem_body(status, detail, code=code, findings=findings)
    return Response(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def problem_answer(
    request: HttpRequest,
    status: int,
    detail: str,
    *,
    code: str = "",
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Answer outside the REST framework: middleware, downloads, addresses that nobody knows."""
    body = problem_body(status, detail, code=code) | _members_of(request)
    return HttpResponse(json.dumps(body), status=status, content_type=MEDIA_TYPE, headers=headers)


def _members_of(request: HttpRequest | Request) -> dict[str, object]:
    """Return which request it is: its address without the query, and its number in the log."""
    number = request.META.get("muniment.request_id", "")
    return {"instance": quote(request.path, errors="replace"), "request_id": number}


def answer_to(exc: Exception, context: Mapping[str, Any]) -> Response:
    """Turn whatever a view raised into a problem (DRF's EXCEPTION_HANDLER)."""
    answer = _answer_to(exc, context)
    if request := context.get("request"):
        answer.data |= _members_of(request)
    return answer


def _answer_to(exc: Exception, context: Mapping[str, Any]) -> Response:
    """What is not of our tree or the framework's is our bug: logged, and told by a number only."""
    if isinstance(exc, MunimentError):
        return _of_ours(exc, context)
    if isinstance(exc, exceptions.APIException):
        return _of_framework(exc)
    for kind, status, detail in _KNOWN:
        if isinstance(exc, kind):
            return problem(status, detail)
    if isinstance(exc, (OperationalError, InterfaceError)):
        log.error("database failed", exc_info=exc, extra=_about(context))
        return problem(503, "the database does not answer; try again", headers={"Retry-After": "5"})
    number = uuid4().hex[:12]
    log.error("request failed", exc_info=exc, extra=_about(context) | {"failure": number})
    return problem(500, f"this is a fault of ours; it is in the log as {number}")


_KNOWN: tuple[tuple[type[Exception], int, str], ...] = (
    (Http404, 404, "there is nothing at this address"),
    (DjangoPermissionDenied, 403, "you may not do this"),
    (SuspiciousOperation, 400, "the request is not understood"),
)


def _of_ours(exc: MunimentError, context: Mapping[str, Any]) -> Response:
    found = exc.findings if isinstance(exc, InvalidPackage) else ()
    if exc.http >= 500:
        log.error("request failed", exc_info=exc, extra=_about(context))
    headers = {}
    if exc.http == 401:
        headers["WWW-Authenticate"] = CHALLENGE
    if wait_s := getattr(exc, "retry_after_s", None):
        headers["Retry-After"] = str(math.ceil(wait_s))
    findings = [each.as_json() for each in found]
    return problem(exc.http, str(exc), code=exc.code, findings=findings, headers=headers)


def _about(context: Mapping[str, Any]) -> dict[str, object]:
    request = context.get("request")
    if request is None:
        return {}
    return {"method": request.method, "address": request.path}


def _of_framework(exc: exceptions.APIException) -> Response:
    headers = {}
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    if asks := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = asks
    if isinstance(exc, exceptions.ValidationError):
        found = list(_findings(exc.detail, ""))
        said = "; ".join(f"{each['pointer'] or 'the body'}: {each['message']}" for each in found)
        return problem(422, said, findings=found)
    status = exc.status_code if exc.status_code in TITLES else 400
    return problem(status, str(exc.detail), headers=headers)


def _findings(detail: object, pointer: str) -> Iterator[dict[str, object]]:
    """Walk what a serializer found; a finding for each fault with its JSON pointer (RFC 6901)."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            step = "" if name == "non_field_errors" else "/" + _escaped(str(name))
            yield from _findings(inner, pointer + step)
    elif isinstance(detail, (list, tuple)):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, (Mapping, list))
            yield from _findings(inner, f"{pointer}/{number}" if nested else pointer)
    else:
        yield {
            "code": str(getattr(detail, "code", "invalid")),
            "severity": "error",
            "message": str(detail),
            "pointer": pointer,
        }


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
