"""Making the catalogue follow storage and ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import DataError, IntegrityError, transaction

from muniment.catalogue.indexing.ledger import apply_records
from muniment.catalogue.indexing.ledger_parsing import KINDS
from muniment.catalogue.indexing.version import write_version
from muniment.catalogue.models import IntellectualEntity, Version
from muniment.catalogue.services.accession import first_day, tell_ledger, untold
from muniment.information.identifiers import ObjectId
from muniment.runtime.errors import CorruptObject, Locked, MunimentError
from muniment.runtime.failpoints import failpoint
from muniment.storage.archive import Archive
from muniment.storage.ledger.records import LedgerRecord
from muniment.storage.ports import StorageRoot, StoredVersion
from muniment.storage.queries import was_checked
from muniment.work import outbox
from muniment.work.leases import long_transaction

CHANGED = "entity changed"
"""The domain event after which search looks at an entity again."""


@dataclass(frozen=True, slots=True)
class IndexedVersion:
    """A version that the catalogue knows. `was_there`: it knew it before."""

    object_id: ObjectId
    number: int
    was_there: bool


def index_version(
    object_id: ObjectId, number: int | None = None, *, archive: Archive
) -> IndexedVersion:
    """Write the rows of a sealed version (the newest without a number), read from storage alone.

    Versions before it that the catalogue lacks come first. Then the ledger is told, and only then
    search: a call that was cut off in between is finished by the next one. A second call changes
    nothing. Raises ObjectMissing, VersionMissing, StorageUnavailable, CorruptObject,
    InvalidPackage (metadata that nobody can read), Conflict (an identifier of another entity),
    Locked (another process indexes the same entity now; retried), and what `Ledger.append` raises.
    """
    with long_transaction():
        done = index_up_to(object_id, number, root=archive.root)
        failpoint("index.written")
    # A check may have been made of a version that waited for its cataloguing.
    may_be_told = done.was_there or was_checked(object_id)
    new = untold().filter(entity__object_id=object_id)
    since = first_day(new, clock=archive.clock) if may_be_told else None
    with transaction.atomic():
        for changed in tell_ledger([object_id], archive, since=since):
            outbox.add(CHANGED, object_id=changed)
    return done


def index_up_to(object_id: ObjectId, number: int | None, *, root: StorageRoot) -> IndexedVersion:
    """Do the work of `index_version` inside the caller's transaction, and tell nobody."""
    wanted = number or root.head(object_id)
    entity = IntellectualEntity.objects.select_for_update().filter(object_id=object_id).first()
    head = entity.head if entity else 0
    if wanted and head >= wanted:
        with root.open_version(object_id, wanted) as stored:
            _check_same(entity, stored)
        return IndexedVersion(object_id, wanted, was_there=True)
    for each in [*range(head + 1, wanted), wanted or None]:
        with root.open_version(object_id, each) as stored:
            entity = _write(stored, entity)
    return IndexedVersion(object_id, wanted, was_there=False)


def index_readable(object_id: ObjectId, newest: int, *, root: StorageRoot) -> MunimentError | None:
    """Index the versions up to `newest` that the catalogue lacks; return what ended it early.

    In the caller's transaction; the versions before one that cannot be read stay.
    """
    known = IntellectualEntity.objects.filter(object_id=object_id).values_list("head", flat=True)
    try:
        for number in range((known.first() or 0) + 1, newest + 1):
            with transaction.atomic():
                index_up_to(object_id, number, root=root)
    except MunimentError as exc:
        return exc
    except DataError as exc:
        return CorruptObject(f"the database does not take its metadata: {exc}")
    return None


def _write(stored: StoredVersion, entity: IntellectualEntity | None) -> IntellectualEntity:
    try:
        with transaction.atomic():
            return write_version(stored, entity)
    except IntegrityError as exc:
        is_there = IntellectualEntity.objects.filter(object_id=stored.object_id).exists()
        if entity is None and is_there:
            raise Locked(f"{stored.object_id} is being indexed by another process") from exc
        raise CorruptObject(
            f"the metadata of {stored.object_id} v{stored.number} contradict themselves: {exc}"
        ) from exc


def _check_same(entity: IntellectualEntity | None, stored: StoredVersion) -> None:
    """Raise CorruptObject when storage has another version under this number than was indexed."""
    row = Version.objects.get(entity=entity, number=stored.number)
    if bytes(row.inventory_sha512).hex() != stored.inventory_sha512:
        raise CorruptObject(
            f"version {stored.number} of {stored.object_id} in storage is not the one that the "
            "catalogue knows; check it with `muniment fixity run` and then `muniment rebuild`"
        )


def apply_ledger(records: Iterable[LedgerRecord]) -> set[str]:
    """Write what records of the ledger say: events, tags, states of the lifecycle.

    Idempotent and independent of order. Returns the objects that the catalogue does not know;
    their records wait in the ledger until the objects are indexed.
    """
    taken = [record for record in records if record.kind in KINDS]
    with transaction.atomic():
        unknown = apply_records(taken)
        for object_id in sorted({record.object_id for record in taken} - unknown):
            outbox.add(CHANGED, object_id=object_id)
        failpoint("index.ledger_applied")
    return unknown
