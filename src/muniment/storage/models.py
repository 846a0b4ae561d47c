"""Tables of archival storage: where copies lie, and what each re-reading of them came to."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import models
from django.db.models import Q

from muniment.storage.types import FixityResult


class CopyState(models.TextChoices):
    """One version at one location (archive spec §4), as far as one local location needs it."""

    VERIFIED = "verified"
    DAMAGED = "damaged"
    MISSING = "missing"


class Location(models.Model):
    """A place where copies live. The embedded one is the root in the archive's home."""

    rebuilt = True

    name = models.CharField(max_length=100, unique=True)
    is_read_only = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class CopyQuerySet(models.QuerySet["Copy"]):
    """Questions about copies."""

    def oldest_reading(self) -> models.QuerySet[Copy, tuple[UUID, datetime]]:
        """Objects with the time since which some byte of each was not read, oldest first.

        A new version is read when it is sealed; what earlier versions brought is not.
        """
        grouped = (
            self.order_by().values_list("object_id").annotate(read_at=models.Min("verified_at"))
        )
        return grouped.order_by("read_at", "object_id")

    def due_for_fixity(
        self, now: datetime, period: timedelta
    ) -> models.QuerySet[Copy, tuple[UUID, datetime]]:
        """Objects that were not read in full within `period`, oldest first.

        A reading of tomorrow was noted by a wrong clock: nobody knows when it was.
        """
        is_over = models.Q(verified_at__lte=now - period)
        is_doubtful = models.Q(verified_at__gt=now + timedelta(days=1))
        return self.filter(is_over | is_doubtful).oldest_reading()


class Copy(models.Model):
    """One sealed version at one location; `verified_at` is when it was last read in full.

    `written_at` is when it was read back at its sealing; NULL where an interruption lost that.
    """

    rebuilt = True

    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="copies")
    object_id = models.UUIDField()
    number = models.PositiveIntegerField()
    is_head = models.BooleanField(default=True)
    state = models.CharField(max_length=20, choices=CopyState, default=CopyState.VERIFIED)
    inventory_sha512 = models.CharField(max_length=128)
    written_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField()

    objects = CopyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["location", "object_id", "number"], name="storage_copy_once"
            ),
            models.UniqueConstraint(
                fields=["location", "object_id"],
                condition=Q(is_head=True),
                name="storage_copy_one_head",
            ),
            models.CheckConstraint(
                condition=Q(state__in=CopyState.values), name="storage_copy_state"
            ),
        ]
        indexes = [models.Index(fields=["verified_at"], name="storage_copy_verified")]

    def __str__(self) -> str:
        return f"{self.object_id} v{self.number} at {self.location_id}"


class FixityQuerySet(models.QuerySet["FixityCheck"]):
    """Questions about the history of fixity."""

    def latest_of_each(self) -> FixityQuerySet:
        """The newest check of each object."""
        newer = FixityCheck.objects.filter(
            object_id=models.OuterRef("object_id"), seq__gt=models.OuterRef("seq")
        )
        return self.exclude(models.Exists(newer)).order_by("object_id")


class FixityCheck(models.Model):
    """One re-reading of one object in full. `seq` is the number of its record in the ledger.

    `lines` are the files that were not correct, as `FixityLine.as_json` says, at most 1,000.
    """

    rebuilt = True

    seq = models.BigIntegerField(primary_key=True)
    event_id = models.UUIDField(unique=True)
    run_id = models.UUIDField(db_index=True)
    object_id = models.UUIDField(db_index=True)
    version = models.PositiveIntegerField()
    checked_at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=200)
    outcome = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in FixityResult]
    )
    correct_count = models.BigIntegerField()
    mismatch_count = models.BigIntegerField()
    missing_count = models.BigIntegerField()
    unread_count = models.BigIntegerField()
    size_bytes = models.BigIntegerField()
    lines = models.JSONField(default=list)

    objects = FixityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=[each.value for each in FixityResult]),
                name="storage_fixity_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=FixityResult.CORRECT.value)
                | Q(mismatch_count=0, missing_count=0, unread_count=0),
                name="storage_fixity_correct",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.object_id} {self.outcome} at {self.checked_at:%Y-%m-%d}"

    @property
    def file_count(self) -> int:
        """How many files were looked at."""
        return self.correct_count + self.mismatch_count + self.missing_count + self.unread_count
