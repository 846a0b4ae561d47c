"""The list of objects: search, facets, orders."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import (
    HttpRequest,
    HttpResponse,
)
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.queries.search import search
from muniment.catalogue.search.types import Hit, SearchPage, SearchQuery, Sort
from muniment.catalogue.views.shared import address
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.http.pages import page, page_actor

_FACETS = ("format", "source", "tag", "outcome")
_SHOWN_VALUES = 8


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
        "first": address("/objects", q=text, sort=said) if after else "",
        "next": address("/objects", q=text, sort=sort.value, cursor=found.next)
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
            address("/objects", q=f'{text} {name}:"{each.value}"'.strip(), sort=sort.value),
        )
        for each in found.facets[name][:_SHOWN_VALUES]
    ]
    return {"name": titles[name], "counts": links}
