"""Failed attempts to sign in."""

from __future__ import annotations

from django.db import models


class SignInAttempts(models.Model):
    """How often it failed for a name or from an address, and until when another must wait."""

    rebuilt = False

    key = models.CharField(max_length=200, unique=True)
    failures = models.PositiveIntegerField(default=0)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key}: {self.failures}"
