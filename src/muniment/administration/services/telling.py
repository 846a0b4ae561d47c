"""Telling webhooks of events: once for each event in the log, again and again until it is heard.

The event is heard in the outbox's transaction, which writes the delivery and queues the work. An
attempt that dies is made again with the same `Webhook-Id`, by which the other side knows it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from muniment.administration.models import DeliveryState, Webhook, WebhookDelivery
from muniment.connectors.web import NotGiven, Posted, WebPosts
from muniment.connectors.web.place import Place
from muniment.runtime.actor import SYSTEM, Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, Missing, PartnerDown
from muniment.runtime.registry import adapter_of
from muniment.runtime.secret_box import SecretBox
from muniment.work import outbox, services
from muniment.work.outbox import Event

JOB = "webhook"
WAITS_S = (10, 60, 300, 1800, 7200, 21_600, 86_400)
"""Before each further attempt."""

GIVEN_UP = timedelta(days=3)
"""A webhook that failed for so long is switched off."""

LOG_KEPT = timedelta(days=30)
SWITCHED_OFF = "webhook switched off"
"""The event by which its owner learns that nothing is sent any more."""

_REMOVED_AT_ONCE = 100
_LATER = frozenset({408, 429})


def subscribe_webhooks(clock: Clock) -> None:
    """Hear from now on every event that some webhook wants; without one they cost a look."""
    outbox.subscribe("administration.webhooks", _is_wanted, lambda event: hear(event, clock))


def _is_wanted(name: str) -> bool:
    return bool(_wanting(name))


def _wanting(name: str) -> list[Webhook]:
    rows = Webhook.objects.filter(is_enabled=True, owner__is_active=True).order_by("pk")
    return [each for each in rows if not each.events or name in each.events]


def hear(event: Event, clock: Clock) -> None:
    """Write a delivery for each webhook that wants the event, and queue it."""
    old = WebhookDelivery.objects.filter(created_at__lt=clock.now() - LOG_KEPT)
    WebhookDelivery.objects.filter(pk__in=old.values("pk")[:_REMOVED_AT_ONCE]).delete()
    for webhook in _wanting(event.name):
        delivery = WebhookDelivery.objects.create(
            webhook=webhook,
            event=event.number,
            event_name=event.name,
            body=json.dumps(envelope(event), ensure_ascii=False, default=str),
            state=DeliveryState.WAITING.value,
            created_at=clock.now(),
        )
        _queue(delivery, None)


def envelope(event: Event) -> dict[str, object]:
    """Return the event as a CloudEvent (1.0, JSON)."""
    return {
        "specversion": "1.0",
        "id": str(event.number),
        "source": "/api/v1/events",
        "type": "muniment." + event.name.replace(" ", "."),
        "time": event.at.isoformat(),
        "subject": event.entity or None,
        "datacontenttype": "application/json",
        "data": dict(event.payload),
    }


def redeliver(webhook: Webhook, delivery_id: UUID, *, actor: Actor) -> WebhookDelivery:
    """Queue a delivery again, as often as it was tried or not. Raises Missing."""
    require(actor, "webhook.change")
    with transaction.atomic():
        rows = WebhookDelivery.objects.select_for_update()
        delivery = rows.filter(webhook=webhook, delivery_id=delivery_id).first()
        if delivery is None:
            raise Missing(f"webhook {webhook.pk} has no delivery {delivery_id}")
        if not webhook.is_enabled:
            raise InvalidArgument("this webhook is switched off; enable it first")
        delivery.state, delivery.attempts = DeliveryState.WAITING.value, 0
        delivery.save(update_fields=["state", "attempts"])
        _queue(delivery, None)
    return delivery


def attempt(delivery_id: str, *, clock: Clock) -> str:
    """Send a delivery once and note the answer; return its state. Nothing for what has ended."""
    rows = WebhookDelivery.objects.select_related("webhook").filter(delivery_id=delivery_id)
    delivery = rows.first()
    if delivery is None or delivery.state != DeliveryState.WAITING:
        return "ended"
    if not delivery.webhook.is_enabled:
        return _settle(delivery, None, "the webhook is switched off", clock)
    try:
        posted = _send(delivery, clock)
    except (NotGiven, PartnerDown) as exc:
        return _settle(delivery, None, str(exc), clock, is_final=isinstance(exc, NotGiven))
    return _settle(delivery, posted, posted.said, clock)


def _send(delivery: WebhookDelivery, clock: Clock) -> Posted:
    body = delivery.body.encode()
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "Webhook-Id": str(delivery.delivery_id),
        "Webhook-Signature": signature(delivery.webhook, body, clock.now()),
    }
    posts = adapter_of(WebPosts)  # type: ignore[type-abstract]  # a port is a Protocol
    return posts.post(delivery.webhook.url, body, headers)


def signature(webhook: Webhook, body: bytes, now: datetime) -> str:
    """Return `t=<unix>,v1=<HMAC-SHA256 of "t.body">`, a `v1` for each secret in force."""
    box, at = adapter_of(SecretBox), int(now.timestamp())
    sealed = [webhook.secret]
    if webhook.old_secret is not None and webhook.old_secret_until is not None:
        sealed += [webhook.old_secret] * (webhook.old_secret_until > now)
    signed = f"{at}.".encode() + body
    marks = [hmac.new(box.open(each), signed, hashlib.sha256).hexdigest() for each in sealed]
    return ",".join([f"t={at}", *(f"v1={mark}" for mark in marks)])


def _settle(
    delivery: WebhookDelivery,
    posted: Posted | None,
    said: str,
    clock: Clock,
    *,
    is_final: bool = False,
) -> str:
    """Note how an attempt ended, and queue the next one where there is to be one."""
    now = clock.now()
    delivery.status = posted.status if posted else None
    delivery.said, delivery.attempted_at = said[:2000].replace("\0", ""), now
    delivery.attempts += 1
    is_done = posted is not None and 200 <= posted.status < 300
    wait_s = None if is_done or is_final else _wait_s(delivery, posted)
    delivery.next_at = None if wait_s is None else now + timedelta(seconds=wait_s)
    state = DeliveryState.WAITING if delivery.next_at else DeliveryState.FAILED
    delivery.state = DeliveryState.DONE.value if is_done else state.value
    with transaction.atomic():
        delivery.save()
        _judge(delivery, is_done=is_done, now=now)
        if delivery.next_at is not None:
            _queue(delivery, delivery.next_at)
    return delivery.state


def _wait_s(delivery: WebhookDelivery, posted: Posted | None) -> float | None:
    """Return how long until the next attempt; None: there is none."""
    if not delivery.webhook.is_enabled or delivery.attempts > len(WAITS_S):
        return None
    if posted is not None and 300 <= posted.status < 500 and posted.status not in _LATER:
        return None
    planned = float(WAITS_S[delivery.attempts - 1])
    return max(planned, (posted.retry_after_s or 0.0) if posted else 0.0)


def _judge(delivery: WebhookDelivery, *, is_done: bool, now: datetime) -> None:
    """Switch a webhook off that is gone (410), or that failed for days."""
    webhook = Webhook.objects.select_for_update().get(pk=delivery.webhook_id)
    was_enabled = webhook.is_enabled
    if is_done:
        webhook.failing_since = None
    elif webhook.failing_since is None:
        webhook.failing_since = now
    if delivery.status == 410:
        webhook.is_enabled, webhook.disabled_reason = False, "the other side says it is gone (410)"
    elif webhook.failing_since and now - webhook.failing_since > GIVEN_UP:
        webhook.is_enabled, webhook.disabled_reason = False, "it failed for three days"
    webhook.save(update_fields=["is_enabled", "disabled_reason", "failing_since"])
    if was_enabled and not webhook.is_enabled:
        outbox.add(
            SWITCHED_OFF,
            webhook=webhook.pk,
            owner=webhook.owner.username,
            url=str(Place.parse(webhook.url)),  # without its query, which may be a secret
            reason=webhook.disabled_reason,
        )


def _queue(delivery: WebhookDelivery, at: datetime | None) -> None:
    services.enqueue(
        JOB,
        {"delivery": str(delivery.delivery_id)},
        actor=SYSTEM,
        group=f"webhook {delivery.webhook_id}",
        run_after=at,
    )
