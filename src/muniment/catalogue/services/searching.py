"""Keeping search in step with the rows."""

from __future__ import annotations

from collections.abc import Iterable

from muniment.catalogue.ports import SearchIndex
from muniment.catalogue.search_documents import documents_of
from muniment.catalogue.services.indexing import CHANGED
from muniment.work import outbox


def subscribe_search(index: SearchIndex) -> None:
    """Let search follow every change of an entity, after the transaction of the change."""

    def hear(event: outbox.Event) -> None:
        index_search([event.entity], index=index)

    outbox.subscribe("catalogue.search", [CHANGED], hear)


def index_search(object_ids: Iterable[str], *, index: SearchIndex) -> int:
    """Look at these entities again; those that are gone leave the index. Returns how many stay."""
    wanted = list(dict.fromkeys(object_ids))
    known = set()
    count = 0
    for document in documents_of(wanted):
        known.add(document.object_id)
        count += index.index([document])
    index.delete(set(wanted) - known)
    return count
