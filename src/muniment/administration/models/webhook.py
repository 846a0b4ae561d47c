"""Whom to tell of domain events, and what became of telling them."""

from __future__ import annotations

import uuid
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q


class DeliveryState(StrEnum):
    """How far a delivery is."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class Webhook(models.Model):
    """An address that is told of events; empty `events`: of all.

    The secrets are sealed. The older one signs too until `old_secret_until`, so that the other
    side can change over without losing a message.
    """

    rebuilt = False

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    url = models.CharField(max_length=2000)
    events = models.JSONField(default=list)
    secret = models.BinaryField()
    old_secret = models.BinaryField(null=True)
    old_secret_until = models.DateTimeField(null=True)
    is_enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=300, blank=True)
    failing_since = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"webhook {self.pk} of {self.owner_id}"


class WebhookDelivery(models.Model):
    """One event for one webhook: the very body that is signed and sent, and the last answer."""

    rebuilt = False

    delivery_id = models.UUIDField(unique=True, default=uuid.uuid4)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.BigIntegerField()
    event_name = models.CharField(max_length=100)
    body = models.TextField()
    state = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in DeliveryState]
    )
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True)
    said = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)
    attempted_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index("webhook", "id", name="webhook_log")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in DeliveryState]),
                name="webhook_delivery_state_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.event_name} to webhook {self.webhook_id}: {self.state}"
