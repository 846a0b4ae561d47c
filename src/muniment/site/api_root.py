"""`GET /api`: which versions there are, and where everything begins."""

from __future__ import annotations

from importlib.metadata import version

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe


@require_safe
def api_root(request: HttpRequest) -> JsonResponse:
    """Answer everybody; what is behind the links asks who comes."""
    at = request.build_absolute_uri
    return JsonResponse(
        {
            "name": "Muniment",
            "version": version("muniment"),
            "versions": [{"name": "v1", "root": at("/api/v1")}],
            "openapi": {
                "json": at("/api/v1/openapi.json"),
                "yaml": at("/api/v1/openapi.yaml"),
            },
            "documentation": {"swagger_ui": at("/api/docs/"), "redoc": at("/api/redoc/")},
        }
    )
