"""Durable work of the catalogue: one action on many objects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.db.models import Count

from muniment.catalogue import clearing as _clearing  # noqa: F401  # registers itself
from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.models import BulkItem
from muniment.catalogue.queries.entities import entity_for
from muniment.catalogue.queries.search import objects_found
from muniment.catalogue.services.bulk import JOB_KIND, MOST_OBJECTS, BulkAction, add_items
from muniment.catalogue.services.exporting import Exporter
from muniment.catalogue.services.tagging import tag_object
from muniment.catalogue.types import ItemState
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor, Role
from muniment.runtime.errors import InvalidArgument, MunimentError, NoSpace, StorageUnavailable
from muniment.runtime.home import ArchiveHome
from muniment.runtime.registry import adapter_of
from muniment.storage.exporting.export import ExportForm
from muniment.storage.fixity.running import FixityRun, Scope, check_fixity
from muniment.storage.jobs import open_archive
from muniment.storage.ledger import Ledger
from muniment.work.kinds import JobContext, job_kind
from muniment.work.retry import RetryPolicy

Deed = Callable[[ObjectId, "JobContext", Actor], str]


# No hard limit: ten thousand large objects are read again for days.
@job_kind(JOB_KIND, retry=RetryPolicy.LONG_REQUEST, hard_limit_s=0)
def run_bulk(context: JobContext) -> dict[str, int]:
    """Do what waits, object by object; goes on behind the last one after a stop.

    The fault of one object keeps no other back; a full or unreachable storage stops the job, which
    is tried again. Returns how many objects are in each state.
    """
    actor = _actor_of(context)
    rows = BulkItem.objects.filter(job=context.job_id)
    if context.arguments["query"] is not None and not rows.exists():
        _list_objects(context, actor)
    deed = _DEEDS[BulkAction(context.arguments["action"])]
    waiting = rows.filter(state=ItemState.WAITING.value).order_by("position")
    total, done = rows.count(), rows.count() - waiting.count()
    while item := waiting.first():
        context.progress(done, total, "objects", item.object_id)
        context.check()
        _take(item, deed, context, actor)
        done += 1
    context.progress(total, total, "objects")
    return dict(rows.order_by().values_list("state").annotate(count=Count("pk")))


def _actor_of(context: JobContext) -> Actor:
    """Return who asked, with the roles and groups that they had then."""
    said: dict[str, Any] = dict(context.arguments)  # JSON that was queued
    roles, groups = map(Role, said["roles"]), said.get("groups", ())
    return Actor(context.actor.name, frozenset(roles), groups=frozenset(groups))


def _list_objects(context: JobContext, actor: Actor) -> None:
    found = []
    for object_id in objects_found(actor, context.arguments["query"], index=search_index()):
        found.append(BulkItem(object_id=object_id))
        if len(found) > MOST_OBJECTS:
            raise InvalidArgument(f"the query finds more than {MOST_OBJECTS} objects; narrow it")
    with context.transaction():
        add_items(context.job_id, found)


def _take(item: BulkItem, deed: Deed, context: JobContext, actor: Actor) -> None:
    try:
        item.result = deed(ObjectId(item.object_id), context, actor)
        item.state = ItemState.DONE.value
    except (NoSpace, StorageUnavailable):
        raise  # it would be the same for every other object
    except MunimentError as exc:
        item.state, item.message = ItemState.FAILED.value, str(exc)[:2000]
    with context.transaction():
        item.save(update_fields=["state", "message", "result"])


def _tag(object_id: ObjectId, context: JobContext, actor: Actor) -> str:
    said: dict[str, Any] = dict(context.arguments)  # JSON that was queued
    tag_object(
        object_id, add=said["add"], remove=said["remove"], actor=actor, ledger=adapter_of(Ledger)
    )
    return ""


def export_folder(job_id: int) -> Path:
    """Return where a bulk export lies: one zip for each object, and a manifest."""
    return adapter_of(ArchiveHome).exports / str(job_id)


def _export(object_id: ObjectId, context: JobContext, actor: Actor) -> str:
    def on_file(_count: int, _path: str) -> None:
        context.check()

    exporter = Exporter(open_archive(), actor, ExportForm.ZIP, on_file)
    folder = export_folder(context.job_id)
    folder.mkdir(parents=True, exist_ok=True)
    (shipment,) = exporter.export([object_id], folder)
    if shipment.error is not None:
        raise shipment.error
    return shipment.shipped.name if shipment.shipped else ""


def _verify(object_id: ObjectId, context: JobContext, actor: Actor) -> str:
    entity_for(actor, object_id, action="fixity.run")
    name = f"muniment bulk job {context.job_id} attempt {context.attempt} {object_id}"
    run = FixityRun(run_id=uuid5(NAMESPACE_OID, name), scope=Scope.NAMED, object_ids=[object_id])
    checks = check_fixity(run, open_archive(), actor=actor)
    return ", ".join(check.outcome for check in checks)


_DEEDS: dict[BulkAction, Deed] = {
    BulkAction.TAG: _tag,
    BulkAction.EXPORT: _export,
    BulkAction.VERIFY: _verify,
}
