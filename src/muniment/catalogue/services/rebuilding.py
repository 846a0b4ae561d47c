"""Making the catalogue anew from storage and ledger alone (archive spec §6)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, models, transaction

from muniment.catalogue.indexing.ledger import apply_records
from muniment.catalogue.models import (
    IntellectualEntity,
    RebuildProblem,
    RebuildRun,
    SearchDocument,
    SearchFacet,
    Version,
)
from muniment.catalogue.ports import SearchIndex
from muniment.catalogue.search_documents import all_documents
from muniment.catalogue.services.batches import in_batches
from muniment.catalogue.services.indexing import index_readable
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import CorruptObject, MunimentError
from muniment.runtime.failpoints import failpoint
from muniment.runtime.findings import Finding
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.ports import StorageRoot

log = logging.getLogger(__name__)

OnProgress = Callable[[int, int | None, str], None]
_OBJECTS = 50  # in one transaction: a commit waits for the disk
_LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read: the object ("ledger" for its records), code and reason."""

    object_id: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild came to. `resumed`: it went on where an interrupted one had stopped."""

    objects: int
    versions: int
    files: int
    resumed: bool
    problems: tuple[Problem, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Sources:
    """What a rebuild reads, and the search index that it fills at the end."""

    root: StorageRoot
    ledger: Ledger
    index: SearchIndex


def rebuild(
    sources: Sources,
    *,
    actor: Actor,
    clock: Clock,
    from_start: bool = False,
    on_progress: OnProgress | None = None,
) -> RebuildReport:
    """Drop every row that storage can give back, and read it from there again.

    Goes on behind an object or version that cannot be read and reports it. Goes on with an
    interrupted rebuild unless `from_start`. Raises PermissionDenied; StorageUnavailable when the
    root itself cannot be listed.
    """
    require(actor, "catalogue.rebuild")
    run, resumed = _open_run(actor, clock, from_start=from_start)
    _read_objects(run, sources.root, on_progress or _ignore)
    _read_ledger(run, sources.ledger)
    failpoint("rebuild.ledger_read")
    sources.index.rebuild(all_documents())
    RebuildRun.objects.filter(pk=run.pk).update(ended_at=clock.now())
    return _report(run, resumed=resumed)


def _ignore(done: int, total: int | None, message: str) -> None:
    """Nobody watches."""


def _open_run(actor: Actor, clock: Clock, *, from_start: bool) -> tuple[RebuildRun, bool]:
    with transaction.atomic():
        if from_start:
            RebuildRun.objects.filter(ended_at__isnull=True).delete()
        run = RebuildRun.objects.filter(ended_at__isnull=True).first()
        if run is not None:
            return run, True
        drop_rebuilt_rows()
        return RebuildRun.objects.create(started_at=clock.now(), started_by=actor.name), False


def rebuilt_models() -> list[type[models.Model]]:
    """Return the models of the catalogue that storage and ledger can give back."""
    return [m for m in apps.get_app_config("catalogue").get_models() if m.rebuilt]  # type: ignore[attr-defined]  # every model says so; a test sees to it


def drop_rebuilt_rows() -> None:
    """Empty every rebuilt table but those of search, which its index replaces at the end."""
    tables = [
        model._meta.db_table
        for model in rebuilt_models()
        if model not in {SearchDocument, SearchFacet}
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # TRUNCATE wants every foreign key of this transaction checked before.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {', '.join(tables)}")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        else:
            # Foreign keys are checked at the commit, so the order is free.
            for table in tables:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608  # a table of ours


def _read_objects(run: RebuildRun, root: StorageRoot, on_progress: OnProgress) -> None:
    done = 0
    for batch in in_batches(root.object_ids(), _OBJECTS):
        with transaction.atomic():
            for object_id in batch:
                _read_object(run, root, object_id)
                done += 1
                on_progress(done, None, object_id)
            failpoint("rebuild.batch_read")


def _read_object(run: RebuildRun, root: StorageRoot, object_id: ObjectId) -> None:
    """Read the versions that the catalogue lacks; the first bad one ends it."""
    try:
        stopped = index_readable(object_id, root.head(object_id), root=root)
    except MunimentError as exc:
        stopped = exc
    if stopped is not None:
        _note(run, object_id, stopped)


def _note(run: RebuildRun, object_id: str, error: MunimentError) -> None:
    log.warning("not rebuilt", extra={"object_id": object_id, "reason": str(error)})
    RebuildProblem.objects.update_or_create(
        run=run, object_id=object_id, defaults={"code": error.code, "reason": str(error)}
    )


def _read_ledger(run: RebuildRun, ledger: Ledger) -> None:
    findings: list[Finding] = []
    unknown = apply_records(ledger.read(findings.append))
    for object_id in sorted(unknown - set(run.problems.values_list("object_id", flat=True))):
        _note(run, object_id, CorruptObject("the ledger speaks of it; storage does not have it"))
    if findings:
        said = "; ".join(f"{each.path}: {each.message}" for each in findings)
        _note(run, _LEDGER, CorruptObject(said))


def _report(run: RebuildRun, *, resumed: bool) -> RebuildReport:
    counts = IntellectualEntity.objects.aggregate(
        objects=models.Count("pk"), files=models.Sum("file_count")
    )
    return RebuildReport(
        objects=counts["objects"],
        versions=Version.objects.count(),
        files=counts["files"] or 0,
        resumed=resumed,
        problems=tuple(
            Problem(each.object_id, each.code, each.reason)
            for each in run.problems.order_by("object_id")
        ),
    )
