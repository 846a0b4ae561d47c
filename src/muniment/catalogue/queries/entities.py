"""Entities: lists, one of them, and which one a text means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from muniment.administration.reading import granted
from muniment.catalogue.models import Identifier, IntellectualEntity, OwnerTotal
from muniment.catalogue.reading import open_object_ids
from muniment.catalogue.search import cursor
from muniment.catalogue.search.types import Visibility
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Actor, current_policy, require
from muniment.runtime.errors import InvalidArgument, ObjectMissing

T = TypeVar("T")

Entities = QuerySet[IntellectualEntity, IntellectualEntity]
_PREFIX = re.compile(r"[0-9a-f-]{4,36}")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list; `next` is the cursor of the following page, "" at the end."""

    rows: tuple[T, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over all that an actor may see; kept, not computed."""

    entity_count: int
    file_count: int
    size_bytes: int


def visibility(actor: Actor, action: str = "object.read") -> Visibility:
    """Say what an actor may see: all, or what is its own and what policies open."""
    policy = current_policy()
    if policy.sees_all(actor, action):
        return Visibility(sees_all=True)
    level = policy.level_for(actor, action)
    return Visibility(
        sees_all=False,
        owner=actor.name if policy.sees_own(actor, action) else None,
        opened=() if level is None else open_object_ids(actor, level),
    )


def readable(actor: Actor, *actions: str) -> Entities:
    """Give the entities to which the actor may do one of `actions`; without any, `object.read`."""
    policy, wanted = current_policy(), actions or ("object.read",)
    if any(policy.sees_all(actor, action) for action in wanted):
        return IntellectualEntity.objects.all()
    mine = Q(pk__in=[])
    for action in wanted:
        mine |= _opened(actor, action)
    return IntellectualEntity.objects.filter(mine)


def _opened(actor: Actor, action: str) -> Q:
    """Return what is the actor's own or opened to them, of those who do not see everything."""
    policy = current_policy()
    level = policy.level_for(actor, action)
    mine = Q(owner=actor.name) if policy.sees_own(actor, action) else Q(pk__in=[])
    if level is not None:
        opened = granted(actor, IntellectualEntity.objects.all(), level)
        mine |= Q(pk__in=opened.values("pk"))
    return mine


def entity_for(
    actor: Actor, object_id: ObjectId, *, action: str = "object.read"
) -> IntellectualEntity:
    """Return an entity for which the actor may do `action`.

    Raises ObjectMissing when it is not there or the actor may not even read it, PermissionDenied
    when it may be read but not that.
    """
    # A token may be good for downloads and not for reading.
    entity = readable(actor, "object.read", action).filter(object_id=object_id).first()
    if entity is None:
        raise ObjectMissing(f"there is no object {object_id}")
    require(actor, action, entity)
    return entity


def title_of(actor: Actor, object_id: UUID | None) -> str:
    """Return the title of an object; "" where it has none, or is not there for the actor."""
    if object_id is None:
        return ""
    titles = readable(actor).filter(object_id=object_id).values_list("title", flat=True)
    return titles.first() or ""


def list_entities(actor: Actor, *, limit: int = 50, after: str = "") -> Page[IntellectualEntity]:
    """Return a page of entities, newest first. One query."""
    rows = readable(actor).order_by("-object_id")
    if after:
        rows = rows.filter(object_id__lt=_uuid_of(after))
    found = list(rows[: limit + 1])
    more = cursor.encode(str(found[limit - 1].object_id)) if len(found) > limit else ""
    return Page(tuple(found[:limit]), more)


def _uuid_of(after: str) -> UUID:
    (text,) = cursor.decode(after, str)
    try:
        return UUID(str(text))
    except ValueError as exc:
        raise InvalidArgument(f"{after!r} is no cursor of this list: leave it out") from exc


def totals(actor: Actor) -> Totals:
    """Return the counts of what the actor may see. One query.

    Kept for each owner; counted for who does not see everything.
    """
    rows = OwnerTotal.objects.all()
    if current_policy().sees_all(actor, "object.read"):
        found = rows.aggregate(
            entities=Sum("entity_count"), files=Sum("file_count"), bytes=Sum("size_bytes")
        )
    else:
        found = readable(actor).aggregate(
            entities=Count("pk"), files=Sum("file_count"), bytes=Sum("size_bytes")
        )
    return Totals(found["entities"] or 0, found["files"] or 0, found["bytes"] or 0)


def resolve(actor: Actor, text: str) -> ObjectId:
    """Return the object that a text names: UUID, `urn:uuid:…`, outside identifier, or a prefix.

    An outside identifier is `type:value` or the value alone. Raises ObjectMissing when nothing
    that the actor may see is meant, InvalidArgument (with the candidates) when several are.
    """
    name = text.strip()
    bare = name.lower().removeprefix("urn:uuid:")
    seen = readable(actor)
    for candidates in (_by_uuid(seen, bare), _by_identifier(seen, name), _by_prefix(seen, bare)):
        if len(candidates) == 1:
            return ObjectId(str(candidates[0]))
        if candidates:
            listed = ", ".join(str(each) for each in candidates[:5])
            raise InvalidArgument(f"{text!r} could be {listed}; write more of it")
    raise ObjectMissing(
        f"there is no object {text!r}; `muniment object list` and `muniment search` find them"
    )


def _by_uuid(seen: Entities, bare: str) -> Sequence[UUID]:
    try:
        wanted = UUID(bare)
    except ValueError:
        return []
    return list(seen.filter(object_id=wanted).values_list("object_id", flat=True))


def _by_identifier(seen: Entities, name: str) -> Sequence[UUID]:
    rows = Identifier.objects.filter(value=name)
    # A type may hold colons itself (`cern-sip:cds:2650`): every place to cut is tried.
    cuts = [at for at, letter in enumerate(name) if letter == ":"]
    for at in cuts:
        rows = rows | Identifier.objects.filter(type=name[:at], value=name[at + 1 :])
    found = seen.filter(pk__in=rows.values("entity_id"))
    return list(found.order_by("object_id").values_list("object_id", flat=True)[:6])


def _by_prefix(seen: Entities, bare: str) -> Sequence[UUID]:
    digits = bare.replace("-", "")
    if not _PREFIX.fullmatch(bare) or not 4 <= len(digits) < 32:
        return []
    low, high = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    found = seen.filter(object_id__gte=low, object_id__lte=high)
    return list(found.order_by("object_id").values_list("object_id", flat=True)[:6])
