"""What was given out, to whom and where: PREMIS `dissemination` in the ledger (archive spec §2)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.db import transaction

from muniment.information.event_types import EventType
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor
from muniment.runtime.failpoints import failpoint
from muniment.storage.archive import Archive
from muniment.storage.exporting.export import (
    Exported,
    ExportForm,
    ExportRequest,
    OnProgress,
    export_version,
)
from muniment.storage.ledger.events import LedgerEvent
from muniment.storage.names import shown
from muniment.storage.telling import tell_catalogue

MEMBER = "dissemination"
"""The member of an event's payload that says what was given out, as values."""


@dataclass(frozen=True, slots=True)
class Dissemination:
    """One version that left the archive. `event_id` is the same whenever the same export is told.

    `to` is a place on this host: an address that may hold a password would have to lose it first.
    """

    event_id: str
    object_id: ObjectId
    number: int
    form: ExportForm
    to: Path
    file_count: int
    size_bytes: int


def give_out(
    request: ExportRequest, *, archive: Archive, actor: Actor, on_progress: OnProgress
) -> Exported:
    """Copy a version out and record it; it stands in the ledger when this returns.

    Raises what `export_version` and `Ledger.append` raise.
    """
    done = export_version(
        request, root=archive.root, actor=actor, clock=archive.clock, on_progress=on_progress
    )
    told = Dissemination(
        event_id=str(uuid4()),
        object_id=done.object_id,
        number=done.number,
        form=request.form,
        to=done.target,
        file_count=done.file_count,
        size_bytes=done.size_bytes,
    )
    record_dissemination(told, archive=archive, actor=actor)
    return done


def record_dissemination(told: Dissemination, *, archive: Archive, actor: Actor) -> None:
    """Append the event to the ledger and let the catalogue know. Raises as `Ledger.append`."""
    to = shown(told.to.absolute())
    event = LedgerEvent(
        event_id=told.event_id,
        event_type=EventType.DISSEMINATION,
        at=archive.clock.now(),
        detail=f"version {told.number} was exported as {_FORMS[told.form]}",
        outcome_detail=f"{told.file_count} files, {told.size_bytes} bytes, to {to}",
        implementer=actor.name,
    )
    said = {
        "version": told.number,
        "form": told.form.value,
        "to": to,
        "file_count": told.file_count,
        "size_bytes": told.size_bytes,
    }
    (record,) = archive.ledger.append([event.record(told.object_id, **{MEMBER: said})])
    failpoint("consign.told")
    with transaction.atomic():
        tell_catalogue(record, without=MEMBER)


_FORMS = {
    ExportForm.FOLDER: "a folder",
    ExportForm.ZIP: "a ZIP file",
    ExportForm.BAG: "a bag",
    ExportForm.ORIGINAL: "the package as it came",
}
