"""Pairs of short-lived tokens of somebody who signed in over the API."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class TokenPair(models.Model):
    """One sign-in of a program: what it asks with, and what it renews that with.

    Only digests are kept. `stamp` is what sessions are checked against: where these end, this ends
    too. `spent` is the token of renewal before the present one: whoever brings it has a copy.
    """

    rebuilt = False

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="token_pairs"
    )
    access = models.BinaryField(max_length=32, unique=True)
    access_until = models.DateTimeField()
    refresh = models.BinaryField(max_length=32, unique=True)
    refresh_until = models.DateTimeField(db_index=True)
    spent = models.BinaryField(max_length=32, null=True, unique=True)
    scopes = models.JSONField(null=True)
    stamp = models.CharField(max_length=128)
    created_at = models.DateTimeField()
    address = models.CharField(max_length=64, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.user} until {self.refresh_until}"
