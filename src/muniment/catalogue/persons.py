"""Who brought a thing and had part in its events: told to those who may see its submission.

Whoever reads an object because a policy opens it is told what it is and what became of it, and no
names (decision 21).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from muniment.catalogue import documents
from muniment.catalogue.search.types import FacetFilter, SearchQuery
from muniment.runtime.actor import Actor, Owned, current_policy, may
from muniment.runtime.errors import InvalidArgument

if TYPE_CHECKING:
    from muniment.catalogue.models import Event, IntellectualEntity, Version

_SEEN_WITH = "submission.read"
_SOFTWARE = "software"
_OF_VERSION: documents.Document = {"user_name": "", "user_address": "", "submission_id": None}


def sees_persons(actor: Actor, thing: Owned) -> bool:
    """Say whether the actor is told who owns an object and who did what to it."""
    return may(actor, _SEEN_WITH, thing)


def entity(actor: Actor, row: IntellectualEntity) -> documents.Document:
    """Return an object without its parts, its owner for who may know."""
    document = documents.entity(row)
    return document if sees_persons(actor, row) else document | {"owner": ""}


def whole(actor: Actor, found: documents.WholeEntity) -> documents.Document:
    """Return the document of one object, owner and submission for who may know."""
    document = found.as_json()
    if sees_persons(actor, found.row):
        return document
    return document | {"owner": "", "shown_version": document["shown_version"] | _OF_VERSION}


def version(actor: Actor, of: IntellectualEntity, row: Version) -> documents.Document:
    """Return a version, who made it from which submission for who may know."""
    document = documents.version(row)
    return document if sees_persons(actor, of) else document | _OF_VERSION


def event(actor: Actor, of: IntellectualEntity, row: Event) -> documents.Document:
    """Return an event; of one that a person had part in, others are told neither names nor text."""
    document = documents.event(row)
    if sees_persons(actor, of) or not has_persons(row):
        return document
    software = [each for each in document["agents"] if each["type"] == _SOFTWARE]
    return document | {"agents": software, "detail": "", "outcome_detail": ""}


def has_persons(row: Event) -> bool:
    """Say whether anything but software had part in an event; its agents are loaded."""
    return any(each.agent.type != _SOFTWARE for each in row.linked_agents.all())


def check_search(actor: Actor, query: SearchQuery) -> None:
    """Raise InvalidArgument where the answer, even its number of hits, would tell an owner."""
    filters = [each for each in query.filters if isinstance(each, FacetFilter)]
    check_owners(actor, *(v for each in filters if each.field == "owner" for v in each.values))
    if "owner" in query.facets and not _sees_all(actor):
        raise InvalidArgument("owner: only who sees all submissions can count by it")


def check_owners(actor: Actor, *wanted: str) -> None:
    """Raise InvalidArgument for a filter by owners of whom the actor is not told."""
    if not {*wanted} <= {actor.name} and not _sees_all(actor):
        raise InvalidArgument("owner: only who sees all submissions can ask for those of others")


def _sees_all(actor: Actor) -> bool:
    return current_policy().sees_all(actor, _SEEN_WITH)
