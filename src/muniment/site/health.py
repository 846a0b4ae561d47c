"""Whether the site lives, and whether it can do its work: for probes, without signing in."""

from __future__ import annotations

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of


def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # signature of all views
    """Say that the process answers; asks nobody else."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # likewise
    """Say whether database and storage answer; 503 when one does not, without details."""
    parts = {"database": _database(), "storage": adapter_of(ArchiveHome).storage_root.is_dir()}
    is_ready = all(parts.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "parts": parts},
        status=200 if is_ready else 503,
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
