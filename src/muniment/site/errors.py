"""Answers to what no view handles: problem details below `/api/`, plain text elsewhere."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse

from muniment.runtime.rest.problems import MEDIA_TYPE, TITLES, TYPES


def _answer(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    slug, title = TITLES[status]
    if not request.path.startswith("/api/"):
        return HttpResponse(f"{title}.\n", status=status, content_type="text/plain; charset=utf-8")
    body = {
        "type": TYPES + slug,
        "title": title,
        "status": status,
        "detail": detail,
        "code": slug,
        "findings": [],
    }
    return HttpResponse(json.dumps(body), status=status, content_type=MEDIA_TYPE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 400."""
    return _answer(request, 400, "the request is not understood")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 403."""
    return _answer(request, 403, "you may not do this")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 404."""
    return _answer(request, 404, "there is nothing at this address")


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 500; the log has the trace."""
    return _answer(request, 500, "this is a fault of ours; it is in the log")
