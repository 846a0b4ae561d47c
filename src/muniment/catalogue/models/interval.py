"""Rows that live from one version of their entity to another."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models
from django.db.models import F, Q

Row = TypeVar("Row", bound=models.Model)


class IntervalQuerySet(models.QuerySet[Row]):
    """Asks which rows a version has."""

    def at_version(self, number: int) -> Self:
        """Give the rows that version `number` has."""
        return self.filter(first_version__lte=number).filter(
            Q(last_version__isnull=True) | Q(last_version__gte=number)
        )

    def current(self) -> Self:
        """Give the rows that the newest version has."""
        return self.filter(last_version__isnull=True)

    def ended_before(self, number: int) -> Self:
        """Give the rows whose last version is the one before `number`."""
        return self.filter(last_version=number - 1)


IntervalManager = models.Manager.from_queryset(IntervalQuerySet)


class Interval(models.Model):
    """First and last version (inclusive) of a row; the last is NULL while it lasts."""

    first_version = models.PositiveIntegerField()
    last_version = models.PositiveIntegerField(null=True)

    objects = IntervalManager()

    class Meta:
        abstract = True


def interval_is_forward(name: str) -> models.CheckConstraint:
    """Make the constraint that no row ends before it begins."""
    return models.CheckConstraint(
        condition=Q(first_version__gte=1)
        & (Q(last_version__isnull=True) | Q(last_version__gte=F("first_version"))),
        name=name,
    )
