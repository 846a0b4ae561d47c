"""Finding where the ledger ends, whatever is damaged: the next number must be a new one."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from muniment.information.identifiers import ObjectId
from muniment.runtime.errors import Damaged, Missing, Unavailable
from muniment.storage.ledger.days import months_in, order_of, sealed_files
from muniment.storage.ledger.end_mark import End
from muniment.storage.ledger.lines import last_record
from muniment.storage.ledger.records import NO_DIGEST, LedgerRecord
from muniment.storage.ledger.salvage import salvaged_files
from muniment.storage.ports import StorageRoot, StoredVersion
from muniment.storage.types import LEDGER_PREFIX

if TYPE_CHECKING:
    from muniment.storage.ledger.ledger import Ledger

log = logging.getLogger(__name__)

LEAP = 1_000_000_000
"""Numbers left out when nobody can say how many a lost month had: more than a month can have."""

_SAID = re.compile(r"up to record (\d{1,16}), sha256:([0-9a-f]{64})")


def message_of(day: str, last: LedgerRecord | None) -> str:
    """Return the message of the version that seals a day; it says what a file cut short lacks."""
    return f"Ledger of {day}" + (f" up to record {last.seq}, sha256:{last.digest}" if last else "")


def find_end(ledger: Ledger, today: str) -> End:
    """Return the end of the chain. The caller holds the ledger's lock.

    Several witnesses are asked: the open days, the mark beside them, and, for the first record of
    a day or without a mark, what is sealed. The highest number that one of them knows counts.
    """
    opened, mark = _open_end(ledger), ledger.end_mark.read()
    ends = [opened, mark or End()]
    if mark is None or opened.day < today:
        ends.append(_sealed_end(ledger, mark))
    # With the digest of the record goes before a mere number.
    end = max(ends, key=lambda each: (each.seq, each.digest))
    found = max(each.seq for each in ends if each is not mark)
    if end.seq > found:
        log.error("the ledger is cut short", extra={"found": found, "told": end.seq})
    return End(end.seq, end.digest, max(each.day for each in ends))


def _open_end(ledger: Ledger) -> End:
    days = ledger.journal.days()
    end, behind = End(day=days[-1] if days else ""), 0
    for day in reversed(days):
        if ledger.journal.cut_torn_line(day):
            log.warning("torn ledger line cut off", extra={"day": day})
        record, unreadable = ledger.journal.last_record(day)
        behind += unreadable
        if record:
            return _beyond(End(record.seq, record.digest, end.day), behind)
    return _beyond(end, behind)


def _beyond(end: End, unreadable: int) -> End:
    """Return the end when so many lines behind it are no records, and may have been some."""
    return End(end.seq + unreadable, NO_DIGEST if unreadable else end.digest, end.day)


def _sealed_end(ledger: Ledger, mark: End | None) -> End:
    """Return the end of what is sealed; behind a month that nobody can open it is a guess."""
    day, behind = "", 0
    for object_id in reversed(months_in(ledger.root)):
        try:
            with ledger.root.open_version(object_id) as version:
                end, unreadable = _end_of(version)
        except (Damaged, Missing, Unavailable) as exc:
            log.warning("a month of the ledger is damaged", extra={"reason": str(exc)})
            end, unreadable = _salvaged_end(ledger.root, object_id)
            if mark is None or mark.day < end.day:
                unreadable += LEAP
        day, behind = max(day, end.day), behind + unreadable
        if end.seq:
            return _beyond(replace(end, day=day), behind)
    return End(behind, day=day)


def _end_of(version: StoredVersion) -> tuple[End, int]:
    """Return the last record of a month, and how many lines behind it are none."""
    said = _SAID.search(version.message)
    paths = sealed_files(version)
    end, behind = End(day=order_of(paths[-1])[0] if paths else ""), 0
    for path in reversed(paths):
        try:
            with version.open(path) as stream:
                record, unreadable = last_record(stream)
        except (Damaged, Unavailable, OSError) as exc:
            log.warning("a day of the ledger is damaged", extra={"path": path, "reason": str(exc)})
            continue
        behind += unreadable
        if record:
            end = replace(end, seq=record.seq, digest=record.digest)
            break
    if said and int(said[1]) >= end.seq + behind:
        return End(int(said[1]), said[2], end.day), 0
    return end, behind


def _salvaged_end(root: StorageRoot, object_id: ObjectId) -> tuple[End, int]:
    end, behind = End(day=object_id.removeprefix(LEDGER_PREFIX) + "-01"), 0
    for path in salvaged_files(root, object_id):
        end = replace(end, day=order_of(path.name)[0])
        try:
            with path.open("rb") as stream:
                record, unreadable = last_record(stream)
        except OSError as exc:
            log.warning("a day of the ledger is damaged", extra={"path": path.name, "reason": exc})
            continue
        behind = unreadable if record else behind + unreadable
        if record:
            end = replace(end, seq=record.seq, digest=record.digest)
    return end, behind
