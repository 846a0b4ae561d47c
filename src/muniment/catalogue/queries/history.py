"""What happened to an entity: versions, events, and what changed between two versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from muniment.catalogue.models import (
    DescriptiveTerm,
    Event,
    EventAgent,
    EventObject,
    File,
    IntellectualEntity,
    RightsStatement,
    Tag,
    Version,
)
from muniment.catalogue.queries.entities import Page
from muniment.catalogue.queries.files import checked_version
from muniment.catalogue.search import cursor
from muniment.runtime.errors import InvalidArgument


def versions_of(entity: IntellectualEntity) -> list[Version]:
    """Return the versions, newest first. One query."""
    return list(Version.objects.filter(entity=entity).order_by("-number"))


def terms_of(entity: IntellectualEntity, number: int) -> list[DescriptiveTerm]:
    """Return the Dublin Core terms of a version, in their order. One query."""
    rows = DescriptiveTerm.objects.at_version(number).filter(entity=entity)
    return list(rows.order_by("position"))


def rights_of(entity: IntellectualEntity, number: int) -> list[RightsStatement]:
    """Return the rights statements of a version. One query."""
    rows = RightsStatement.objects.at_version(number).filter(entity=entity)
    return list(rows.order_by("rights_id"))


def tags_of(entity: IntellectualEntity) -> list[str]:
    """Return the tags, sorted. One query."""
    return sorted(Tag.objects.present().filter(entity=entity).values_list("name", flat=True))


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Which events are wanted; empty members want all. `since_sealing`: those of the ledger."""

    type: str = ""
    outcome: str = ""
    file_id: str = ""
    since_sealing: bool = False


def events_of(entity: IntellectualEntity) -> QuerySet[Event]:
    """Return the events of an object with their agents: two queries."""
    agents = EventAgent.objects.select_related("agent").order_by("role", "agent__name")
    rows = Event.objects.filter(entity=entity).select_related("representation")
    return rows.prefetch_related(Prefetch("linked_agents", agents))


def about_file(text: str) -> Q:
    """Return what holds of events about a file; raises InvalidArgument for no identifier."""
    file_id = _file_id(text)
    further = EventObject.objects.filter(object_identifier=text).values("event")
    return Q(file_id=file_id) | Q(pk__in=further)


def list_events(
    entity: IntellectualEntity,
    *,
    wanted: EventFilter | None = None,
    limit: int = 100,
    after: str = "",
) -> Page[Event]:
    """Return a page of events, newest first, with their agents. Two queries.

    Raises InvalidArgument: the cursor, or what is no identifier of a file.
    """
    rows = events_of(entity)
    wanted = wanted or EventFilter()
    if wanted.type:
        rows = rows.filter(type=wanted.type)
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    if wanted.since_sealing:
        rows = rows.filter(version__isnull=True)
    if wanted.file_id:
        rows = rows.filter(about_file(wanted.file_id))
    if after:
        rows = rows.filter(_behind(after))
    found = list(rows.order_by("-date_time", "-event_id")[: limit + 1])
    if len(found) <= limit:
        return Page(tuple(found))
    last = found[limit - 1]
    next_page = cursor.encode(last.date_time.isoformat(), str(last.event_id))
    return Page(tuple(found[:limit]), next_page)


def _file_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as exc:
        raise InvalidArgument(f"{text!r} is no identifier of a file: it is a UUID") from exc


def _behind(after: str) -> Q:
    at, event_id = cursor.decode(after, str, str)
    try:
        moment, last = datetime.fromisoformat(str(at)), UUID(str(event_id))
    except ValueError as exc:
        raise InvalidArgument(f"{after!r} is no cursor of this list: leave it out") from exc
    return Q(date_time__lt=moment) | Q(date_time=moment, event_id__lt=last)


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version has that another has not. Renamed: the same bytes under another path.

    `described_anew` are files whose bytes stay and whose description (format, validity…) changed.
    Terms are (term, value, language).
    """

    added: tuple[File, ...]
    removed: tuple[File, ...]
    changed: tuple[tuple[File, File], ...]
    renamed: tuple[tuple[File, File], ...]
    described_anew: tuple[tuple[File, File], ...]
    terms_added: tuple[tuple[str, str, str], ...]
    terms_removed: tuple[tuple[str, str, str], ...]

    @property
    def is_empty(self) -> bool:
        """Say whether the two are the same."""
        return not any(getattr(self, name) for name in self.__slots__)


def difference(entity: IntellectualEntity, old: int, new: int) -> Difference:
    """Compare two versions by their interval rows; memory grows with the differences only.

    Four queries and those of `entity`. Raises VersionMissing.
    """
    old, new = checked_version(entity, old), checked_version(entity, new)
    gone = {_place(each): each for each in _only_in(entity, old, new)}
    came = {_place(each): each for each in _only_in(entity, new, old)}
    pairs = [(gone.pop(place), came.pop(place)) for place in sorted(gone.keys() & came.keys())]
    renamed = _renamed(gone, came)
    terms_old, terms_new = _terms(entity, old), _terms(entity, new)
    return Difference(
        added=tuple(came[place] for place in sorted(came)),
        removed=tuple(gone[place] for place in sorted(gone)),
        changed=tuple(pair for pair in pairs if not _same_bytes(*pair)),
        renamed=renamed,
        described_anew=tuple(pair for pair in pairs if _same_bytes(*pair)),
        terms_added=tuple(term for term in terms_new if term not in terms_old),
        terms_removed=tuple(term for term in terms_old if term not in terms_new),
    )


_Place = tuple[str, str]


def _place(file: File) -> _Place:
    return (file.representation.name, file.path)


def _only_in(entity: IntellectualEntity, number: int, other: int) -> list[File]:
    rows = File.objects.at_version(number).filter(entity=entity)
    ends_before, begins_behind = Q(last_version__lt=other), Q(first_version__gt=other)
    return list(rows.filter(ends_before | begins_behind).select_related("representation"))


def _same_bytes(old: File, new: File) -> bool:
    return bytes(old.sha512) == bytes(new.sha512)


def _renamed(gone: dict[_Place, File], came: dict[_Place, File]) -> tuple[tuple[File, File], ...]:
    """Take from both what has the same bytes, each file once, in the order of the old paths."""
    by_digest: dict[bytes, list[_Place]] = {}
    for place in sorted(came, reverse=True):
        by_digest.setdefault(bytes(came[place].sha512), []).append(place)
    return tuple(
        (gone.pop(place), came.pop(targets.pop()))
        for place in sorted(gone)
        if (targets := by_digest.get(bytes(gone[place].sha512)))
    )


def _terms(entity: IntellectualEntity, number: int) -> Sequence[tuple[str, str, str]]:
    rows = DescriptiveTerm.objects.at_version(number).filter(entity=entity).order_by("position")
    return list(rows.values_list("term", "value", "language"))
