"""Making the rows of storage anew from the root and the ledger (DESIGN §1.1)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from muniment.runtime.actor import Actor, require
from muniment.runtime.errors import Damaged, Missing, Unavailable
from muniment.runtime.findings import Finding
from muniment.storage.copies import drop_rebuilt_rows, record_copies_of
from muniment.storage.fixity.recording import apply_check
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.ledger.records import LedgerRecord
from muniment.storage.ports import StorageRoot
from muniment.storage.sealings import apply_sealing


@dataclass(slots=True)
class StorageRebuilt:
    """How many rows there are again; what could not be read, by object id; ledger findings."""

    copies: int = 0
    checks: int = 0
    unread: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def rebuild_rows(
    *,
    root: StorageRoot,
    ledger: Ledger,
    actor: Actor,
    on_object: Callable[[int, str], None] = lambda _done, _object_id: None,
) -> StorageRebuilt:
    """Drop locations, copies and the history of fixity, and make them again.

    Goes on behind an object that cannot be read and tells it. Raises PermissionDenied.
    """
    require(actor, "catalogue.rebuild")
    drop_rebuilt_rows()
    report = StorageRebuilt()
    for done, object_id in enumerate(root.object_ids(), start=1):
        try:
            report.copies += record_copies_of(object_id, root)
        except (Damaged, Missing, Unavailable) as exc:
            report.unread[object_id] = str(exc)
        on_object(done, object_id)
    for record in ledger.read(report.findings.append):
        report.checks += apply_to_rows(record)
    return report


def apply_to_rows(record: LedgerRecord) -> bool:
    """Write what a record says of checks and sealings; say whether it was a check. Idempotent."""
    return not apply_sealing(record) and apply_check(record)
