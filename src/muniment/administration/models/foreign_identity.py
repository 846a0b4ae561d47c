"""Who a user is at a provider of OpenID Connect."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class ForeignIdentity(models.Model):
    """The pair that never changes there (OpenID Connect Core 1.0 §5.7): never name or address."""

    rebuilt = False

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="foreign_identities"
    )
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="foreign_identity_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject} at {self.issuer}"
