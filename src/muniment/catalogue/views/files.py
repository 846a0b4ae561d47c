"""Pages of files: those of an object as a tree and as a list, and one of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from muniment.catalogue import documents, previews
from muniment.catalogue.content import content_of
from muniment.catalogue.indexing.folders import folder_of
from muniment.catalogue.models import IntellectualEntity
from muniment.catalogue.queries import files
from muniment.catalogue.queries.tree import Opened, TreeEntry, open_folder
from muniment.catalogue.views.properties import shown_property
from muniment.catalogue.views.shared import address, entity_of, tabs_of
from muniment.formats.previews.kinds import PreviewKind
from muniment.runtime.actor import may
from muniment.runtime.http.downloads import download_answer
from muniment.runtime.http.pages import page, page_actor

_ROWS = 100


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the tree: a folder leads to its page and, with scripts, opens in place."""

    entry: TreeEntry
    address: str
    inside: str


def _opened(request: HttpRequest, entity: IntellectualEntity) -> dict[str, object]:
    """Return what the template of a folder's content needs."""
    path = request.GET.get("in", "")
    found = open_folder(entity, path, limit=_ROWS, after=request.GET.get("cursor", ""))
    here = f"/objects/{entity.object_id}/files"
    return {
        "rows": [_row(here, each) for each in found.page.rows],
        "next": address(here, **{"in": found.path}, cursor=found.page.next)
        if found.page.next
        else "",
        "next_inside": address(f"{here}/inside", **{"in": found.path}, cursor=found.page.next),
        "opened": found,
        "crumbs": _crumbs(here, found),
    }


def _row(here: str, entry: TreeEntry) -> _Row:
    if entry.file is not None:
        return _Row(entry, f"/object/{entry.file.file_id}", "")
    query = {"in": entry.path}
    return _Row(entry, address(here, **query), address(f"{here}/inside", **query))


def _crumbs(here: str, found: Opened) -> list[tuple[str, str]]:
    """Return name and address of each folder above the open one, and of itself."""
    parts = found.path.split("/") if found.path else []
    return [
        (name, address(here, **{"in": "/".join(parts[: place + 1])}))
        for place, name in enumerate(parts)
    ]


@page("object.read")
def object_files(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Show one folder of the newest version; with `name`, the files of all that have it."""
    entity = entity_of(request, object_id)
    name = request.GET.get("name", "")
    context = {"entity": entity, "tabs": tabs_of(entity, "files"), "name": name}
    context |= _found(request, entity, name) if name else _opened(request, entity)
    return render(request, "catalogue/files.html", context)


def _found(request: HttpRequest, entity: IntellectualEntity, name: str) -> dict[str, object]:
    after = request.GET.get("cursor", "")
    found = files.list_files(entity, name=name, limit=_ROWS, after=after)
    here = f"/objects/{entity.object_id}/files"
    return {
        "found": found.rows,
        "first": address(here, name=name) if after else "",
        "next": address(here, name=name, cursor=found.next) if found.next else "",
    }


@page("object.read")
def folder_inside(request: HttpRequest, object_id: UUID) -> HttpResponse:
    """Give what lies in a folder, for the tree that is open in the page."""
    entity = entity_of(request, object_id)
    return render(request, "catalogue/parts/tree.html", _opened(request, entity))


@page("object.read")
def one_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Show a file: format, digests, technical metadata."""
    actor = page_actor(request)
    file = files.file_for(actor, file_id)
    document = documents.file(file)
    preview, may_download = previews.kind_of(file), may(actor, "object.export", file.entity)
    is_whole = preview in {PreviewKind.AUDIO, PreviewKind.VIDEO}  # plays the file itself
    context = {
        "file": file,
        "entity": file.entity,
        "digests": sorted(document["digests"].items()),
        "properties": [shown_property(*each) for each in sorted((file.properties or {}).items())],
        "may_download": may_download,
        "may_preview": may_download if is_whole else may(actor, "object.preview", file.entity),
        "preview": preview,
        "folder": address(
            f"/objects/{file.entity.object_id}/files",
            **{"in": f"{file.representation.name}/{folder_of(file.path)}".rstrip("/")},
        ),
    }
    return render(request, "catalogue/file.html", context)


@page("object.export")
def file_content(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """Stream the bytes; never shown in the page of the site, whatever they claim to be."""
    return download_answer(request, content_of(page_actor(request), file_id))
