"""Telling the ledger that versions were sealed and catalogued: both events with one append.

A version whose `ledger_seq` is NULL is not told yet. What was appended before a crash could say so
in the table is found again in the ledger, so nothing is told twice and nothing is forgotten.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from django.db import transaction
from django.db.models import Max, Min, QuerySet

from muniment.catalogue.indexing.ledger import accession_record, apply_records
from muniment.catalogue.models import Event, IntellectualEntity, Version
from muniment.runtime.clock import Clock
from muniment.runtime.errors import CorruptObject
from muniment.runtime.failpoints import failpoint
from muniment.storage.archive import Archive
from muniment.storage.ledger.records import LedgerRecord, NewRecord
from muniment.storage.rebuilding import apply_to_rows
from muniment.storage.sealings import Sealing, written_times

log = logging.getLogger(__name__)
_PARAMETERS = 900  # that SQLite takes in one statement

Versions = Sequence[Version]
Untold = QuerySet[Version, Version]


def tell_ledger(
    object_ids: Sequence[str], archive: Archive, *, since: date | None = None
) -> set[str]:
    """Append what the ledger lacks about the versions of these objects; return whose rows changed.

    `since`: an earlier call may have been cut off behind its append, or the ledger may know the
    objects from before they were catalogued; it is read first, from that day on. In the caller's
    transaction, which holds back whoever does the same. Raises what `Ledger.append` raises.
    """
    with transaction.atomic():
        versions = _untold(object_ids)
        changed = {str(each.entity.object_id) for each in versions}
        if versions and since is not None:
            told = archive.ledger.read(since=since)
            hear_ledger(each for each in told if each.object_id in changed)
            versions = _untold(object_ids)
        if versions:
            records = archive.ledger.append(list(_new_records(versions, archive.clock)))
            failpoint("index.told")
            hear_ledger(records)
    return changed


def first_day(versions: Untold, *, clock: Clock) -> date | None:
    """Return the UTC day of the oldest of these versions, before which no record speaks of them.

    The first of all days when a version is of tomorrow: the clock was set back since, perhaps
    before the record was made.
    """
    found = versions.aggregate(oldest=Min("created_at"), newest=Max("created_at"))
    oldest, newest = found["oldest"], found["newest"]
    if oldest is None or newest is None:
        return None
    return date.min if newest > clock.now() else oldest.astimezone(UTC).date()


def untold() -> Untold:
    """Give the versions that the ledger does not know of."""
    return Version.objects.filter(ledger_seq__isnull=True)


def hear_ledger(records: Iterable[LedgerRecord]) -> None:
    """Write what records say, into the rows of storage and into the catalogue.

    A record that nobody can read is passed over, with a line in the log; a rebuild reports it.
    """
    apply_records(_heard(records), _log_bad)


def _heard(records: Iterable[LedgerRecord]) -> Iterator[LedgerRecord]:
    for record in records:
        try:
            apply_to_rows(record)
        except CorruptObject as exc:
            _log_bad(exc)
            continue
        yield record


def _log_bad(exc: CorruptObject) -> None:
    log.error("a record of the ledger was passed over", extra={"reason": str(exc)})


def _untold(object_ids: Sequence[str]) -> Versions:
    """Return the versions that the ledger does not know of, locking their entities."""
    entities = IntellectualEntity.objects.filter(object_id__in=object_ids)
    locked = list(entities.order_by("pk").select_for_update().values_list("pk", flat=True))
    rows = untold().filter(entity__in=locked)
    return list(rows.select_related("entity").order_by("entity__object_id", "number"))


def _new_records(versions: Versions, clock: Clock) -> Iterator[NewRecord]:
    """Give the sealing before the cataloguing of each: who finds the second knows of both.

    A sealing that is told already was left whole by a torn append.
    """
    written = written_times({str(each.entity.object_id) for each in versions})
    sealings = [_sealing_of(each, written) for each in versions]
    told = _known([each.event_id for each in sealings])
    for each in sealings:
        if each.event_id not in told:
            yield each.record()
        yield accession_record(each.object_id, each.number, at=clock.now())


def _sealing_of(version: Version, written: Mapping[tuple[str, int], datetime | None]) -> Sealing:
    object_id = str(version.entity.object_id)
    return Sealing(
        object_id=object_id,
        number=version.number,
        created_at=version.created_at,
        inventory_sha512=bytes(version.inventory_sha512).hex(),
        written_at=written.get((object_id, version.number)),
    )


def _known(event_ids: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(event_ids), _PARAMETERS):
        some = Event.objects.filter(event_id__in=event_ids[start : start + _PARAMETERS])
        known.update(str(each) for each in some.values_list("event_id", flat=True))
    return known
