"""Intellectual entities, their outside identifiers and their versions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from muniment.catalogue.types import LifecycleState, one_of
from muniment.information.aip import VersionReason


class IntellectualEntity(models.Model):
    """The unit of management ("object" on pages). Counts are kept, those of the newest version."""

    rebuilt = True

    object_id = models.UUIDField(unique=True)
    owner = models.CharField(max_length=255, blank=True)
    title = models.TextField(blank=True)
    state = models.CharField(max_length=32, default=LifecycleState.ACTIVE.value)
    state_seq = models.BigIntegerField(default=0)  # place in the ledger of the last change
    head = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    file_count = models.BigIntegerField(default=0)
    size_bytes = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "object_id"], name="entity_by_owner"),
            models.Index(fields=["modified_at", "object_id"], name="entity_by_modified"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(head__gte=1, file_count__gte=0, size_bytes__gte=0),
                name="entity_counts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=one_of(LifecycleState)), name="entity_state"
            ),
        ]

    def __str__(self) -> str:
        return f"urn:uuid:{self.object_id}"


class Identifier(models.Model):
    """An identifier that others gave to an entity: DOI, source and record id, METS OBJID…"""

    rebuilt = True

    entity = models.ForeignKey(
        IntellectualEntity, on_delete=models.PROTECT, related_name="identifiers"
    )
    type = models.CharField(max_length=255)
    value = models.CharField(max_length=1000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["type", "value"], name="identifier_once"),
            models.CheckConstraint(condition=~Q(type="") & ~Q(value=""), name="identifier_filled"),
        ]
        indexes = [models.Index(fields=["value"], name="identifier_by_value")]

    def __str__(self) -> str:
        return f"{self.type}:{self.value}"


class Version(models.Model):
    """An OCFL version: why it was made, by whom, when, of which submission.

    `ledger_seq` is the place in the ledger of the event that tells of its cataloguing; NULL until
    it is told, which an interruption may put off (`services.accession`).
    """

    rebuilt = True

    entity = models.ForeignKey(
        IntellectualEntity, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    reason = models.CharField(max_length=32)
    message = models.TextField(blank=True)
    user_name = models.TextField(blank=True)
    user_address = models.TextField(blank=True)
    submission_id = models.UUIDField(null=True)
    pipeline = models.CharField(max_length=255, blank=True)
    source = models.CharField(max_length=255, blank=True)
    inventory_sha512 = models.BinaryField(max_length=64)
    ledger_seq = models.BigIntegerField(null=True)
    file_count = models.BigIntegerField()
    size_bytes = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "number"], name="version_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="version_from_one"),
            models.CheckConstraint(
                condition=Q(reason__in=one_of(VersionReason)), name="version_reason"
            ),
        ]
        indexes = [
            models.Index(
                F("submission_id"),
                name="version_by_submission",
                condition=Q(submission_id__isnull=False),
            ),
            models.Index(
                fields=["entity"], name="version_untold", condition=Q(ledger_seq__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entity} v{self.number}"
