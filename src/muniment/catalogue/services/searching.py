"""Keeping the catalogue in step with storage's ledger, and search in step with the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from muniment.catalogue.ports import SearchIndex
from muniment.catalogue.search_documents import documents_of
from muniment.catalogue.services.indexing import CHANGED, apply_ledger
from muniment.storage.ledger.records import LedgerRecord
from muniment.work import outbox

RECORDED = "ledger recorded"
"""The domain event by which storage tells of a record: its members, as in the ledger."""


def subscribe_catalogue(index: SearchIndex) -> None:
    """Let the catalogue follow the ledger, and search every change of an entity.

    Every process calls it at its start: an event is kept for the subscribers that are known.
    """

    def hear_change(event: outbox.Event) -> None:
        index_search([event.entity], index=index)

    outbox.subscribe("catalogue.ledger", [RECORDED], _hear_record)
    outbox.subscribe("catalogue.search", [CHANGED], hear_change)


def _hear_record(event: outbox.Event) -> None:
    said = event.payload
    at = datetime.fromisoformat(said["recorded_at"])
    record = LedgerRecord(said["seq"], at, said["kind"], said["object_id"], said["payload"])
    apply_ledger([record])


def index_search(object_ids: Iterable[str], *, index: SearchIndex) -> int:
    """Look at these entities again; those that are gone leave the index. Returns how many stay."""
    wanted = list(dict.fromkeys(object_ids))
    known = set()
    count = 0
    for document in documents_of(wanted):
        known.add(document.object_id)
        count += index.index([document])
    index.delete(set(wanted) - known)
    return count
