"""Lists of rows: filters and orders that each list names, pages by key, a sum on demand.

A list says by `ListRules` what may be asked of it, and nothing else is understood: an unknown
parameter is 400, a value that no row can have is 422 (orchestration spec §3.1). Every order is by
a column that is unique and has an index, so that a page costs the same wherever it lies.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import CharField, Field, Model, QuerySet, UUIDField
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.runtime.errors import InvalidArgument
from muniment.runtime.http.paging import PAGE_PARAMETERS, page_answer, page_asked
from muniment.runtime.http.schema import PAGE, query

M = TypeVar("M", bound=Model)
_LONGEST = 1000


class Filter(Protocol):
    """One parameter of a list."""

    @property
    def about(self) -> str: ...

    def conditions(self, name: str, text: str) -> dict[str, object]:
        """Return what a row must be; raises InvalidArgument."""
        ...


@dataclass(frozen=True, slots=True)
class OneOf:
    """The column is one of these words, with commas between; `known` are all that there are."""

    column: str
    about: str
    known: Collection[str] = ()

    def conditions(self, name: str, text: str) -> dict[str, object]:
        """Return what a row must be; an empty text asks for nothing."""
        words = _words(text)
        if self.known and (unknown := sorted(set(words) - set(self.known))):
            listed = ", ".join(self.known)
            raise InvalidArgument(f"{name}: there is no {', '.join(unknown)}; known are {listed}")
        return {f"{self.column}__in": words} if words else {}


def _words(text: str) -> list[str]:
    return [word for word in text[:_LONGEST].split(",") if word]


@dataclass(frozen=True, slots=True)
class Exactly:
    """The column is this text."""

    column: str
    about: str

    def conditions(self, name: str, text: str) -> dict[str, object]:  # noqa: ARG002  # as the port says
        """Return what a row must be; an empty text asks for nothing."""
        return {self.column: text} if text else {}


@dataclass(frozen=True, slots=True)
class Identifier:
    """The column is this UUID."""

    column: str
    about: str

    def conditions(self, name: str, text: str) -> dict[str, object]:
        """Return what a row must be."""
        try:
            return {self.column: UUID(text)}
        except ValueError as exc:
            raise InvalidArgument(f"{name}: a UUID") from exc


@dataclass(frozen=True, slots=True)
class YesOrNo:
    """The column is true or false."""

    column: str
    about: str

    def conditions(self, name: str, text: str) -> dict[str, object]:
        """Return what a row must be."""
        if text not in {"true", "false"}:
            raise InvalidArgument(f"{name}: true or false")
        return {self.column: text == "true"}


@dataclass(frozen=True, slots=True)
class Moment:
    """The column lies at a moment or on one side of it; `lookup` as the framework names it."""

    column: str
    lookup: str
    about: str

    def conditions(self, name: str, text: str) -> dict[str, object]:
        """Return what a row must be; a moment without a zone is in UTC."""
        try:
            found = parse_datetime(text.strip()[:64])
        except ValueError:
            found = None
        if found is None:
            raise InvalidArgument(f"{name}: a moment such as 2026-11-30T12:00:00Z")
        at = found if found.tzinfo else found.replace(tzinfo=UTC)
        return {f"{self.column}__{self.lookup}": _in_range(at, name)}


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


@dataclass(frozen=True, slots=True)
class ListRules:
    """What may be asked of a list: filters by parameter; orders by word, each with its column.

    `shape` is that of an item: `fields` may name its members.
    """

    shape: type[s.Serializer[Any]]
    sorts: Mapping[str, str]
    default: str
    filters: Mapping[str, Filter] = field(default_factory=dict)

    @property
    def parameters(self) -> frozenset[str]:
        """Every parameter that is understood."""
        return PAGE_PARAMETERS | {"sort", "count", "fields", *self.filters}

    @property
    def documented(self) -> tuple[OpenApiParameter, ...]:
        """What the OpenAPI document says of them."""
        words = [f"{sign}{name}" for name in self.sorts for sign in ("", "-")]
        return (
            *(query(name, str, each.about) for name, each in self.filters.items()),
            query("sort", words, f"The order, with - from the end; {self.default} without"),
            query("count", ["true", "false"], "With `total`: how many there are on all pages"),
            query("fields", str, "Only these members of each item, with commas between"),
            *PAGE,
        )

    def members(self, text: str) -> set[str]:
        """Return the members of an item that are wanted; empty: all. Raises InvalidArgument."""
        names, known = set(_words(text)), set(self.shape().fields)
        if unknown := sorted(names - known):
            listed = ", ".join(sorted(known))
            raise InvalidArgument(f"fields: there is no {', '.join(unknown)}; known are {listed}")
        return names


def list_answer(
    request: Request,
    rows: QuerySet[M],
    rules: ListRules,
    document: Callable[[M], Mapping[str, object]],
) -> Response:
    """Answer a page of the rows that one may see; one query more with `count=true`."""
    asked, said = page_asked(request), request.query_params
    for name, each in rules.filters.items():
        if name in said:
            rows = rows.filter(**each.conditions(name, said[name]))
    members = rules.members(said.get("fields", ""))
    more: dict[str, Any] = {}
    if _is_counted(said.get("count", "false")):
        more["total"] = rows.count()
    column, is_down = _order(rules, said.get("sort", rules.default))
    if asked.cursor:
        beyond = f"{column}__{'lt' if is_down else 'gt'}"
        rows = rows.filter(**{beyond: _key(rows, column, asked.cursor)})
    found = list(rows.order_by(f"-{column}" if is_down else column)[: asked.limit + 1])
    shown = found[: asked.limit]
    after = str(getattr(shown[-1], column)) if len(found) > asked.limit else ""
    items = [_narrowed(document(row), members) for row in shown]
    return page_answer(request, items, after, **more)


def _narrowed(item: Mapping[str, object], members: set[str]) -> Mapping[str, object]:
    return {name: item[name] for name in item if name in members} if members else item


def _is_counted(text: str) -> bool:
    if text not in {"true", "false"}:
        raise InvalidArgument("count: true or false")
    return text == "true"


def _order(rules: ListRules, word: str) -> tuple[str, bool]:
    name = word.removeprefix("-")
    if name not in rules.sorts:
        listed = ", ".join(rules.sorts)
        raise InvalidArgument(f"sort: one of {listed}, with - before it from the end")
    return rules.sorts[name], word.startswith("-")


def _key(rows: QuerySet[M], column: str, cursor: str) -> object:
    """Read a cursor: the key of the last row of the page before."""
    meta = rows.model._meta
    key = meta.pk if column == "pk" else meta.get_field(column)
    if isinstance(key, CharField):
        return cursor
    assert isinstance(key, Field)  # rules name columns of the model's own
    is_number = cursor.isascii() and cursor.isdigit() and len(cursor) < 19
    try:
        if isinstance(key, UUIDField) or is_number:
            return key.to_python(cursor)
    except ValidationError as exc:
        raise InvalidArgument("this is no cursor of this list: leave it out") from exc
    raise InvalidArgument("this is no cursor of this list: leave it out")
