"""Telling the ledger that versions were sealed and catalogued: both events with one append.

A version whose `ledger_seq` is NULL is not told yet. What was appended before a crash could say so
in the table is found again in the ledger, so nothing is told twice and nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC

from django.db import transaction

from muniment.catalogue.indexing.ledger import accession_record, apply_records
from muniment.catalogue.models import Event, IntellectualEntity, Version
from muniment.runtime.clock import Clock
from muniment.runtime.failpoints import failpoint
from muniment.storage.archive import Archive
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.ledger.records import LedgerRecord, NewRecord
from muniment.storage.sealings import Sealing, apply_sealing, written_times

Versions = Sequence[Version]


def tell_ledger(object_ids: Sequence[str], archive: Archive, *, may_be_told: bool) -> set[str]:
    """Append what the ledger lacks about the versions of these objects; return whose rows changed.

    `may_be_told`: an earlier call may have been cut off behind its append, or the ledger may know
    these objects from before they were catalogued; it is read first, from the day of the oldest of
    the versions on. In the caller's transaction, which holds back whoever does the same. Raises
    what `Ledger.append` raises.
    """
    with transaction.atomic():
        versions = _untold(object_ids)
        changed = {str(each.entity.object_id) for each in versions}
        if versions and may_be_told:
            _apply(list(_told_before(versions, archive.ledger)))
            versions = _untold(object_ids)
        if versions:
            records = archive.ledger.append(_unknown(_new_records(versions, archive.clock)))
            failpoint("index.told")
            _apply(records)
    return changed


def _untold(object_ids: Sequence[str]) -> Versions:
    """Return the versions that the ledger does not know of, locking their entities."""
    entities = IntellectualEntity.objects.filter(object_id__in=object_ids)
    locked = list(entities.order_by("pk").select_for_update().values_list("pk", flat=True))
    rows = Version.objects.filter(entity__in=locked, ledger_seq__isnull=True)
    return list(rows.select_related("entity").order_by("entity__object_id", "number"))


def _told_before(versions: Versions, ledger: Ledger) -> Iterator[LedgerRecord]:
    since = min(each.created_at for each in versions).astimezone(UTC).date()
    wanted = {str(each.entity.object_id) for each in versions}
    return (each for each in ledger.read(since=since) if each.object_id in wanted)


def _new_records(versions: Versions, clock: Clock) -> Iterator[NewRecord]:
    """Give the sealing before the cataloguing of each: who finds the second knows of both."""
    written = written_times({str(each.entity.object_id) for each in versions})
    for each in versions:
        object_id, sha512 = str(each.entity.object_id), bytes(each.inventory_sha512).hex()
        written_at = written.get((object_id, each.number))
        yield Sealing(object_id, each.number, each.created_at, sha512, written_at).record()
        yield accession_record(object_id, each.number, at=clock.now())


def _unknown(records: Iterable[NewRecord]) -> list[NewRecord]:
    """Leave out the events that a torn append left whole."""
    by_id = {str(each.payload["event_id"]): each for each in records}
    known = Event.objects.filter(event_id__in=list(by_id)).values_list("event_id", flat=True)
    for event_id in known:
        del by_id[str(event_id)]
    return list(by_id.values())


def _apply(records: Sequence[LedgerRecord]) -> None:
    for record in records:
        apply_sealing(record)
    apply_records(records)
