"""Decide which object the package belongs to; write METS, PREMIS and the rest of its version."""

from __future__ import annotations

import shutil

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from muniment.catalogue.services.reservations import (
    Choice,
    Reserved,
    hold_identifiers,
    reserve_object,
)
from muniment.information.aip import write_aip
from muniment.information.event_types import EventType
from muniment.information.identifiers import ObjectId, parse_object_id
from muniment.ingest.area import write_rows
from muniment.ingest.describing import Describing
from muniment.ingest.earlier import read_earlier, version_made_by
from muniment.ingest.package_facts import PackageFacts
from muniment.ingest.step import Step, StepContext, StepResult
from muniment.runtime.errors import InvalidPackage
from muniment.runtime.registry import adapter_of
from muniment.storage.ports import StorageRoot


class Describe(Step):
    """Everything that the version holds is in the work area afterwards, and listed."""

    name = "describe"
    title = _("Describe")
    about = _("Writes METS, PREMIS and the description that go into the package.")
    event_type = EventType.INFORMATION_PACKAGE_CREATION
    on_entity = True
    passed = _("METS, PREMIS and descriptive metadata were written.")
    failed = _("The package could not be described.")

    def run(self, context: StepContext) -> StepResult:
        """Raises DecisionNeeded when it is another's object, ObjectMissing, InvalidPackage."""
        area = context.area
        facts = PackageFacts.read(area)
        reserved = _object_of(context, facts)
        root = adapter_of(StorageRoot)  # type: ignore[type-abstract]  # a port is a Protocol
        head = root.head(reserved.object_id)
        earlier = read_earlier(root, reserved.object_id, head)
        submission_id = str(context.submission.submission_id)
        made = version_made_by(submission_id, root, reserved.object_id, earlier, head)
        if made is not None:
            area.write_document("described", {"object_id": reserved.object_id, "sealed": made})
            return StepResult(detail=f"version {made} was sealed before an interruption")
        describing = Describing(
            context=context,
            facts=facts,
            object_id=reserved.object_id,
            identifiers=reserved.identifiers,
            head=head,
            earlier=earlier,
            created_at=context.clock.now(),
            root=root,
        )
        shutil.rmtree(area.aip, ignore_errors=True)
        written = write_aip(describing.description(), area.aip)
        count = write_rows(area.staged, describing.staged(written))
        area.write_document("described", describing.as_json())
        return StepResult(detail=f"{count} files in the version")


def _object_of(context: StepContext, facts: PackageFacts) -> Reserved:
    """Return the object of this submission, the same each time it is asked."""
    submission = context.submission
    choice = submission.decision.get("choice")
    if submission.object_id is not None:
        # Named by an earlier attempt, which may have lost its head to another version.
        object_id = ObjectId(str(submission.object_id))
        mine = () if choice == Choice.NEW_OBJECT else facts.identifiers
        kept = hold_identifiers(object_id, mine, actor=context.actor, clock=context.clock)
        return Reserved(object_id, 0, kept)
    if choice == Choice.REFUSE:
        raise InvalidPackage(f"refused by {submission.decision.get('by')}")
    requested = submission.requested_object
    with transaction.atomic():
        reserved = reserve_object(
            facts.identifiers,
            requested=parse_object_id(requested) if requested else None,
            actor=context.actor,
            clock=context.clock,
            decision=Choice(choice) if choice else None,
        )
        if submission.dry_run:
            transaction.set_rollback(True)  # a dry run holds no identifier
            return reserved
        submission.object_id = reserved.object_id
        submission.save(update_fields=["object_id"])
    return reserved
