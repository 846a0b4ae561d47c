"""Keeping the counts of each owner."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F

from muniment.catalogue.models import IntellectualEntity, OwnerTotal


@dataclass(frozen=True, slots=True)
class Counted:
    """What an entity adds to the counts of its owner; None = it is not counted yet."""

    owner: str | None = None
    file_count: int = 0
    size_bytes: int = 0


def counted(entity: IntellectualEntity | None) -> Counted:
    """Return what an entity adds now."""
    if entity is None:
        return Counted()
    return Counted(entity.owner, entity.file_count, entity.size_bytes)


def move(before: Counted, entity: IntellectualEntity) -> None:
    """Take away what the entity added before and add what it comes to now.

    Comes last in a transaction: the row of an owner is one that all writers want.
    """
    after = counted(entity)
    if before.owner is not None:
        _add(before, -1)
    _add(after, 1)


def _add(change: Counted, sign: int) -> None:
    OwnerTotal.objects.get_or_create(owner=change.owner)
    OwnerTotal.objects.filter(owner=change.owner).update(
        entity_count=F("entity_count") + sign,
        file_count=F("file_count") + sign * change.file_count,
        size_bytes=F("size_bytes") + sign * change.size_bytes,
    )
