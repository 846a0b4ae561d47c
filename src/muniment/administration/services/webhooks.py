"""Webhooks: who is told of events, and with which secret it is signed (orchestration spec §4.9)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from muniment.administration.models import User, Webhook
from muniment.administration.services.audit import Deed, record
from muniment.connectors.web.place import Place
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, Missing
from muniment.runtime.registry import adapter_of
from muniment.runtime.secret_box import SecretBox

BOTH_SECRETS = timedelta(hours=24)
_MOST = 100


def webhook_of(number: int, *, actor: Actor, action: str = "webhook.read") -> Webhook:
    """Return one. Raises PermissionDenied, Missing."""
    require(actor, action)
    found = Webhook.objects.select_related("owner").filter(pk=number).first()
    if found is None:
        raise Missing(f"there is no webhook {number}")
    return found


def add_webhook(
    owner: User, url: str, events: Sequence[str], *, actor: Actor, clock: Clock
) -> tuple[Webhook, str]:
    """Tell an address of these events from now on; return its secret, which is not shown again.

    Raises PermissionDenied, InvalidArgument.
    """
    require(actor, "webhook.change")
    Place.parse(url)
    if Webhook.objects.count() >= _MOST:
        raise InvalidArgument(f"there are {_MOST} webhooks already; remove one that nobody needs")
    secret = _new_secret()
    with transaction.atomic():
        made = Webhook.objects.create(
            owner=owner,
            url=url,
            events=sorted(set(events)),
            secret=_sealed(secret),
            changed_at=clock.now(),
        )
        _record("webhook.add", made, actor, clock)
    return made, secret


def change_webhook(
    webhook: Webhook,
    *,
    url: str | None = None,
    events: Sequence[str] | None = None,
    is_enabled: bool | None = None,
    actor: Actor,
    clock: Clock,
) -> Webhook:
    """Change what is given; one that is enabled again begins without faults.

    Raises PermissionDenied, InvalidArgument.
    """
    require(actor, "webhook.change")
    if url is not None:
        Place.parse(url)
        webhook.url = url
    if events is not None:
        webhook.events = sorted(set(events))
    if is_enabled is not None:
        webhook.is_enabled = is_enabled
        webhook.disabled_reason = "" if is_enabled else f"switched off by {actor.name}"
        webhook.failing_since = None
    webhook.changed_at = clock.now()
    with transaction.atomic():
        webhook.save()
        _record("webhook.change", webhook, actor, clock)
    return webhook


def rotate_secret(webhook: Webhook, *, actor: Actor, clock: Clock) -> str:
    """Make a new secret and return it; the old one signs too for a day."""
    require(actor, "webhook.change")
    secret = _new_secret()
    webhook.old_secret, webhook.old_secret_until = webhook.secret, clock.now() + BOTH_SECRETS
    webhook.secret, webhook.changed_at = _sealed(secret), clock.now()
    with transaction.atomic():
        webhook.save()
        _record("webhook.rotate", webhook, actor, clock)
    return secret


def remove_webhook(webhook: Webhook, *, actor: Actor, clock: Clock) -> None:
    """Tell it nothing any more; its log goes with it."""
    require(actor, "webhook.change")
    with transaction.atomic():
        _record("webhook.remove", webhook, actor, clock)
        webhook.delete()


def _record(action: str, webhook: Webhook, actor: Actor, clock: Clock) -> None:
    place = str(Place.parse(webhook.url))  # without its query, which may be a secret
    deed = Deed(action, f"webhook {webhook.pk}", detail={"url": place, "events": webhook.events})
    record(deed, actor=actor, clock=clock)


def _new_secret() -> str:
    return f"whsec_{secrets.token_urlsafe(32)}"


def _sealed(secret: str) -> bytes:
    return adapter_of(SecretBox).seal(secret.encode())
