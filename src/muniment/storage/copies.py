"""Rows of copies: one for each version in the embedded location, made after its bytes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

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


def record_copies_of(object_id: ObjectId, root: StorageRoot) -> int:
    """Make the rows of every version of an object from storage; return how many.

    Raises what `StorageRoot.open_version` raises.
    """
    numbers: Iterable[int] = range(1, root.head(object_id) + 1)
    for number in numbers:
        with root.open_version(object_id, number) as version:
            _record(object_id, number, version.inventory_sha512, version.created_at)
    return root.head(object_id)
