"""What the database's own search adapters keep, beside the words themselves."""

from __future__ import annotations

from django.db import models


class SearchDocument(models.Model):
    """One entity as search sees it: what is shown, sorted and compared."""

    rebuilt = True

    object_id = models.UUIDField(unique=True)
    owner = models.CharField(max_length=255, blank=True)
    title = models.TextField(blank=True)
    description = models.TextField(blank=True)
    archived_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    file_count = models.BigIntegerField()
    size_bytes = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["owner"], name="search_by_owner"),
            models.Index(fields=["archived_at"], name="search_by_archived"),
            models.Index(fields=["modified_at"], name="search_by_modified"),
            models.Index(fields=["size_bytes"], name="search_by_size"),
        ]

    def __str__(self) -> str:
        return str(self.object_id)


class SearchFacet(models.Model):
    """One value of a field that is counted and filtered by: format, source, tag, outcome…"""

    rebuilt = True

    document = models.ForeignKey(
        SearchDocument, on_delete=models.CASCADE, related_name="facets", db_index=False
    )
    field = models.CharField(max_length=32)
    value = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "field", "value"], name="search_facet_once")
        ]
        indexes = [models.Index(fields=["field", "value", "document"], name="search_facet_value")]

    def __str__(self) -> str:
        return f"{self.field}:{self.value}"
