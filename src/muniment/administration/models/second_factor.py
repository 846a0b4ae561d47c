"""The second factor of a sign-in: a secret in an authenticator, and codes for when it is lost."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class SecondFactor(models.Model):
    """A shared secret (RFC 6238), sealed with the archive's key; in force once it is confirmed.

    `last_step` is the newest time step that a code was taken for: no code opens twice.
    """

    rebuilt = False

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_factor"
    )
    sealed_secret = models.BinaryField(max_length=255)
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"second factor of {self.user}"


class RecoveryCode(models.Model):
    """A code that opens once; only its digest is kept."""

    rebuilt = False

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="codes")
    digest = models.BinaryField(max_length=32)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once")
        ]

    def __str__(self) -> str:
        return "used" if self.used_at else "unused"
