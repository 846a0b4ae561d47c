"""Deposits: uploads in progress, which become submissions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from muniment.ingest.types import DepositKind, DepositState


class Deposit(models.Model):
    """What somebody is handing in over the network; its bytes lie in a `DepositArea`."""

    rebuilt = False

    deposit_id = models.UUIDField(unique=True)
    kind = models.CharField(
        max_length=10, choices=[(each.value, each.value) for each in DepositKind]
    )
    state = models.CharField(
        max_length=12, choices=[(each.value, each.value) for each in DepositState]
    )
    owner = models.CharField(max_length=200)
    name = models.TextField()
    """Name of the package: that of its folder in the area, or of the one file of kind `sip`."""
    title = models.TextField(blank=True)
    source = models.CharField(max_length=50, blank=True)
    record_id = models.CharField(max_length=500, blank=True)
    """With `source`: the outside identifier of what is described."""
    description = models.JSONField(default=list)
    """Dublin Core as [term, value, language]."""
    pipeline = models.CharField(max_length=100, blank=True)
    requested_object = models.CharField(max_length=100, blank=True)
    lists_files = models.BooleanField(default=False)
    """Whether it was said beforehand which files will come: others are refused then."""
    file_count = models.PositiveIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)
    """Of all its files as announced, whether they have come or not."""
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-id"]),
            models.Index(fields=["state", "expires_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[each.value for each in DepositState]),
                name="deposit_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[each.value for each in DepositKind]),
                name="deposit_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.deposit_id)


class DepositFile(models.Model):
    """One file of a deposit; how much of it has come is told by the disk alone."""

    rebuilt = False

    deposit = models.ForeignKey(Deposit, on_delete=models.CASCADE, related_name="files")
    name = models.TextField()
    """Its path in the package, percent-encoded where it is not text."""
    name_digest = models.CharField(max_length=64)
    """SHA-256 of the name: an index takes no name of 4,000 bytes."""
    size_bytes = models.BigIntegerField()
    expected = models.JSONField(default=dict)
    """Digests that were announced, by algorithm."""
    is_listed = models.BooleanField(default=False)
    """Whether the deposit was made with this file on its list."""
    sha256 = models.CharField(max_length=64, blank=True)
    is_complete = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["deposit", "name_digest"], name="one_file_of_a_name_in_a_deposit"
            )
        ]

    def __str__(self) -> str:
        return self.name
