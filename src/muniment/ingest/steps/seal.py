"""Make the version: the only step after which something is in storage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from muniment.information.event_types import EventType
from muniment.information.identifiers import ObjectId
from muniment.ingest.area import WorkArea, read_rows
from muniment.ingest.step import Step, StepContext, StepResult
from muniment.runtime.registry import adapter_of
from muniment.storage.ports import StorageRoot
from muniment.storage.services import keep_sealed, seal
from muniment.storage.types import StagedFile, StagedVersion


class Seal(Step):
    """Storage writes, syncs, reads back, verifies and renames in (`storage.services.seal`)."""

    name = "seal"
    title = _("Seal")
    about = _("Makes the package a version in storage: written, read back, then renamed in.")
    event_type = (
        EventType.FIXITY_CHECK
    )  # of the read-back; `describe` wrote the version's own event
    on_entity = True
    passed = _("The version was sealed.")
    failed = _("The version could not be sealed.")
    in_dry_run = False

    def run(self, context: StepContext) -> StepResult:
        """Raises VersionConflict (described again), NoSpace, StorageUnavailable, FixityMismatch."""
        described = context.area.read_document("described")
        root = adapter_of(StorageRoot)  # type: ignore[type-abstract]  # a port is a Protocol
        if made := described.get("sealed"):
            keep_sealed(ObjectId(described["object_id"]), root=root, actor=context.actor)
            context.submission.version = made
            return StepResult(detail=f"version {made} was sealed before an interruption")
        sealed = seal(
            _staged_version(context, described),
            root=root,
            actor=context.actor,
            clock=context.clock,
        )
        context.submission.version = sealed.number
        return StepResult(
            detail=f"version {sealed.number}: {sealed.file_count} files, "
            f"{sealed.new_bytes} new bytes"
        )


def _staged_version(context: StepContext, described: dict[str, Any]) -> StagedVersion:
    verb = "Ingest" if described["expected_head"] == 0 else "Ingest again"
    return StagedVersion(
        object_id=ObjectId(described["object_id"]),
        expected_head=described["expected_head"],
        files=lambda: staged_files(context.area),
        message=f"{verb}: {described['name']}",
        user_name=context.actor.name,
        user_address=context.actor.address,
        created_at=datetime.fromisoformat(described["created_at"]),
    )


def staged_files(area: WorkArea) -> Iterator[StagedFile]:
    """Yield what `describe` staged."""
    return read_rows(area.staged, _staged_file)


def _staged_file(row: dict[str, Any]) -> StagedFile:
    return StagedFile(
        row["logical_path"], Path(row["source"]), row["size_bytes"], row["sha512"], row["fixity"]
    )
