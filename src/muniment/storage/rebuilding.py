"""Making the rows of storage anew from the root and the ledger (DESIGN §1.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor, require
from muniment.runtime.errors import (
    CorruptObject,
    Damaged,
    Missing,
    StorageUnavailable,
    Unavailable,
    WrongState,
)
from muniment.runtime.findings import Finding
from muniment.storage.copies import drop_rebuilt_rows, record_copies_of
from muniment.storage.fixity.recording import apply_check
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.ledger.records import LedgerRecord
from muniment.storage.models import Copy
from muniment.storage.ports import StorageRoot
from muniment.storage.sealings import apply_sealing


@dataclass(slots=True)
class StorageRebuilt:
    """How many rows there are again, and what could not be read.

    `unread` are objects with the reason, `bad_records` what is wrong with records of the ledger,
    `unlisted` which folders nobody can look into.
    """

    copies: int = 0
    checks: int = 0
    unread: dict[str, str] = field(default_factory=dict)
    bad_records: list[str] = field(default_factory=list)
    unlisted: str = ""
    findings: list[Finding] = field(default_factory=list)


def rebuild_rows(
    *,
    root: StorageRoot,
    ledger: Ledger,
    actor: Actor,
    on_object: Callable[[int, str], None] = lambda _done, _object_id: None,
) -> StorageRebuilt:
    """Drop locations, copies and the history of fixity, and make them again.

    Goes on behind an object that cannot be read and tells it. Raises PermissionDenied, WrongState
    (see `refuse_empty`).
    """
    require(actor, "catalogue.rebuild")
    refuse_empty(root, is_known=Copy.objects.exists())
    drop_rebuilt_rows()
    report = StorageRebuilt()
    try:
        for done, object_id in enumerate(root.object_ids(), start=1):
            _record_copies(object_id, root, report)
            on_object(done, object_id)
    except StorageUnavailable as exc:
        report.unlisted = str(exc)
    for record in ledger.read(report.findings.append):
        try:
            report.checks += apply_to_rows(record)
        except CorruptObject as exc:
            report.bad_records.append(str(exc))
    return report


def _record_copies(object_id: ObjectId, root: StorageRoot, report: StorageRebuilt) -> None:
    try:
        report.copies += record_copies_of(object_id, root)
    except (Damaged, Missing, Unavailable) as exc:
        report.unread[object_id] = str(exc)


def refuse_empty(root: StorageRoot, *, is_known: bool) -> None:
    """Raise WrongState when rows are there and storage is not: most likely no disk is mounted.

    Storage that holds nothing would make a catalogue that knows nothing.
    """
    if is_known and next(root.object_ids(), None) is None:
        raise WrongState(
            "objects are catalogued, but storage holds none: is its disk mounted? Nothing was"
            " changed; `muniment init --reset` begins with an empty archive"
        )


def apply_to_rows(record: LedgerRecord) -> bool:
    """Write what a record says of checks and sealings; say whether it was a check. Idempotent."""
    return not apply_sealing(record) and apply_check(record)
