"""What people keep for themselves: searches; and what became of each object of a bulk job."""

from __future__ import annotations

from django.db import models

from muniment.catalogue.types import ItemState, one_of
from muniment.work.models import Job


class SavedSearch(models.Model):
    """A search with a name, of one user."""

    rebuilt = False

    owner = models.CharField(max_length=255)
    name = models.CharField(max_length=100)
    query = models.CharField(max_length=2000, blank=True)
    sort = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_search_a_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="search_is_named"),
        ]

    def __str__(self) -> str:
        return self.name


class BulkItem(models.Model):
    """One object of a bulk job. `object_id` is what was asked for, whether it is there or not."""

    rebuilt = False

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="+", db_index=False)
    position = models.PositiveIntegerField()
    object_id = models.CharField(max_length=100)
    state = models.CharField(max_length=12, default=ItemState.WAITING.value)
    message = models.TextField(blank=True)
    result = models.CharField(max_length=300, blank=True)
    """The name of what was made, for an export."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="bulk_item_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=one_of(ItemState)), name="bulk_item_state"
            ),
        ]
        indexes = [models.Index(fields=["job", "state", "position"], name="bulk_item_by_state")]

    def __str__(self) -> str:
        return f"{self.job_id}/{self.position}"
