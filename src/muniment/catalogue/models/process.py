"""Rows that storage does not know: reservations and rebuilds under way."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Reservation(models.Model):
    """An outside identifier that a submission claims before its bytes are written.

    Goes when the Identifier row comes, in one transaction. The unique constraint lets one of two
    first submissions of the same object make it.
    """

    rebuilt = False

    type = models.CharField(max_length=255)
    value = models.CharField(max_length=1000)
    object_id = models.UUIDField(db_index=True)
    owner = models.CharField(max_length=255, blank=True)
    reserved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["type", "value"], name="reservation_once")]

    def __str__(self) -> str:
        return f"{self.type}:{self.value}"


class RebuildRun(models.Model):
    """One rebuild; `ended_at` is NULL while it is under way, and the next call goes on with it."""

    rebuilt = False

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    started_by = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(ended_at__isnull=True), name="rebuild_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"rebuild of {self.started_at:%Y-%m-%dT%H:%M:%SZ}"
