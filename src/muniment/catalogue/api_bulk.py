"""Many objects at once, and searches that one keeps, over HTTP (orchestration spec §3.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.catalogue.models import BulkItem, SavedSearch
from muniment.catalogue.search.types import Sort
from muniment.catalogue.services import bulk, searches
from muniment.catalogue.types import ItemState
from muniment.runtime.actor import require
from muniment.runtime.clock import Clock
from muniment.runtime.http.filters import OneOf
from muniment.runtime.http.lists import ListRules, list_answer, whole_list_answer
from muniment.runtime.http.problems import TYPES
from muniment.runtime.http.schema import ProblemShape, told
from muniment.runtime.http.views import SELF, ApiView, Strict, actor_of, read_body
from muniment.runtime.registry import adapter_of

_STATES = [each.value for each in ItemState]


class BulkItemShape(s.Serializer[object]):
    """What is answered: what became of one object."""

    id = s.CharField()
    status = s.ChoiceField(_STATES)
    result = s.CharField(required=False)
    problem = ProblemShape(required=False)


class BulkShape(s.Serializer[object]):
    """What is answered: the job, and the objects that were named."""

    job = s.IntegerField()
    results = BulkItemShape(many=True)


class BulkBody(Strict):
    """What is sent: what to do to which objects."""

    action = s.ChoiceField([each.value for each in bulk.BulkAction])
    objects = s.ListField(
        child=s.CharField(max_length=1000), required=False, default=list, max_length=10_000
    )
    query = s.CharField(max_length=2000, required=False, allow_null=True, allow_blank=True)
    add = s.ListField(child=s.CharField(max_length=255), required=False, default=list)
    remove = s.ListField(child=s.CharField(max_length=255), required=False, default=list)


class SavedSearchShape(s.Serializer[object]):
    """What is answered: a saved search."""

    id = s.IntegerField()
    name = s.CharField()
    query = s.CharField()
    sort = s.CharField()


class SavedSearchBody(Strict):
    """What is sent: a saved search."""

    name = s.CharField(max_length=100)
    query = s.CharField(max_length=2000, required=False, default="", allow_blank=True)
    sort = s.ChoiceField(
        [each.value for each in Sort], required=False, default="", allow_blank=True
    )


def _item(row: BulkItem) -> dict[str, object]:
    document: dict[str, object] = {"id": row.object_id, "status": row.state}
    if row.result:
        document["result"] = row.result
    if row.state in {ItemState.NOT_FOUND, ItemState.FAILED}:
        is_missing = row.state == ItemState.NOT_FOUND
        slug, status = ("not-found", 404) if is_missing else ("conflict", 409)
        document["problem"] = {
            "type": TYPES + slug,
            "title": row.state.replace("_", " "),
            "status": status,
            "detail": row.message or f"there is no object {row.object_id}",
            "code": slug,
            "findings": [],
        }
    return document


class Bulk(ApiView):
    """One action on many objects."""

    actions: ClassVar = {"POST": "object.read"}

    @told(
        "Tag, export or verify many objects",
        {202: BulkShape},
        body=BulkBody,
        problems=(422,),
    )
    def post(self, request: Request) -> Response:
        """Queue a job; each object has its own result, those that are not there at once."""
        body = read_body(BulkBody, request)
        actor = actor_of(request)
        action = bulk.BulkAction(body["action"])
        require(actor, action.permission)
        asked = bulk.BulkRequest(
            action, body["objects"], body.get("query"), body["add"], body["remove"]
        )
        started = bulk.start_bulk(asked, actor=actor)
        headers = {"Location": f"/api/v1/jobs/{started.job.pk}"}
        answer = {"job": started.job.pk, "results": [_item(each) for each in started.items]}
        return Response(answer, status=202, headers=headers)


BULK_ITEMS = ListRules(
    BulkItemShape,
    sorts={"position": "position"},
    default="position",
    filters={"status": OneOf("state", "Only these", _STATES)},
)
SEARCHES = ListRules(SavedSearchShape, sorts={"name": "name", "id": "id"}, default="name")


class BulkItems(ApiView):
    """What became of each object of a bulk job."""

    actions: ClassVar = {"GET": "job.read"}
    parameters = BULK_ITEMS.parameters

    @BULK_ITEMS.told("List what became of the objects of a bulk job", 404)
    def get(self, request: Request, number: int) -> Response:
        """Give a page in the order in which they were named or found."""
        actor = actor_of(request)
        rows = bulk.item_rows(number, actor=actor)

        def hide(shown: Sequence[BulkItem]) -> None:
            bulk.hide_closed(shown, actor)

        return list_answer(request, rows, BULK_ITEMS, _item, prepare=hide)


class RetryBulk(ApiView):
    """Another try for what failed."""

    actions: ClassVar = {"POST": "job.change"}

    @told("Try again what failed in a bulk job", {202: BulkShape}, problems=(404, 409))
    def post(self, request: Request, number: int) -> Response:
        """Queue the job again; what is done stays done."""
        job = bulk.retry_failed(number, actor=actor_of(request))
        return Response({"job": job.pk, "results": []}, status=202)


def _search(row: SavedSearch) -> dict[str, object]:
    return {"id": row.pk, "name": row.name, "query": row.query, "sort": row.sort}


class SavedSearches(ApiView):
    """The searches that one keeps."""

    actions: ClassVar = {"GET": SELF, "POST": SELF}
    parameters = SEARCHES.parameters

    @SEARCHES.told("List the searches that you keep")
    def get(self, request: Request) -> Response:
        """Give all of them by name."""
        rows = searches.saved_searches(actor_of(request))
        return whole_list_answer(request, [_search(each) for each in rows], SEARCHES)

    @told(
        "Keep a search under a name",
        {201: SavedSearchShape},
        body=SavedSearchBody,
        problems=(409, 422),
    )
    def post(self, request: Request) -> Response:
        """Keep it; one of the same name is replaced."""
        body = read_body(SavedSearchBody, request)
        clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
        row = searches.save_search(
            body["name"],
            query=body["query"],
            sort=body["sort"],
            actor=actor_of(request),
            clock=clock,
        )
        return Response(_search(row), status=201)


class OneSavedSearch(ApiView):
    """One search that one keeps."""

    actions: ClassVar = {"DELETE": SELF}

    @told("Keep a search no longer", {204: None}, problems=(404,))
    def delete(self, request: Request, number: int) -> Response:
        """Remove it."""
        searches.forget_search(number, actor=actor_of(request))
        return Response(status=204)
