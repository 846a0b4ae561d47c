"""One action on many objects: asked for here, done by the job, each object with its own result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db import transaction
from django.db.models import QuerySet

from muniment.catalogue.models import BulkItem
from muniment.catalogue.queries.entities import readable, resolve
from muniment.catalogue.search.query_language import parse_query
from muniment.catalogue.types import ItemState
from muniment.runtime.actor import Actor, require
from muniment.runtime.errors import InvalidArgument, MunimentError, ObjectMissing, WrongState
from muniment.work.models import Job
from muniment.work.queries import job_of
from muniment.work.services import enqueue, retry

JOB_KIND = "bulk"
MOST_OBJECTS = 10_000
_BATCH = 500


class BulkAction(StrEnum):
    """What is done to each object; the value is also the word of the API."""

    TAG = "tag"
    EXPORT = "export"
    VERIFY = "verify"

    @property
    def permission(self) -> str:
        """The action of the policy that each object must allow."""
        return {"tag": "object.tag", "export": "object.export", "verify": "fixity.run"}[self]


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """What to do to which objects: those of `objects`, or all that `query` finds (None: neither).

    `add` and `remove` are tags.
    """

    action: BulkAction
    objects: Sequence[str] = ()
    query: str | None = None
    add: Sequence[str] = ()
    remove: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class BulkStarted:
    """The job, and the objects that were named."""

    job: Job
    items: Sequence[BulkItem]


def start_bulk(asked: BulkRequest, *, actor: Actor) -> BulkStarted:
    """Queue the job with a row for each object that is named; a query is asked by the job.

    What the actor may not see and what is not there are told alike, as not found. Raises
    PermissionDenied, InvalidArgument.
    """
    require(actor, asked.action.permission)
    _check(asked)
    names = list(dict.fromkeys(asked.objects))
    arguments = {
        "action": asked.action.value,
        "query": asked.query,
        "add": list(asked.add),
        "remove": list(asked.remove),
        "roles": sorted(role.value for role in actor.roles),
        "groups": sorted(actor.groups),
    }
    with transaction.atomic():
        job = enqueue(JOB_KIND, arguments, actor=actor)
        items = add_items(job.pk, (_item(name, actor) for name in names))
    return BulkStarted(job, items)


def _check(asked: BulkRequest) -> None:
    if asked.query is None and not asked.objects:
        raise InvalidArgument("name at least one object, or give a query")
    if asked.query is not None and asked.objects:
        raise InvalidArgument("give either objects or a query, not both")
    if len(asked.objects) > MOST_OBJECTS:
        raise InvalidArgument(f"at most {MOST_OBJECTS} objects at once; a query may find as many")
    if asked.query is not None:
        parse_query(asked.query)
    has_tags = any(name.strip() for name in (*asked.add, *asked.remove))
    if (asked.action is BulkAction.TAG) is not has_tags:
        raise InvalidArgument("tags to add or remove belong to the action tag, and to it alone")


def _item(name: str, actor: Actor) -> BulkItem:
    said = name.replace("\0", "")
    try:
        return BulkItem(object_id=resolve(actor, said))
    except MunimentError:
        return BulkItem(object_id=said[:100], state=ItemState.NOT_FOUND.value)


def add_items(job_id: int, items: Iterable[BulkItem]) -> list[BulkItem]:
    """Write the rows of a job in their order."""
    rows = list(items)
    for position, row in enumerate(rows):
        row.job_id, row.position = job_id, position
    return BulkItem.objects.bulk_create(rows, batch_size=_BATCH)


def items_of(
    job_id: int, *, actor: Actor, state: str = "", after: int | None = None, limit: int = 50
) -> list[BulkItem]:
    """Return a page of what became of the objects, in their order. Three queries.

    An object that was closed to the actor since they asked is told as one that is not there.
    Raises ObjectMissing where the actor may not see the job.
    """
    rows = item_rows(job_id, actor=actor)
    if state:
        rows = rows.filter(state=state)
    if after is not None:
        rows = rows.filter(position__gt=after)
    found = list(rows.order_by("position")[:limit])
    hide_closed(found, actor)
    return found


def item_rows(job_id: int, *, actor: Actor) -> QuerySet[BulkItem]:
    """Return what became of the objects, as it was told then: see `hide_closed`."""
    _bulk_job(job_id, actor)
    return BulkItem.objects.filter(job=job_id)


def hide_closed(items: Sequence[BulkItem], actor: Actor) -> None:
    """Tell an object that was closed to the actor since they asked as one that is not there."""
    seen = _seen(items, actor)
    for each in items:
        if each.object_id not in seen:
            each.state, each.message, each.result = ItemState.NOT_FOUND.value, "", ""


def _seen(items: Sequence[BulkItem], actor: Actor) -> set[str]:
    """Return the identifiers of those objects that the actor may read now."""
    named = [each.object_id for each in items if each.state != ItemState.NOT_FOUND]
    rows = readable(actor).filter(object_id__in=named)
    return set(map(str, rows.values_list("object_id", flat=True)))


def _bulk_job(job_id: int, actor: Actor) -> Job:
    job = job_of(job_id, actor=actor)
    if job.kind != JOB_KIND:
        raise ObjectMissing(f"job {job_id} is not about many objects")
    return job


def retry_failed(job_id: int, *, actor: Actor) -> Job:
    """Let the job try again what failed; what is done stays done.

    Raises PermissionDenied, ObjectMissing, WrongState (nothing failed, or it still runs).
    """
    job = _bulk_job(job_id, actor)
    require(actor, "job.change", job)
    with transaction.atomic():
        failed = BulkItem.objects.filter(job=job_id, state=ItemState.FAILED.value)
        if not failed.update(state=ItemState.WAITING.value, message=""):
            raise WrongState(f"nothing failed in job {job_id}")
        return retry(job_id, actor=actor)
