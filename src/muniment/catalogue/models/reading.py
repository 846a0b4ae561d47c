"""Who may read an object besides staff and its owner (access spec §5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from muniment.catalogue.types import ReadingPolicyName, one_of
from muniment.runtime.actor import Level

LEVELS = [int(level) for level in Level]


class ReadingPolicy(models.Model):
    """What somebody decided of one object; one without is for staff only.

    By its identifier, not its row: rows of the catalogue are made anew by a rebuild.
    """

    rebuilt = False

    object_id = models.UUIDField(unique=True)
    name = models.CharField(max_length=32)
    groups = models.JSONField(default=list)
    others_level = models.PositiveSmallIntegerField(default=int(Level.NONE))
    embargo_until = models.DateField(null=True)
    embargo_level = models.PositiveSmallIntegerField(default=int(Level.NONE))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(name__in=one_of(ReadingPolicyName)), name="reading_policy_known"
            ),
            models.CheckConstraint(
                condition=Q(others_level__in=LEVELS, embargo_level__in=LEVELS),
                name="reading_levels_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_id}: {self.name}"


class ReadingGrant(models.Model):
    """What the policy means for one audience: `everyone`, `signed-in` or `group:NAME`.

    Written with the policy, so that lists and searches ask one table.
    """

    rebuilt = False

    policy = models.ForeignKey(ReadingPolicy, on_delete=models.CASCADE, related_name="grants")
    audience = models.CharField(max_length=200)
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "audience"], name="reading_grant_once"),
            models.CheckConstraint(condition=Q(level__in=LEVELS[1:]), name="reading_grant_level"),
        ]
        indexes = [models.Index(fields=["audience", "policy"], name="reading_by_audience")]

    def __str__(self) -> str:
        return f"{self.audience}: {self.level}"
