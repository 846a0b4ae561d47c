"""Limits and pauses of queues, groups and kinds."""

from __future__ import annotations

from django.db import transaction
from django.db.models.functions import Now

from muniment.runtime.actor import Actor, require
from muniment.runtime.errors import InvalidArgument
from muniment.work import outbox, wakeup
from muniment.work.models import Limit
from muniment.work.types import Dimension


def set_limit(dimension: Dimension, name: str, *, max_running: int | None, actor: Actor) -> Limit:
    """Let at most `max_running` jobs of it run at once (None: any number; 0: none).

    Holds from the next claim on; what runs goes on. Raises PermissionDenied, InvalidArgument.
    """
    if max_running is not None and max_running < 0:
        raise InvalidArgument(f"a limit cannot be {max_running}; write 0 or more")
    return _change(dimension, name, actor, "limit changed", max_running=max_running)


def pause(dimension: Dimension, name: str, *, actor: Actor) -> Limit:
    """Start nothing more of it until it is resumed. Idempotent. Raises PermissionDenied."""
    return _change(dimension, name, actor, "work paused", is_paused=True)


def resume(dimension: Dimension, name: str, *, actor: Actor) -> Limit:
    """Let it go on. Idempotent. Raises PermissionDenied."""
    return _change(dimension, name, actor, "work resumed", is_paused=False)


def _change(dimension: Dimension, name: str, actor: Actor, event: str, **columns: object) -> Limit:
    require(actor, "job.change")
    with transaction.atomic():
        limit, _ = Limit.objects.update_or_create(
            dimension=dimension.value,
            name=name,
            defaults={**columns, "changed_at": Now(), "changed_by": actor.name},
        )
        outbox.add(event, entity=f"{dimension.value}:{name}", by=actor.name)
        wakeup.notify(name)
    limit.refresh_from_db()
    return limit
