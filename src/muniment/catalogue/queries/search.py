"""Search, as an actor sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from muniment.catalogue.persons import check_search
from muniment.catalogue.ports import SearchIndex
from muniment.catalogue.queries.entities import visibility
from muniment.catalogue.search.query_language import parse_query
from muniment.catalogue.search.types import FACETS, SearchPage, SearchQuery, Sort
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor
from muniment.runtime.errors import InvalidArgument

MAX_LIMIT = 1000


def search(
    actor: Actor, text: str, *, index: SearchIndex, options: SearchQuery | None = None
) -> SearchPage:
    """Find what the actor may see; terms and filters come from `text`, all else from `options`.

    Raises InvalidArgument for a query, facet or limit that is none, and one by an owner that the
    actor may not know.
    """
    asked = parse_query(text)
    said = options or SearchQuery()
    if unknown := set(said.facets) - set(FACETS):
        raise InvalidArgument(
            f"{', '.join(sorted(unknown))} cannot be counted; known are {', '.join(FACETS)}"
        )
    if not 1 <= said.limit <= MAX_LIMIT:
        raise InvalidArgument(f"a page has 1 to {MAX_LIMIT} hits, not {said.limit}")
    query = replace(said, terms=asked.terms, filters=asked.filters)
    check_search(actor, query)
    return index.query(query, visible=visibility(actor))


def objects_found(actor: Actor, text: str, *, index: SearchIndex) -> Iterator[ObjectId]:
    """Give every object that a query finds, first archived first; page by page.

    Raises InvalidArgument for a query that is none.
    """
    options = SearchQuery(sort=Sort.OLDEST, limit=MAX_LIMIT)
    while True:
        page = search(actor, text, index=index, options=options)
        yield from (ObjectId(hit.object_id) for hit in page.hits)
        if not page.next:
            return
        options = replace(options, after=page.next)
