"""Objects over HTTP: `/api/v1/objects` (orchestration spec §3)."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.catalogue import api_shapes as shapes
from muniment.catalogue import documents, persons
from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.content import content_of
from muniment.catalogue.models import IntellectualEntity
from muniment.catalogue.queries import entities, files, history
from muniment.catalogue.queries.search import search
from muniment.catalogue.search.types import FACETS, SearchQuery, Sort
from muniment.catalogue.services import tag_object
from muniment.catalogue.services.describing import edit_description
from muniment.catalogue.types import LifecycleState
from muniment.information.dublin_core import DublinCore, DublinCoreValue
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.home import ArchiveHome
from muniment.runtime.http.downloads import download_answer
from muniment.runtime.http.filters import Moment, OneOf, since_and_until
from muniment.runtime.http.lists import ListRules, list_answer
from muniment.runtime.http.paging import PAGE_PARAMETERS, page_answer, page_asked
from muniment.runtime.http.schema import (
    IF_MATCH,
    IF_NONE_MATCH,
    IF_RANGE,
    PAGE,
    RANGE,
    page_of,
    query,
    told,
)
from muniment.runtime.http.views import ApiView, actor_of, check_if_match, read_body, with_etag
from muniment.runtime.registry import adapter_of
from muniment.storage.jobs import open_archive
from muniment.storage.ledger import Ledger
from muniment.work import outbox

_READ = {"GET": "object.read"}


class ObjectView(ApiView):
    """An address below one object."""

    actions: ClassVar = _READ

    def entity(
        self, request: Request, name: str, action: str = "object.read"
    ) -> IntellectualEntity:
        """Return the object that the address names, by UUID or outside identifier."""
        actor = actor_of(request)
        return entities.entity_for(actor, entities.resolve(actor, name), action=action)

    def version(self, request: Request) -> int | None:
        """Return the parameter `version`; None without."""
        text = request.query_params.get("version")
        if text is None:
            return None
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise InvalidArgument("version: a whole number from 1")
        return int(text)


OBJECTS = ListRules(
    shapes.ObjectShape,
    sorts={"object_id": "object_id"},
    default="-object_id",
    filters={
        "owner": OneOf("owner", "Only what belongs to these"),
        "state": OneOf("state", "Only in these states", list(LifecycleState)),
        **since_and_until("created_at", "what was made"),
        "modified_after": Moment("modified_at", "gte", "Only what changed then or later"),
        "modified_before": Moment("modified_at", "lt", "Only what did not change since"),
    },
)


class Objects(ApiView):
    """The objects that one may see."""

    actions: ClassVar = _READ
    parameters = OBJECTS.parameters

    @OBJECTS.told("List the objects, newest first")
    def get(self, request: Request) -> Response:
        """Give a page; one query. `/search` finds by words and fields."""
        actor, owners = actor_of(request), request.query_params.get("owner", "")
        persons.check_owners(actor, *filter(None, owners.split(",")))
        rows = entities.readable(actor)
        return list_answer(request, rows, OBJECTS, partial(persons.entity, actor))


class Search(ApiView):
    """Objects found by words and fields."""

    actions: ClassVar = _READ
    parameters = PAGE_PARAMETERS | {"q", "sort", "facets"}

    @told(
        "Find objects by words and fields",
        {200: page_of(shapes.HitShape)},
        parameters=(
            query("q", str, "Words, phrases and field:value; all must hold"),
            query("sort", [each.value for each in Sort], "The order of hits"),
            query("facets", str, f"Fields to count, with commas between: {', '.join(FACETS)}"),
            *PAGE,
        ),
        problems=(422,),
    )
    def get(self, request: Request) -> Response:
        """Give a page of hits, the number of all, and the counts of facets."""
        asked = page_asked(request)
        said = request.query_params
        wanted = said.get("sort", Sort.RELEVANCE.value)
        if wanted not in set(Sort):
            raise InvalidArgument(f"sort: one of {', '.join(Sort)}")
        facets = tuple(name for name in said.get("facets", "").split(",") if name)
        options = SearchQuery(
            sort=Sort(wanted), limit=asked.limit, after=asked.cursor, facets=facets
        )
        page = search(actor_of(request), said.get("q", ""), index=search_index(), options=options)
        return page_answer(
            request,
            [documents.hit(each) for each in page.hits],
            page.next,
            total=page.total,
            facets=documents.facets(page),
        )


class OneObject(ObjectView):
    """One object."""

    parameters = ("version",)

    @told(
        "Show an object",
        {200: shapes.WholeObjectShape},
        parameters=(query("version", int, "As it was in this version"),),
        problems=(404, 422),
    )
    def get(self, request: Request, name: str) -> Response:
        """Give all but its files and events."""
        entity = self.entity(request, name)
        whole = documents.whole_entity(entity, self.version(request))
        return with_etag(Response(persons.whole(actor_of(request), whole)), entity.head)


class Differences(ObjectView):
    """What changed between two versions."""

    parameters = ("old", "new")

    @told(
        "Compare two versions of an object",
        {200: dict},
        parameters=(query("old", int, "The older"), query("new", int, "The newer")),
        problems=(404, 422),
    )
    def get(self, request: Request, name: str) -> Response:
        """Compare `old` (the one before the newest without) with `new` (the newest without)."""
        entity = self.entity(request, name)
        said = request.query_params
        try:
            new = int(said.get("new", entity.head))
            old = int(said.get("old", new - 1))
        except ValueError as exc:
            raise InvalidArgument("old and new are numbers of versions") from exc
        return Response(documents.difference(history.difference(entity, old, new)))


class Description(ObjectView):
    """The Dublin Core of an object."""

    actions: ClassVar = {"PUT": "object.describe"}

    @told(
        "Replace the description; makes a version",
        {200: shapes.WholeObjectShape},
        body=shapes.DescriptionBody,
        parameters=(IF_MATCH,),
        problems=(404, 412, 422, 428),
    )
    def put(self, request: Request, name: str) -> Response:
        """Make a version with this description; the same one makes none."""
        entity = self.entity(request, name, "object.describe")
        check_if_match(request, entity.head)
        terms = read_body(shapes.DescriptionBody, request)["terms"]
        record = DublinCore(
            tuple(DublinCoreValue(t["term"], t["value"], t.get("language", "")) for t in terms)
        )
        home = adapter_of(ArchiveHome)
        with tempfile.TemporaryDirectory(prefix="describe-", dir=home.work) as work:
            edit_description(
                ObjectId(str(entity.object_id)),
                record,
                actor=actor_of(request),
                archive=open_archive(),
                work=Path(work),
            )
        outbox.drain()
        entity.refresh_from_db()
        whole = documents.whole_entity(entity, None)
        return with_etag(Response(whole.as_json()), entity.head)


class Tags(ObjectView):
    """The tags of an object."""

    actions: ClassVar = {"GET": "object.read", "POST": "object.tag", "PUT": "object.tag"}

    @told("Show the tags of an object", {200: shapes.TagsShape}, problems=(404,))
    def get(self, request: Request, name: str) -> Response:
        """Give them sorted."""
        entity = self.entity(request, name)
        return _tags(entity, history.tags_of(entity))

    @told(
        "Hang tags on an object and take others off",
        {200: shapes.TagsShape},
        body=shapes.TagsBody,
        problems=(404, 422),
    )
    def post(self, request: Request, name: str) -> Response:
        """Change them; what is so already stays so."""
        entity = self.entity(request, name, "object.tag")
        body = read_body(shapes.TagsBody, request)
        return _tagged(entity, body["add"], body["remove"], actor_of(request))

    @told(
        "Replace the tags of an object",
        {200: shapes.TagsShape},
        body=shapes.AllTagsBody,
        parameters=(IF_MATCH,),
        problems=(404, 412, 422, 428),
    )
    def put(self, request: Request, name: str) -> Response:
        """Exactly these hang on it then. Who only adds or takes off sends a POST."""
        entity = self.entity(request, name, "object.tag")
        present = history.tags_of(entity)
        check_if_match(request, _tag_of(present))
        wanted = read_body(shapes.AllTagsBody, request)["tags"]
        remove = [each for each in present if each not in wanted]
        return _tagged(entity, wanted, remove, actor_of(request))


def _tagged(
    entity: IntellectualEntity, add: Sequence[str], remove: Sequence[str], actor: Actor
) -> Response:
    tags = tag_object(
        ObjectId(str(entity.object_id)),
        add=add,
        remove=remove,
        actor=actor,
        ledger=adapter_of(Ledger),
    )
    outbox.drain()
    return _tags(entity, sorted(tags))


def _tags(entity: IntellectualEntity, tags: Sequence[str]) -> Response:
    document = {"object_id": entity.object_id, "tags": list(tags)}
    return with_etag(Response(document), _tag_of(tags))


def _tag_of(tags: Sequence[str]) -> str:
    """Return what tells these tags from others."""
    return hashlib.sha256("\0".join(tags).encode()).hexdigest()[:32]


class OneFile(ApiView):
    """One file."""

    actions: ClassVar = _READ

    @told("Show a file", {200: shapes.WholeFileShape}, problems=(404,))
    def get(self, request: Request, file_id: UUID) -> Response:
        """Give format, digests, technical metadata, and the object that it belongs to."""
        row = files.file_for(actor_of(request), file_id)
        whole = documents.file(row) | {"object_id": str(row.entity.object_id)}
        return with_etag(Response(whole), f"{row.first_version}-{row.last_version or 0}")


class Content(ApiView):
    """The bytes of a file."""

    actions: ClassVar = {"GET": "object.export"}

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: ANN401, ARG002  # DRF's
        """Give the bytes whatever `Accept` says: there is one form of them."""
        return super().perform_content_negotiation(request, force=True)

    @told(
        "Download a file, or one range of its bytes",
        {(status, "application/octet-stream"): OpenApiTypes.BINARY for status in (200, 206)}
        | {304: None},
        parameters=(RANGE, IF_RANGE, IF_NONE_MATCH),
        problems=(404, 412, 416, 500),
    )
    def get(self, request: Request, file_id: UUID) -> HttpResponseBase:
        """Stream it; its SHA-512 is the ETag. Several ranges at once are answered by the whole."""
        return download_answer(request._request, content_of(actor_of(request), file_id))
