"""Deposits: made, looked up, deleted, handed in (orchestration spec §1.6, §3.6)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from muniment.information.dublin_core import TERMS, DublinCoreValue
from muniment.information.identifiers import new_object_id
from muniment.ingest.deposit_area import DepositArea, name_of_file, name_of_package
from muniment.ingest.models import Deposit, DepositFile, Submission
from muniment.ingest.services.pipelines import pipeline_named
from muniment.ingest.services.submissions import SubmissionRequest, submit
from muniment.ingest.services.uploads import NewFile, settle
from muniment.ingest.types import DepositKind, DepositState, SubmissionState
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, ObjectMissing, WrongState
from muniment.runtime.failpoints import failpoint
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.runtime.settings import settings
from muniment.work import outbox

_OPEN = (DepositState.OPEN, DepositState.FINALISING)
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDeposit:
    """What is said before the first byte comes; `name` is that of the one file of kind `sip`."""

    kind: DepositKind = DepositKind.FILES
    title: str = ""
    source: str = ""
    record_id: str = ""
    description: Sequence[DublinCoreValue] = ()
    files: Sequence[NewFile] = field(default_factory=tuple)
    pipeline: str = ""
    object_id: str = ""


def create_deposit(new: NewDeposit, *, actor: Actor, clock: Clock) -> Deposit:
    """Make a deposit and the place for its bytes.

    Raises PermissionDenied, ObjectMissing for the pipeline, InvalidArgument.
    """
    require(actor, "submission.create")
    if new.pipeline:
        pipeline_named(new.pipeline)
    for value in new.description:
        if value.term not in TERMS:
            raise InvalidArgument(f"metadata: there is no Dublin Core term {value.term[:60]!r}")
    if bool(new.source) != bool(new.record_id):
        raise InvalidArgument("source and recid name a record together: give both or neither")
    deposit_id = new_object_id()
    now = clock.now()
    with transaction.atomic():
        deposit = Deposit.objects.create(
            deposit_id=deposit_id,
            kind=new.kind,
            state=DepositState.OPEN,
            owner=actor.name,
            name=name_of_package(new.title, f"deposit-{deposit_id}"),
            title=new.title,
            source=new.source,
            record_id=new.record_id,
            description=[[each.term, each.value, each.language] for each in new.description],
            pipeline=new.pipeline,
            requested_object=new.object_id,
            lists_files=bool(new.files),
            file_count=len(new.files),
            size_bytes=sum(each.size_bytes for each in new.files),
            created_at=now,
            expires_at=now + timedelta(days=settings().deposit_days),
        )
        _list_files(deposit, new.files)
        outbox.add("deposit created", entity=deposit_id, by=actor.name)
    DepositArea.of(adapter_of(ArchiveHome), deposit_id).make()
    return deposit


def _list_files(deposit: Deposit, files: Sequence[NewFile]) -> None:
    rows: dict[str, DepositFile] = {}
    for each in files:
        name = name_of_file(each.name)
        row = DepositFile(
            deposit=deposit,
            name=name,
            name_digest=hashlib.sha256(name.encode()).hexdigest(),
            size_bytes=each.size_bytes,
            expected=dict(each.digests),
            is_listed=True,
        )
        if rows.setdefault(row.name_digest, row) is not row:
            raise InvalidArgument(f"expected_files names {name[:200]} twice")
    DepositFile.objects.bulk_create(rows.values(), batch_size=500)


def own_deposits(actor: Actor) -> QuerySet[Deposit]:
    """Return the actor's deposits, newest first: nobody sees or fills another's."""
    return Deposit.objects.filter(owner=actor.name).order_by("-pk")


def deposit_of(deposit_id: str, *, actor: Actor) -> Deposit:
    """Return one of the actor's deposits; ObjectMissing otherwise."""
    require(actor, "submission.create")
    try:
        wanted = uuid.UUID(deposit_id)
    except ValueError:
        raise ObjectMissing("there is no such deposit") from None
    deposit = own_deposits(actor).filter(deposit_id=wanted).first()
    if deposit is None:
        raise ObjectMissing("there is no such deposit")
    return deposit


def delete_deposit(deposit: Deposit, *, actor: Actor) -> None:
    """Delete a deposit that was not handed in, with its bytes; Locked while it is finalised."""
    require(actor, "submission.create", deposit)
    area = DepositArea.of(adapter_of(ArchiveHome), deposit.deposit_id)
    area.make()
    with area.held():
        if (
            deposit.submissions.filter(state__in=_running()).exists()
            or not (
                Deposit.objects.filter(pk=deposit.pk).exclude(state=DepositState.DONE).delete()[0]
            )
        ):
            raise WrongState("this deposit was handed in: it cannot be deleted any more")
        area.remove()
    outbox.add("deposit deleted", entity=str(deposit.deposit_id), by=actor.name)


def _running() -> list[str]:
    return [state.value for state in SubmissionState if not state.is_ended]


@dataclass(frozen=True, slots=True)
class Finalising:
    """How a deposit is handed in; `pipeline` "" = that of the deposit, or the default one."""

    pipeline: str = ""
    dry_run: bool = False


def finalise(deposit: Deposit, how: Finalising, *, actor: Actor, clock: Clock) -> Submission:
    """Hand in what was uploaded. Idempotent: a deposit becomes one submission.

    A dry run keeps the deposit open, so that it can be handed in afterwards; while it runs, it is
    returned again. Raises WrongState for files that are missing or not whole, Locked while
    somebody else finalises.
    """
    require(actor, "submission.create", deposit)
    earlier = _earlier(deposit, how)
    if earlier is not None:
        return earlier
    area = DepositArea.of(adapter_of(ArchiveHome), deposit.deposit_id)
    _close(deposit)
    try:
        with area.held():
            earlier = _earlier(deposit, how)  # by somebody who held it a moment ago
            if earlier is not None:
                return earlier
            failpoint("deposit.finalising")
            deposit.refresh_from_db()
            source = _whole(deposit)
            return _hand_in(deposit, source, how, actor, clock)
    finally:
        _reopen(deposit)


def _earlier(deposit: Deposit, how: Finalising) -> Submission | None:
    made = deposit.submissions.filter(dry_run=how.dry_run).order_by("-pk")
    return (made.filter(state__in=_running()) if how.dry_run else made).first()


def _close(deposit: Deposit) -> None:
    closed = Deposit.objects.filter(pk=deposit.pk, state__in=_OPEN)
    if not closed.update(state=DepositState.FINALISING):
        deposit.refresh_from_db()
        raise WrongState(f"this deposit is {deposit.state}: make another one")


def _reopen(deposit: Deposit) -> None:
    """Let more files come, unless the deposit was handed in."""
    closed = Deposit.objects.filter(pk=deposit.pk, state=DepositState.FINALISING)
    closed.update(state=DepositState.OPEN)


def _whole(deposit: Deposit) -> str:
    """Return the name of the package, all of whose files are here; WrongState names some that lack.

    A file that was whole when the server was ended is put in its place now.
    """
    missing = []
    for file in deposit.files.filter(is_complete=False).order_by("pk").iterator():
        file.deposit = deposit
        settle(file)
        if not file.is_complete:
            missing.append(file.name)
            if len(missing) > _NAMED:
                break
    if missing:
        more = " and others" if len(missing) > _NAMED else ""
        raise WrongState(f"not all of these has come: {', '.join(missing[:_NAMED])}{more}")
    if deposit.kind == DepositKind.FILES:
        if not deposit.file_count:
            raise WrongState("nothing was uploaded yet")
        return deposit.name
    only = deposit.files.first()
    if only is None:
        raise WrongState("nothing was uploaded yet")
    return only.name


def _hand_in(
    deposit: Deposit, name: str, how: Finalising, actor: Actor, clock: Clock
) -> Submission:
    area = DepositArea.of(adapter_of(ArchiveHome), deposit.deposit_id)
    request = SubmissionRequest(
        area.package(name),
        how.pipeline or deposit.pipeline or None,
        object_id=deposit.requested_object,
        dry_run=how.dry_run,
        deposit=deposit,
        name=name,
    )
    try:
        with transaction.atomic():
            submission = submit(request, actor=actor, clock=clock)
            failpoint("deposit.submitted")
            state = DepositState.OPEN if how.dry_run else DepositState.DONE
            Deposit.objects.filter(pk=deposit.pk).update(state=state)
            outbox.add("deposit handed in", submission_id=str(submission.submission_id))
    except IntegrityError:
        return deposit.submissions.get(dry_run=False)
    return submission
