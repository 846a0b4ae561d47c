"""The outbox of domain events: what a lower package must tell a higher one.

An event is written in the transaction of the change that it tells of, with one delivery for each
subscriber that this process knows. Deliveries are made at least once, for each subscriber in the
order of the events of one entity. A handler runs in the transaction that removes its delivery, so
its rows are written exactly once; slow work (mail, calls) belongs in a job that it queues.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Now

from muniment.runtime.failpoints import failpoint
from muniment.work.database_time import from_now
from muniment.work.models import Delivery, DomainEvent
from muniment.work.retry import RetryPolicy
from muniment.work.settled_events import begin_telling

log = logging.getLogger(__name__)

_BACK_OFF = RetryPolicy.LONG_REQUEST.value
LONGEST_WAIT_S = _BACK_OFF.longest_s * (1 + _BACK_OFF.jitter)
"""Within which a delivery that failed is tried again."""


@dataclass(frozen=True, slots=True)
class Event:
    """A domain event as its subscribers get it."""

    number: int
    name: str
    entity: str
    payload: Mapping[str, Any]  # any JSON: the subscriber parses it
    at: datetime


EventHandler = Callable[[Event], None]
Wanted = Callable[[str], bool]
"""Says of the name of an event, in the transaction that writes it, whether it is to be heard."""

_subscribers: dict[str, tuple[Wanted, EventHandler]] = {}


def subscribe(subscriber: str, names: Iterable[str] | Wanted, handler: EventHandler) -> None:
    """Let `handler` hear the events of these names, or of those that are wanted, from now on.

    `subscriber` is stable and unique: undelivered events wait under it over restarts.
    """
    wanted = names if callable(names) else frozenset(names).__contains__
    _subscribers[subscriber] = (wanted, handler)


def unsubscribe(subscriber: str) -> None:
    """Stop hearing; what is not yet delivered waits until the subscriber is back."""
    _subscribers.pop(subscriber, None)


def add(name: str, *, entity: str = "", **payload: Any) -> DomainEvent:  # noqa: ANN401  # any JSON
    """Write an event in the caller's transaction.

    Its entity is `entity`, else the payload's `object_id`, else its `submission_id`.
    """
    key = entity or str(payload.get("object_id") or payload.get("submission_id") or "")
    with transaction.atomic():
        _keep_order_of(key)
        begin_telling()
        event = DomainEvent.objects.create(name=name, entity=key, payload=payload)
        Delivery.objects.bulk_create(
            Delivery(event=event, subscriber=subscriber, entity=key)
            for subscriber, (is_wanted, _) in _subscribers.items()
            if is_wanted(name)
        )
        failpoint("outbox.adding")
    return event


def _keep_order_of(entity: str) -> None:
    """Make transactions that tell of one entity commit in the order of their event numbers."""
    if entity and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(7, hashtext(%s))", [entity])


def drain() -> int:
    """Deliver all that is due; return how many deliveries were made.

    A handler that raises is tried again later with back-off; the later events of that entity wait
    for it, other entities and other subscribers do not.
    """
    delivered = 0
    known = list(_subscribers)
    while known and (found := _deliver_next(known)) is not None:
        delivered += found
    return delivered


def _next_delivery(known: Collection[str]) -> Delivery | None:
    """Return the oldest due delivery whose entity has no older one for the same subscriber."""
    older = Delivery.objects.filter(
        subscriber=OuterRef("subscriber"), entity=OuterRef("entity"), pk__lt=OuterRef("pk")
    ).exclude(entity="")
    rows = (
        Delivery.objects.filter(~Exists(older), subscriber__in=known, due_at__lte=Now())
        .select_related("event")
        .order_by("pk")
    )
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


def _deliver_next(known: Collection[str]) -> int | None:
    """Deliver one: 1 when it was heard, 0 when its handler failed, None when nothing is due."""
    if not Delivery.objects.filter(subscriber__in=known, due_at__lte=Now()).exists():
        return None  # SQLite: do not take the write lock to learn that there is nothing
    with transaction.atomic():
        delivery = _next_delivery(known)
        if delivery is None:
            return None
        try:
            with transaction.atomic():
                _hear(delivery)
        except DatabaseError:
            raise
        except Exception as exc:  # noqa: BLE001  # a handler must not stop the others' deliveries
            _put_off(delivery, exc)
            return 0
        delivery.delete()
        failpoint("outbox.delivering")
    failpoint("outbox.delivered")
    return 1


def _hear(delivery: Delivery) -> None:
    event = delivery.event
    _, handler = _subscribers[delivery.subscriber]
    handler(Event(event.pk, event.name, event.entity, event.payload, event.at))


def _put_off(delivery: Delivery, exc: Exception) -> None:
    delay_s = _BACK_OFF.delay_s(delivery.attempts + 1)
    Delivery.objects.filter(pk=delivery.pk).update(
        attempts=F("attempts") + 1, due_at=from_now(delay_s), error_text=f"{exc}"
    )
    log.error(
        "an event was not taken",
        extra={"event": delivery.event_id, "subscriber": delivery.subscriber, "error": str(exc)},
    )
