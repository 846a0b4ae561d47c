"""Filters of lists: one parameter each, read strictly; a value that no row can have is 422."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from muniment.runtime.errors import InvalidArgument

_LONGEST = 1000


class Filter(Protocol):
    """One parameter of a list."""

    @property
    def about(self) -> str: ...

    def conditions(self, name: str, text: str) -> Q:
        """Return what a row must be; raises InvalidArgument."""
        ...


@dataclass(frozen=True, slots=True)
class OneOf:
    """The column is one of these words, with commas between; `known` are all that there are."""

    column: str
    about: str
    known: Collection[str] = ()

    def conditions(self, name: str, text: str) -> Q:
        """Return what a row must be; an empty text asks for nothing."""
        words = words_of(text)
        if self.known and (unknown := sorted(set(words) - set(self.known))):
            listed = ", ".join(self.known)
            raise InvalidArgument(f"{name}: there is no {', '.join(unknown)}; known are {listed}")
        return Q((f"{self.column}__in", words)) if words else Q()


def words_of(text: str) -> list[str]:
    """Split at commas; what is longer than anybody writes is cut."""
    return [word for word in text[:_LONGEST].split(",") if word]


@dataclass(frozen=True, slots=True)
class Exactly:
    """The column is this text."""

    column: str
    about: str

    def conditions(self, name: str, text: str) -> Q:  # noqa: ARG002  # as the port says
        """Return what a row must be; an empty text asks for nothing."""
        return Q((self.column, text)) if text else Q()


@dataclass(frozen=True, slots=True)
class Holds:
    """The column has this text somewhere, in capitals or not."""

    column: str
    about: str

    def conditions(self, name: str, text: str) -> Q:  # noqa: ARG002  # as the port says
        """Return what a row must be; an empty text asks for nothing."""
        return Q((f"{self.column}__icontains", text[:_LONGEST])) if text else Q()


@dataclass(frozen=True, slots=True)
class Identifier:
    """The column is this UUID."""

    column: str
    about: str

    def conditions(self, name: str, text: str) -> Q:
        """Return what a row must be."""
        try:
            return Q((self.column, UUID(text)))
        except ValueError as exc:
            raise InvalidArgument(f"{name}: a UUID") from exc


@dataclass(frozen=True, slots=True)
class YesOrNo:
    """The column is true or false."""

    column: str
    about: str

    def conditions(self, name: str, text: str) -> Q:
        """Return what a row must be."""
        # By a list: SQLite looks into no index for a column that is a condition by itself.
        return Q((f"{self.column}__in", [_yes(name, text)]))


@dataclass(frozen=True, slots=True)
class Filled:
    """The column holds something, or nothing."""

    column: str
    about: str

    def conditions(self, name: str, text: str) -> Q:
        """Return what a row must be."""
        return Q((f"{self.column}__isnull", not _yes(name, text)))


def _yes(name: str, text: str) -> bool:
    if text not in {"true", "false"}:
        raise InvalidArgument(f"{name}: true or false")
    return text == "true"


@dataclass(frozen=True, slots=True)
class Moment:
    """The column lies at a moment or on one side of it; `lookup` as the framework names it."""

    column: str
    lookup: str
    about: str

    def conditions(self, name: str, text: str) -> Q:
        """Return what a row must be; a moment without a zone is in UTC."""
        try:
            found = parse_datetime(text.strip()[:64])
        except ValueError:
            found = None
        if found is None:
            raise InvalidArgument(f"{name}: a moment such as 2026-11-30T12:00:00Z")
        at = found if found.tzinfo else found.replace(tzinfo=UTC)
        return Q((f"{self.column}__{self.lookup}", _in_range(at, name)))


def _in_range(at: datetime, name: str) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as exc:
        raise InvalidArgument(f"{name}: this moment is too far away") from exc


def since_and_until(column: str, what: str) -> dict[str, Filter]:
    """Return the two filters of a span of time."""
    return {
        "created_after": Moment(column, "gte", f"Only {what} at this moment or later"),
        "created_before": Moment(column, "lt", f"Only {what} before this moment"),
    }
