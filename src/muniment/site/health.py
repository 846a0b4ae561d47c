"""Whether the site lives, and whether it can do its work: for probes, without signing in."""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse

from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.work.signs import workers_seen


def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # signature of all views
    """Say that the process answers; asks nobody else."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001  # likewise
    """Say whether database and storage answer; 503 when one does not, without details.

    Workers are told of besides: a site without them still shows all that is kept.
    """
    workers = _workers()
    parts = {
        "database": workers is not None,
        "storage": adapter_of(ArchiveHome).storage_root.is_dir(),
    }
    is_ready = all(parts.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "unavailable", "parts": parts, "workers": workers},
        status=200 if is_ready else 503,
    )


def _workers() -> dict[str, object] | None:
    """Return how many workers live and when one gave its last sign; None without a database."""
    try:
        seen = workers_seen()
    except DatabaseError:
        return None
    last = seen.last_sign_at
    return {"alive": seen.alive, "last_heartbeat_at": last.isoformat() if last else None}
