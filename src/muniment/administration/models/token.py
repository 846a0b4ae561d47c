"""Tokens of programs: only a digest of each is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ApiToken(models.Model):
    """A secret that stands for its user, within its scopes and until it expires.

    `digest` is the SHA-256 of the secret, which has 256 random bits, so that no salt is needed.
    """

    rebuilt = False

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens"
    )
    name = models.CharField(max_length=100)
    digest = models.BinaryField(max_length=32, unique=True)
    hint = models.CharField(max_length=16)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="token_named"),
            models.UniqueConstraint(
                fields=["user", "name"],
                condition=Q(revoked_at__isnull=True),
                name="token_name_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"
