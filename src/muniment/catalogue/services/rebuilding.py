"""Making the catalogue anew from storage and ledger alone (archive spec §6)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, models, transaction

from muniment.catalogue.indexing.ledger import apply_records
from muniment.catalogue.models import (
    IntellectualEntity,
    RebuildRun,
    SearchDocument,
    SearchFacet,
    Version,
)
from muniment.catalogue.ports import SearchIndex
from muniment.catalogue.search_documents import all_documents
from muniment.catalogue.services.batches import in_batches
from muniment.catalogue.services.indexing import index_readable
from muniment.catalogue.services.rebuild_problems import Problem, Problems
from muniment.catalogue.services.sealed_versions import compare_sealings
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor, require
from muniment.runtime.clock import Clock
from muniment.runtime.errors import CorruptObject, MunimentError, StorageUnavailable
from muniment.runtime.failpoints import failpoint
from muniment.storage.ledger.ledger import Ledger
from muniment.storage.ports import StorageRoot
from muniment.storage.rebuilding import refuse_empty
from muniment.work.leases import long_transaction

OnProgress = Callable[[int, int | None, str], None]
_OBJECTS = 50  # in one transaction: a commit waits for the disk


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild came to. `resumed`: it went on where an interrupted one had stopped.

    A problem need not cost rows: of lost content all is known but the bytes.
    """

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

    Goes on behind what cannot be read and reports it: objects and versions, records of the ledger,
    folders; and besides, content that is missing or cut short, versions that are not what the
    ledger says was sealed, and what is no object of this archive. Goes on with an interrupted
    rebuild unless `from_start`. Raises PermissionDenied; WrongState when objects are known and
    storage holds none; StorageUnavailable when the root itself cannot be listed.
    """
    require(actor, "catalogue.rebuild")
    refuse_empty(sources.root, is_known=IntellectualEntity.objects.exists())
    run, resumed = _open_run(actor, clock, from_start=from_start)
    problems = Problems(sources.root)
    _read_objects(problems, on_progress or _ignore)
    problems.note_strangers()
    _read_ledger(problems, sources.ledger)
    failpoint("rebuild.ledger_read")
    sources.index.rebuild(all_documents())
    RebuildRun.objects.filter(pk=run.pk).update(ended_at=clock.now())
    return _report(problems, resumed=resumed)


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


def _read_objects(problems: Problems, on_progress: OnProgress) -> None:
    done = 0
    try:
        for batch in in_batches(problems.root.object_ids(), _OBJECTS):
            with long_transaction():
                for object_id in batch:
                    _read_object(problems, object_id)
                    done += 1
                    on_progress(done, None, object_id)
                failpoint("rebuild.batch_read")
    except StorageUnavailable:
        if not done:
            raise  # the root itself; of single folders `note_strangers` tells


def _read_object(problems: Problems, object_id: ObjectId) -> None:
    """Read the versions that the catalogue lacks; the first bad one ends it."""
    try:
        newest = problems.root.head(object_id)
        stopped = index_readable(object_id, newest, root=problems.root)
    except MunimentError as exc:
        stopped = exc
    if stopped is not None:
        problems.note_object(object_id, stopped)
    problems.note_lost_content(object_id)


def _read_ledger(problems: Problems, ledger: Ledger) -> None:
    def note_bad(exc: CorruptObject) -> None:
        problems.note(Problem("", "ledger", exc.code, str(exc)))

    compared = compare_sealings(ledger.read(problems.note_finding), problems)
    unknown = apply_records(compared, note_bad)
    for object_id in sorted(unknown - problems.of_objects()):
        lost = CorruptObject("the ledger speaks of it; storage does not have it")
        problems.note_object(object_id, lost)


def _report(problems: Problems, *, resumed: bool) -> RebuildReport:
    counts = IntellectualEntity.objects.aggregate(
        objects=models.Count("pk"), files=models.Sum("file_count")
    )
    return RebuildReport(
        objects=counts["objects"],
        versions=Version.objects.count(),
        files=counts["files"] or 0,
        resumed=resumed,
        problems=problems.in_order(),
    )
