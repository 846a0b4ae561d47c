"""Handing in what lies on the server already, below a folder that an administrator allows."""

from __future__ import annotations

import os
from pathlib import Path

from muniment.information.paths import decode_name
from muniment.ingest.models import Submission
from muniment.ingest.services.submissions import SubmissionRequest, submit
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.settings import settings


def announce(  # one keyword for each member of the request
    path: str,
    *,
    pipeline: str | None = None,
    object_id: str = "",
    dry_run: bool = False,
    actor: Actor,
    clock: Clock,
) -> Submission:
    """Hand in the package at `path` (percent-encoded where it is not text).

    It must lie below one of `announce_roots` once every link is followed. What lies elsewhere and
    what is not there are refused with the same words, so that nobody can look around by guessing.
    """
    require(actor, "submission.create")
    source = _allowed(path)
    request = SubmissionRequest(source, pipeline, object_id=object_id, dry_run=dry_run)
    return submit(request, actor=actor, clock=clock)


def _allowed(path: str) -> Path:
    refusal = InvalidArgument(
        f"{path[:200]}: nothing that may be announced lies there; "
        "an administrator lists the folders in announce_roots"
    )
    try:
        real = Path(os.fsdecode(decode_name(path))).resolve(strict=True)
    except (OSError, ValueError) as exc:
        raise refusal from exc
    roots = [root.resolve() for root in settings().announce_roots]
    if not any(real != root and real.is_relative_to(root) for root in roots):
        raise refusal
    return real
