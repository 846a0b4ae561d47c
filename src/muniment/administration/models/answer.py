"""Answers that are given again when a request comes again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class RequestAnswer(models.Model):
    """A request with an `Idempotency-Key`: claimed until a time, or answered.

    `claim` is the fencing token: who comes back after its claim was taken over writes nothing.
    """

    rebuilt = False

    user = models.CharField(max_length=150)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    claim = models.UUIDField()
    claimed_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key"),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__gte=200, status__lt=300),
                name="only_what_was_done_is_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.status or 'under way'}"
