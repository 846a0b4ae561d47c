"""Letting the catalogue know what storage recorded in the ledger."""

from __future__ import annotations

from muniment.storage.ledger.records import LedgerRecord
from muniment.work import outbox


def tell_catalogue(record: LedgerRecord, *, without: str = "") -> None:
    """Announce a record; `without` is a member of its payload that is for rows of storage only.

    In the caller's transaction.
    """
    outbox.add(
        "ledger recorded",
        object_id=record.object_id,
        seq=record.seq,
        recorded_at=record.recorded_at.isoformat(),
        kind=record.kind,
        payload={name: value for name, value in record.payload.items() if name != without},
    )
