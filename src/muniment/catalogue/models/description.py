"""What is said about an entity: Dublin Core terms, rights, tags."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from muniment.catalogue.models.entity import IntellectualEntity
from muniment.catalogue.models.interval import Interval, interval_is_forward
from muniment.catalogue.types import Restriction, one_of


class DescriptiveTerm(Interval):
    """One Dublin Core term; terms repeat, in the order of the record, in several languages."""

    rebuilt = True

    entity = models.ForeignKey(
        IntellectualEntity, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    position = models.PositiveIntegerField()
    term = models.CharField(max_length=64)
    value = models.TextField()
    language = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "first_version", "position"], name="term_once"
            ),
            models.CheckConstraint(condition=~Q(term=""), name="term_named"),
            interval_is_forward("term_interval"),
        ]

    def __str__(self) -> str:
        return f"{self.term}: {self.value}"


class RightsStatement(Interval):
    """A PREMIS rights statement: on which basis which acts are allowed, under which terms."""

    rebuilt = True

    entity = models.ForeignKey(
        IntellectualEntity, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    rights_id = models.UUIDField()
    basis = models.CharField(max_length=255)
    statement = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "rights_id", "first_version"], name="rights_once"
            ),
            interval_is_forward("rights_interval"),
        ]

    def __str__(self) -> str:
        return f"{self.rights_id} {self.basis}"

    def as_json(self) -> dict[str, Any]:  # Any: JSON
        """Return it as pages, the API and the command line tell it."""
        return {"rights_id": str(self.rights_id), "basis": self.basis, **self.statement}


class ActRestriction(models.Model):
    """An act that a rights statement of the newest version restricts, and when.

    Written with the statements, so that lists and searches ask one table who may read what. A
    statement about some files restricts the whole object.
    """

    rebuilt = True

    entity = models.ForeignKey(
        IntellectualEntity, on_delete=models.PROTECT, related_name="restrictions"
    )
    act = models.CharField(max_length=64)
    restriction = models.CharField(max_length=16)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(restriction__in=one_of(Restriction)),
                name="act_restriction_known",
            )
        ]
        indexes = [models.Index(fields=["act", "restriction"], name="restrictions_by_act")]

    def __str__(self) -> str:
        return f"{self.act}: {self.restriction}"


class TagQuerySet(models.QuerySet["Tag"]):
    """Asks for tags."""

    def present(self) -> TagQuerySet:
        """Leave out the tags that were taken away again."""
        return self.filter(is_present=True)


class Tag(models.Model):
    """A word that somebody hung on an entity. Tags come from the ledger.

    A tag that was taken away stays as a row with `is_present` false: the record of the ledger with
    the highest `seq` wins, so that records may be applied twice and in any order.
    """

    rebuilt = True

    entity = models.ForeignKey(
        IntellectualEntity, on_delete=models.PROTECT, related_name="tags", db_index=False
    )
    name = models.CharField(max_length=255)
    is_present = models.BooleanField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=255, blank=True)
    seq = models.BigIntegerField()

    objects = TagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "name"], name="tag_once"),
            models.CheckConstraint(condition=~Q(name=""), name="tag_name"),
        ]
        indexes = [models.Index(fields=["name", "entity"], name="tag_by_name")]

    def __str__(self) -> str:
        return self.name
