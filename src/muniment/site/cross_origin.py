"""Pages of other sites that may use the API in a browser (CORS): none, or those of a list.

With a token only: a browser is never told to send its cookie along.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import patch_vary_headers

from muniment.runtime.settings import settings

Handler = Callable[[HttpRequest], HttpResponseBase]
_SHOWN = (
    "Content-Disposition, Content-Range, ETag, Idempotent-Replayed, Link, Location, "
    "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Repr-Digest, Retry-After, X-Request-Id"
)
_TAKEN = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Range, "
    "X-Request-Id"
)


def cross_origin(get_response: Handler) -> Handler:
    """Let the sites of the setting `cors_origins` read what is below `/api/`."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        allowed = settings().cors_origins
        if not allowed or not request.path.startswith("/api/"):
            return get_response(request)
        origin = request.headers.get("Origin", "")
        if origin not in allowed:
            response = get_response(request)
            patch_vary_headers(response, ["Origin"])
            return response
        is_question = request.method == "OPTIONS" and (
            "Access-Control-Request-Method" in request.headers
        )
        response = HttpResponse(status=204) if is_question else get_response(request)
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Expose-Headers"] = _SHOWN
        if is_question:
            response["Access-Control-Allow-Methods"] = "GET, HEAD, POST, PUT, PATCH, DELETE"
            response["Access-Control-Allow-Headers"] = _TAKEN
            response["Access-Control-Max-Age"] = "600"
        patch_vary_headers(response, ["Origin"])
        return response

    return handle
