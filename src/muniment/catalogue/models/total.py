"""Counts over many entities, kept instead of computed (archive spec §6)."""

from __future__ import annotations

from django.db import models


class OwnerTotal(models.Model):
    """How many entities, files and bytes belong to one owner."""

    rebuilt = True

    owner = models.CharField(max_length=255, unique=True)
    entity_count = models.BigIntegerField(default=0)
    file_count = models.BigIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.owner}: {self.entity_count}"
