"""Searches that a user keeps under a name."""

from __future__ import annotations

from django.db import transaction

from muniment.catalogue.models import SavedSearch
from muniment.catalogue.search.query_language import parse_query
from muniment.catalogue.search.types import Sort
from muniment.runtime.actor import Actor
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument, ObjectMissing, WrongState

_MOST = 200


def save_search(
    name: str, *, query: str, sort: str = "", actor: Actor, clock: Clock
) -> SavedSearch:
    """Keep a search; one of the same name is replaced.

    Raises InvalidArgument (no name, no query that can be read), WrongState (too many are kept).
    """
    name = " ".join(name.split())
    if not name.isprintable() or not 0 < len(name) <= 100:
        raise InvalidArgument("a saved search has a name of 1 to 100 visible characters")
    if len(query) > 2000 or "\0" in query:
        raise InvalidArgument("a saved search has at most 2,000 characters")
    if sort and sort not in set(Sort):
        raise InvalidArgument(f"sort: one of {', '.join(Sort)}")
    parse_query(query)
    with transaction.atomic():
        mine = SavedSearch.objects.filter(owner=actor.name)
        if mine.count() >= _MOST and not mine.filter(name=name).exists():
            raise WrongState(f"{_MOST} searches are kept already; remove one first")
        row, _ = SavedSearch.objects.update_or_create(
            owner=actor.name,
            name=name,
            defaults={"query": query.strip(), "sort": sort, "made_at": clock.now()},
        )
    return row


def saved_searches(actor: Actor) -> list[SavedSearch]:
    """Return the actor's own, by name. One query."""
    return list(SavedSearch.objects.filter(owner=actor.name).order_by("name"))


def forget_search(number: int, *, actor: Actor) -> None:
    """Remove one of the actor's own; raises ObjectMissing."""
    deleted, _ = SavedSearch.objects.filter(owner=actor.name, pk=number).delete()
    if not deleted:
        raise ObjectMissing(f"you keep no search of the number {number}")
