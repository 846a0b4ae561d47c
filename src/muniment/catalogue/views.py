"""Pages of objects and their parts."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.catalogue import documents
from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.description_text import parse_text, text_of
from muniment.catalogue.models import IntellectualEntity
from muniment.catalogue.queries import entities, files, history
from muniment.catalogue.queries.search import search
from muniment.catalogue.search.types import Hit, SearchPage, SearchQuery, Sort
from muniment.catalogue.services import tag_object
from muniment.catalogue.services.describing import edit_description
from muniment.information.dublin_core import TERMS
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import may
from muniment.runtime.errors import InvalidArgument, VersionConflict
from muniment.runtime.home import ArchiveHome
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.registry import adapter_of
from muniment.storage.jobs import open_archive
from muniment.storage.ledger import Ledger
from muniment.storage.ports import StorageRoot
from muniment.work import outbox

_FACETS = ("format", "source", "tag", "outcome")
_SHOWN_VALUES = 8
_ROWS = 100


def _address(path: str, **query: object) -> str:
    return f"{path}?{urlencode({name: value for name, value in query.items() if value})}"


@dataclass(frozen=True, slots=True)
class _FacetLink:
    value: str
    count: int
    address: str


@page("object.read")
def objects(request: HttpRequest) -> HttpResponse:
    """Search and list; an empty search lists all, newest first."""
    text, said = request.GET.get("q", ""), request.GET.get("sort", "")
    sort = Sort(said) if said in set(Sort) else Sort.RELEVANCE if text else Sort.NEWEST
    after, fault = request.GET.get("cursor", ""), ""
    options = SearchQuery(sort=sort, limit=25, after=after, facets=_FACETS)
    try:
        found = search(page_actor(request), text, index=search_index(), options=options)
    except InvalidArgument as exc:
        fault, found = str(exc), SearchPage((), 0)
    context = {
        "page": {"total": found.total, "hits": [_shown(hit) for hit in found.hits]},
        "text": text,
        "sort": sort.value,
        "sorts": _sort_names(),
        "facets": [_facet(name, found, text, sort) for name in found.facets],
        "fault": fault,
        "first": _address("/objects", q=text, sort=said) if after else "",
        "next": _address("/objects", q=text, sort=sort.value, cursor=found.next)
        if found.next
        else "",
    }
    return render(request, "catalogue/objects.html", context, status=422 if fault else 200)


def _sort_names() -> list[tuple[str, str]]:
    names = {
        Sort.RELEVANCE: _("Relevance"),
        Sort.NEWEST: _("Newest"),
        Sort.OLDEST: _("Oldest"),
        Sort.MODIFIED: _("Last changed"),
        Sort.LARGEST: _("Largest"),
        Sort.SMALLEST: _("Smallest"),
    }
    return [(each.value, name) for each, name in names.items()]


def _shown(hit: Hit) -> dict[str, object]:
    pieces = [piece.replace("⟦", "“").replace("⟧", "”") for piece in hit.highlights]
    return {
        "object_id": hit.object_id,
        "title": hit.title,
        "archived_at": hit.archived_at,
        "file_count": hit.file_count,
        "size_bytes": hit.size_bytes,
        "pieces": pieces[:2],
    }


def _facet(name: str, found: SearchPage, text: str, sort: Sort) -> dict[str, object]:
    titles = {
        "format": _("Format"),
        "source": _("Source"),
        "tag": _("Tag"),
        "outcome": _("Outcome of events"),
    }
    links = [
        _FacetLink(
            each.value,
            each.count,
            _address("/objects", q=f'{text} {name}:"{each.value}"'.strip(), sort=sort.value),
        )
        for each in found.facets[name][:_SHOWN_VALUES]
    ]
    return {"name": titles[name], "counts": links}


def _entity(
    request: HttpRequest, object_id: UUID, action: str = "object.read"
) -> IntellectualEntity:
    return entities.entity_for(page_actor(request), ObjectId(str(object_id)), action=action)


def _tabs(entity: IntellectualEntity, current: str) -> list[tuple[str, str, bool]]:
    names = {
        "": _("Overview"),
        "files": _("Files"),
        "events": _("Events"),
        "versions": _("Versions"),
    }
    return [
        (name, f"/objects/{entity.object_id}" + (f"/{part}" if part else ""), part == current)
        for part, name in names.items()
    ]


@page("object.read")
def one_object(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Show an object: description, tags, facts, formats."""
    entity = _entity(request, object_id)
    actor = page_actor(request)
    context = {
        "entity": entity,
        "tabs": _tabs(entity, ""),
        "whole": documents.whole_entity(entity, None),
        "may_describe": may(actor, "object.describe", entity),
        "may_tag": may(actor, "object.tag", entity),
    }
    return render(request, "catalogue/object.html", context)


@page("object.read")
def object_files(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Show a page of the files of the newest version."""
    entity = _entity(request, object_id)
    name, after = request.GET.get("name", ""), request.GET.get("cursor", "")
    found = files.list_files(entity, name=name, limit=_ROWS, after=after)
    here = f"/objects/{entity.object_id}/files"
    context = {
        "entity": entity,
        "tabs": _tabs(entity, "files"),
        "rows": found.rows,
        "name": name,
        "first": _address(here, name=name) if after else "",
        "next": _address(here, name=name, cursor=found.next) if found.next else "",
    }
    return render(request, "catalogue/files.html", context)


@page("object.read")
def object_events(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Show a page of events as a timeline."""
    entity = _entity(request, object_id)
    after = request.GET.get("cursor", "")
    found = history.list_events(entity, limit=50, after=after)
    here = f"/objects/{entity.object_id}/events"
    context = {
        "entity": entity,
        "tabs": _tabs(entity, "events"),
        "rows": found.rows,
        "first": here if after else "",
        "next": _address(here, cursor=found.next) if found.next else "",
    }
    return render(request, "catalogue/events.html", context)


@page("object.read")
def object_versions(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Show the versions, and what one of them changed."""
    entity = _entity(request, object_id)
    context: dict[str, object] = {
        "entity": entity,
        "tabs": _tabs(entity, "versions"),
        "rows": history.versions_of(entity),
    }
    wanted = request.GET.get("version", "")
    if wanted.isascii() and wanted.isdigit() and 1 < int(wanted[:9]) <= entity.head:
        new = int(wanted[:9])
        context |= {"old": new - 1, "new": new}
        context["difference"] = history.difference(entity, new - 1, new)
    return render(request, "catalogue/versions.html", context)


@page("object.describe", methods=("GET", "HEAD", "POST"))
def description(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Edit the Dublin Core as text; a conflict shows both and loses nothing."""
    entity = _entity(request, object_id, "object.describe")
    text, fault = "", ""
    if request.method == "POST":
        text = request.POST.get("text", "")
        try:
            _save(request, entity, text)
            return HttpResponseRedirect(f"/objects/{entity.object_id}")
        except (InvalidArgument, VersionConflict) as exc:
            fault = str(exc)
            entity.refresh_from_db()
    terms = history.terms_of(entity, entity.head)
    context = {
        "entity": entity,
        "tabs": _tabs(entity, ""),
        "text": text if fault else text_of(terms),
        "fault": fault,
        "head": entity.head,
        "known": ", ".join(sorted(TERMS)),
    }
    return render(request, "catalogue/description.html", context, status=422 if fault else 200)


def _save(request: HttpRequest, entity: IntellectualEntity, text: str) -> None:
    if request.POST.get("head") != str(entity.head):
        raise VersionConflict(
            _("Somebody else has changed the description meanwhile. Look at it, then save again.")
        )
    record = parse_text(text)
    with tempfile.TemporaryDirectory(prefix="describe-", dir=adapter_of(ArchiveHome).work) as work:
        edit_description(
            ObjectId(str(entity.object_id)),
            record,
            actor=page_actor(request),
            archive=open_archive(),
            work=Path(work),
        )
    outbox.drain()


@page("object.tag", methods=("POST",))
def tags(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Hang a tag on or take one off, and go back."""
    entity = _entity(request, object_id, "object.tag")
    tag_object(
        ObjectId(str(entity.object_id)),
        add=[name for name in request.POST.getlist("add") if name],
        remove=[name for name in request.POST.getlist("remove") if name],
        actor=page_actor(request),
        ledger=adapter_of(Ledger),
    )
    outbox.drain()
    return HttpResponseRedirect(f"/objects/{entity.object_id}")


@page("object.read")
def one_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Show a file: format, digests, technical metadata."""
    actor = page_actor(request)
    file = files.file_for(actor, file_id)
    document = documents.file(file)
    context = {
        "file": file,
        "entity": file.entity,
        "digests": sorted(document["digests"].items()),
        "properties": sorted((file.properties or {}).items()),
        "may_download": may(actor, "object.export", file.entity),
    }
    return render(request, "catalogue/file.html", context)


@page("object.export")
def file_content(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Stream the bytes; never shown in the page of the site, whatever they claim to be."""
    file = files.file_for(page_actor(request), file_id, action="object.export")
    root = adapter_of(StorageRoot)  # type: ignore[type-abstract]  # a port is a Protocol
    number = file.last_version or file.entity.head
    version = root.open_version(ObjectId(str(file.entity.object_id)), number)
    path = f"representations/{file.representation.name}/data/{file.path}"
    response = FileResponse(
        version.open(path), as_attachment=True, filename=file.path.rpartition("/")[2]
    )
    response.headers["Content-Type"] = "application/octet-stream"
    # The framework closes these with the response.
    response._resource_closers.append(version.close)  # type: ignore[attr-defined]  # not in the stubs
    return response
