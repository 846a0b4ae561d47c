"""Rows of copies: one for each version in the embedded location, made after its bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from muniment.information.identifiers import ObjectId
from muniment.storage.models import Copy, CopyState, FixityCheck, Location
from muniment.storage.ports import StorageRoot
from muniment.storage.types import SealedVersion

EMBEDDED = "embedded"


def record_copy(sealed: SealedVersion, written_at: datetime | None = None) -> Copy:
    """Keep that a sealed version is one verified copy; idempotent.

    `written_at` is when it was read back; None: nobody knows, and the version's time counts.
    """
    return _record(
        sealed.object_id, sealed.number, sealed.inventory_sha512, sealed.created_at, written_at
    )


def _record(
    object_id: ObjectId,
    number: int,
    inventory_sha512: str,
    created_at: datetime,
    written_at: datetime | None = None,
) -> Copy:
    with transaction.atomic():
        location, _ = Location.objects.get_or_create(name=EMBEDDED)
        siblings = Copy.objects.filter(location=location, object_id=object_id)
        is_head = not siblings.filter(number__gt=number).exists()
        if is_head:
            siblings.filter(is_head=True).exclude(number=number).update(is_head=False)
        copy, _ = siblings.get_or_create(
            number=number,
            defaults={
                "location": location,
                "object_id": object_id,
                "is_head": is_head,
                "state": CopyState.VERIFIED,
                "inventory_sha512": inventory_sha512,
                "written_at": written_at,
                # Not before the version itself, should the clock have gone back.
                "verified_at": max(written_at or created_at, created_at),
            },
        )
        return copy


def drop_rebuilt_rows() -> None:
    """Empty the tables that storage and ledger can give back."""
    with transaction.atomic():
        for model in (FixityCheck, Copy, Location):
            model.objects.all().delete()


def count_copies(object_ids: Sequence[str]) -> dict[str, int]:
    """Return how many versions of each object have a row. One query."""
    rows = Copy.objects.filter(object_id__in=object_ids, location__name=EMBEDDED)
    counted = rows.order_by().values_list("object_id").annotate(n=Count("pk"))
    return {str(object_id): count for object_id, count in counted}


def newest_copy(object_id: str) -> int:
    """Return the number of the newest version that has a row, 0 without one. One query."""
    numbers = Copy.objects.filter(object_id=object_id).order_by("-number")
    return numbers.values_list("number", flat=True).first() or 0


def is_damage_told(object_id: str) -> bool:
    """Say whether a copy of an object is known to be damaged or missing. One query."""
    copies = Copy.objects.filter(object_id=object_id)
    return copies.exclude(state=CopyState.VERIFIED).exists()


def copied_objects() -> Iterator[ObjectId]:
    """Give the objects that have rows, whether storage has them or not."""
    rows = Copy.objects.filter(is_head=True).order_by("object_id")
    for object_id in rows.values_list("object_id", flat=True).iterator():
        yield ObjectId(str(object_id))


def copies_without_entity(known: QuerySet[Any, Any]) -> Iterator[ObjectId]:
    """Give the objects that have copies and are not among `known`, a query of object ids."""
    rows = Copy.objects.exclude(object_id__in=known).order_by("object_id")
    for object_id in rows.values_list("object_id", flat=True).distinct().iterator():
        yield ObjectId(str(object_id))


def record_copies_of(object_id: ObjectId, root: StorageRoot) -> int:
    """Make the rows of every version of an object from storage; return how many.

    Raises what `StorageRoot.open_version` raises.
    """
    numbers: Iterable[int] = range(1, root.head(object_id) + 1)
    for number in numbers:
        with root.open_version(object_id, number) as version:
            _record(object_id, number, version.inventory_sha512, version.created_at)
    return root.head(object_id)
