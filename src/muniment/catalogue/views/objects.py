"""The list of objects: search, facets, orders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import (
    HttpRequest,
    HttpResponse,
)
from django.shortcuts import render
from django.utils.translation import gettext as _

from muniment.catalogue.adapters.search import search_index
from muniment.catalogue.models import SavedSearch
from muniment.catalogue.queries.search import search
from muniment.catalogue.queries.statistics import format_names
from muniment.catalogue.search.types import Hit, SearchPage, SearchQuery, Sort
from muniment.catalogue.services.bulk import BulkAction
from muniment.catalogue.services.searches import saved_searches
from muniment.catalogue.views.shared import address
from muniment.runtime.actor import may
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.http.pages import page, page_actor

_FACETS = ("format", "source", "tag", "outcome")
_SHOWN_VALUES = 8


@dataclass(frozen=True, slots=True)
class _FacetLink:
    value: str
    name: str
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
    actor = page_actor(request)
    names = format_names([each.value for each in found.facets.get("format", ())[:_SHOWN_VALUES]])
    context = {
        "page": {"total": found.total, "hits": [_shown(hit) for hit in found.hits]},
        "text": text,
        "sort": sort.value,
        "sorts": _sort_names(),
        "facets": [_facet(name, found, text, sort, names) for name in found.facets],
        "searches": [(each, _address_of(each)) for each in saved_searches(actor)],
        "actions": _actions(request),
        "may_keep": request.user.is_authenticated,
        "may_submit": may(actor, "submission.create"),
        "fault": fault,
        "first": address("/objects", q=text, sort=said) if after else "",
        "next": address("/objects", q=text, sort=sort.value, cursor=found.next)
        if found.next
        else "",
    }
    return render(request, "catalogue/objects.html", context, status=422 if fault else 200)


def _actions(request: HttpRequest) -> list[str]:
    """Return what may be done to many objects at once; a visitor has nowhere to fetch it from."""
    if not request.user.is_authenticated:
        return []
    actor = page_actor(request)
    return [each.value for each in BulkAction if may(actor, each.permission)]


def _address_of(saved: SavedSearch) -> str:
    return address("/objects", q=saved.query, sort=saved.sort)


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


def _facet(
    name: str, found: SearchPage, text: str, sort: Sort, names: Mapping[str, str]
) -> dict[str, object]:
    titles = {
        "format": _("Format"),
        "source": _("Source"),
        "tag": _("Tag"),
        "outcome": _("Outcome of events"),
    }
    links = [
        _FacetLink(
            each.value,
            names.get(each.value, each.value) if name == "format" else each.value,
            each.count,
            address("/objects", q=f'{text} {name}:"{each.value}"'.strip(), sort=sort.value),
        )
        for each in found.facets[name][:_SHOWN_VALUES]
    ]
    return {"name": titles[name], "is_words": name == "outcome", "counts": links}
