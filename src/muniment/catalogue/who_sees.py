"""Who sees which part of which object: all with the object, by its policy."""

from __future__ import annotations

from typing import Any

from muniment.catalogue.models import (
    ActRestriction,
    Agent,
    BulkItem,
    DescriptiveTerm,
    Event,
    EventAgent,
    EventObject,
    File,
    Folder,
    Identifier,
    IntellectualEntity,
    OwnerTotal,
    ReadingGrant,
    ReadingPolicy,
    RebuildRun,
    Representation,
    Reservation,
    RightsStatement,
    SavedSearch,
    SearchDocument,
    SearchFacet,
    Tag,
    Version,
)
from muniment.catalogue.queries.entities import readable
from muniment.runtime.actor import Actor
from muniment.work.models import Job
from muniment.work.visibility import hide, show, show_to, show_with

_PARTS = (
    *(Identifier, Version, DescriptiveTerm, RightsStatement, Tag),
    *(ActRestriction, Representation, File, Folder, Event),
)


def register() -> None:
    """Say it for every table of this package."""
    show(IntellectualEntity, readable)
    for part in _PARTS:
        show_with(part, "entity", IntellectualEntity)
    show_with(EventObject, "event", Event)
    show_with(EventAgent, "event", Event)
    show_with(Agent, "pk", EventAgent, key="agent")
    show_with(SearchDocument, "object_id", IntellectualEntity, key="object_id")
    show_with(SearchFacet, "document", SearchDocument)
    show_with(
        BulkItem, "job", Job
    )  # `items_of` takes out what was closed since they were asked for
    show(SavedSearch, lambda actor: SavedSearch.objects.filter(owner=actor.name))
    show(ReadingPolicy, _policies)
    show_with(ReadingGrant, "policy", ReadingPolicy)
    hide(OwnerTotal, "sums, asked through `totals`")
    hide(Reservation, "which object a submission will make; told with the submission")
    show_to(RebuildRun, "catalogue.rebuild")


def _policies(actor: Actor) -> Any:  # noqa: ANN401  # a queryset, of a table with its own manager
    found = readable(actor, "object.policy").values("object_id")
    return ReadingPolicy.objects.filter(object_id__in=found)
