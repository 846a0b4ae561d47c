"""The audit trail: who did what, append-only and chained by digests."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class ThingKey(models.Func):
    """The beginning of the name of a thing: an index entry of PostgreSQL holds 2,700 bytes.

    The length is in the text of the call, or SQLite would not see that the index fits.
    """

    function = "SUBSTR"
    template = "%(function)s(%(expressions)s, 1, 200)"
    output_field = models.TextField()


class AuditEntry(models.Model):
    """One line of the trail. `number` has no gaps; `digest` covers the line and the one before.

    `outcome`: done, refused (the policy said no) or failed (it was tried and went wrong).
    """

    rebuilt = False

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=255)
    action = models.CharField(max_length=64)
    thing = models.CharField(max_length=1000, blank=True)
    outcome = models.CharField(max_length=16)
    detail = models.JSONField(default=dict)
    address = models.CharField(max_length=64, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="audit_from_one"),
            models.CheckConstraint(
                condition=Q(outcome__in=["done", "refused", "failed"]), name="audit_outcome"
            ),
        ]
        indexes = [
            models.Index(fields=["actor", "number"], name="audit_by_actor"),
            models.Index(fields=["action", "number"], name="audit_by_action"),
            models.Index(ThingKey("thing"), F("number"), name="audit_by_thing"),
            models.Index(fields=["outcome", "number"], name="audit_by_outcome"),
            models.Index(fields=["at", "number"], name="audit_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.actor} {self.action} {self.outcome}"
