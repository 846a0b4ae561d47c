"""Answers to what no view handles: problem details below `/api/`, pages elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.runtime.errors import MunimentError
from muniment.runtime.http.problems import TITLES, problem_answer

log = logging.getLogger(__name__)


class _Tell:
    """Turns what a page raised into the page of that error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        """Answer an error of our tree; anything else is Django's to log."""
        if not isinstance(exc, MunimentError):
            return None
        if exc.http >= 500:
            log.error("request failed", exc_info=exc, extra={"address": request.path})
        return answer(request, exc.http, str(exc))


tell = _Tell


def answer(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """Answer with the page of an error, or below `/api/` with problem details."""
    if request.path.startswith("/api/"):
        return problem_answer(request, status, detail)
    context = {
        "title": _(TITLES[status][1]),
        "detail": detail,
        "advice": _advice(status),
        "request_id": request.META.get("muniment.request_id", ""),
    }
    return render(request, "web/error.html", context, status=status)


def _advice(status: int) -> str:
    if status == 403:
        return _("Ask an administrator if you need it.")
    if status == 404:
        return _("Look at the address, or search for it.")
    if status >= 500:
        return _("Nothing was lost. Try again; if it stays so, tell an administrator.")
    return _("Go back, mend it and try again.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 400."""
    return answer(request, 400, _("The request is not understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 403."""
    return answer(request, 403, _("You may not do this."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 403 to a form without its token: an old page, or a foreign one."""
    return answer(request, 403, _("This form is too old. Go back, reload it and send it again."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's
    """Answer 404."""
    return answer(request, 404, _("There is nothing at this address."))


def failed(request: HttpRequest) -> HttpResponse:
    """Answer 500 without asking anything that may be broken; the log has the trace."""
    if request.path.startswith("/api/"):
        return answer(request, 500, "this is a fault of ours; it is in the log")
    number = request.META.get("muniment.request_id", "")
    text = f"Something went wrong here. Nothing was lost. It is in the log as {number}.\n"
    return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")
