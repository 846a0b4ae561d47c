"""Sending a refused package again: a new submission of what is kept in quarantine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import ijson
from django.db import transaction

from muniment.information.identifiers import new_object_id
from muniment.information.paths import decode_name
from muniment.ingest.deposit_area import DepositArea
from muniment.ingest.models import Deposit, Submission
from muniment.ingest.services.deposits import Finalising
from muniment.ingest.services.quarantine import quarantined_one
from muniment.ingest.services.submissions import SubmissionRequest, submit
from muniment.ingest.types import DepositKind, DepositState, StepState
from muniment.ingest.verifying import name_of
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.durable import storage_errors, sync_file_system
from muniment.runtime.errors import WrongState
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of


def may_be_sent_again(submission: Submission) -> bool:
    """Say whether the whole package is kept: one that could not be unpacked is not."""
    runs = submission.step_runs.filter(name="unpack", state=StepState.DONE)
    return submission.in_quarantine and runs.exists()


def send_again(submission_id: str, how: Finalising, *, actor: Actor, clock: Clock) -> Submission:
    """Make a new submission of a refused package as it is kept; it stays in quarantine too.

    The package gets its own names back. Raises PermissionDenied, ObjectMissing when nothing is
    kept, WrongState when it was refused while it was unpacked: only its sender has all of it.
    """
    require(actor, "submission.create")
    refused, place = quarantined_one(submission_id, actor=actor)
    if not may_be_sent_again(refused):
        raise WrongState(
            "this package was refused while it was unpacked, so that not all of it is kept here: "
            "mend it and send it from where it came"
        )
    deposit_id = new_object_id()
    area = DepositArea.of(adapter_of(ArchiveHome), deposit_id)
    name = name_of(refused.source_path)
    area.make()
    try:
        _link_all(place, area.package(name))
        return _submit(refused, deposit_id, name, how, actor=actor, clock=clock)
    except BaseException:
        area.remove()
        raise


def _submit(  # what is sent, as what, how, by whom
    refused: Submission, deposit_id: str, name: str, how: Finalising, *, actor: Actor, clock: Clock
) -> Submission:
    earlier = refused.deposit
    now = clock.now()
    with transaction.atomic():
        deposit = Deposit.objects.create(
            deposit_id=deposit_id,
            kind=DepositKind.FILES,
            state=DepositState.DONE,
            owner=actor.name,
            name=name,
            title=earlier.title if earlier else "",
            source=earlier.source if earlier else "",
            record_id=earlier.record_id if earlier else "",
            description=earlier.description if earlier else [],
            file_count=refused.file_count or 0,
            size_bytes=refused.size_bytes or 0,
            created_at=now,
            expires_at=now,
        )
        request = SubmissionRequest(
            DepositArea.of(adapter_of(ArchiveHome), deposit_id).package(name),
            how.pipeline or refused.pipeline,
            object_id=refused.requested_object,
            dry_run=how.dry_run,
            deposit=deposit,
            name=name,
        )
        return submit(request, actor=actor, clock=clock)


def _link_all(place: Path, target: Path) -> None:
    """Give every file of the kept package its own name again, without copying a byte."""
    kept = place / "package"
    with storage_errors("the work area of deposits"):
        target.mkdir(parents=True)
        original = dict(_renamed(place / "report.json"))
        for folder, _, files in os.walk(kept):
            below = Path(folder).relative_to(kept)
            (target / os.fsdecode(decode_name(str(below)))).mkdir(parents=True, exist_ok=True)
            for file in files:
                path = str(below / file)
                own = target / os.fsdecode(decode_name(original.get(path, path)))
                own.parent.mkdir(parents=True, exist_ok=True)
                os.link(Path(folder, file), own)
        sync_file_system(target)


def _renamed(report: Path) -> Iterator[tuple[str, str]]:
    """Yield the files whose names could not stay: our path, and their own name."""
    with report.open("rb") as stream:
        for file in ijson.items(stream, "files.item"):
            if "original_name" in file:
                yield file["path"], file["original_name"]
