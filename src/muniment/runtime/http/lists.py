"""Lists of rows: filters and orders that each list names, pages by key, a sum on demand.

A list says by `ListRules` what may be asked of it, and nothing else is understood: an unknown
parameter is 400, a value that no row can have is 422 (orchestration spec §3.1). Every order ends
in a column that is unique, so that a page behind a cursor costs the same wherever it lies.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import orjson
from django.core.exceptions import ValidationError
from django.db.models import CharField, DateTimeField, Field, Model, Q, QuerySet, UUIDField
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.runtime.errors import InvalidArgument
from muniment.runtime.http.filters import Filter, Moment, words_of
from muniment.runtime.http.paging import (
    NUMBERED_PAGE_PARAMETERS,
    PageAsked,
    numbered_page_asked,
    page_answer,
)
from muniment.runtime.http.schema import NUMBERED_PAGE, Method, page_of, query, told

M = TypeVar("M", bound=Model)
_NO_CURSOR = "this is no cursor of this list: leave it out"


@dataclass(frozen=True, slots=True)
class ListRules:
    """What may be asked of a list: filters by parameter; orders by word, each with its columns.

    `shape` is that of an item: `fields` may name its members. Of several columns the last is the
    one that is unique.
    """

    shape: type[s.Serializer[Any]]
    sorts: Mapping[str, str | tuple[str, ...]]
    default: str
    filters: Mapping[str, Filter] = field(default_factory=dict)
    by_moment: str = ""
    """The order where none is said and a moment is: else a planner reads all to find a few."""
    more: tuple[OpenApiParameter, ...] = ()
    """Parameters that the list reads for itself."""

    @property
    def parameters(self) -> frozenset[str]:
        """Every parameter that is understood."""
        more = {each.name for each in self.more}
        return NUMBERED_PAGE_PARAMETERS | {"sort", "count", "fields", *self.filters, *more}

    @property
    def documented(self) -> tuple[OpenApiParameter, ...]:
        """What the OpenAPI document says of them."""
        words = [f"{sign}{name}" for name in self.sorts for sign in ("", "-")]
        return (
            *(query(name, str, each.about) for name, each in self.filters.items()),
            *self.more,
            query("sort", words, f"The order, with - from the end; {self.default} without"),
            query("count", ["true", "false"], "With `total`: how many there are on all pages"),
            query("fields", str, "Only these members of each item, with commas between"),
            *NUMBERED_PAGE,
        )

    def told(self, summary: str, *problems: int) -> Callable[[Method], Method]:
        """Describe the method that answers such a list."""
        return told(
            summary, {200: page_of(self.shape)}, parameters=self.documented, problems=problems
        )

    def members(self, text: str) -> set[str]:
        """Return the members of an item that are wanted; empty: all. Raises InvalidArgument."""
        names, known = set(words_of(text)), set(self.shape().fields)
        if unknown := sorted(names - known):
            listed = ", ".join(sorted(known))
            raise InvalidArgument(f"fields: there is no {', '.join(unknown)}; known are {listed}")
        return names

    def order(self, said: Mapping[str, str]) -> tuple[tuple[str, ...], bool]:
        """Return the columns of the order, and whether it goes down. Raises InvalidArgument."""
        moments = {name for name, each in self.filters.items() if isinstance(each, Moment)}
        unsaid = self.by_moment if self.by_moment and moments & set(said) else self.default
        word = said.get("sort", unsaid)
        name = word.removeprefix("-")
        if name not in self.sorts:
            listed = ", ".join(self.sorts)
            raise InvalidArgument(f"sort: one of {listed}, with - before it from the end")
        columns = self.sorts[name]
        return (columns,) if isinstance(columns, str) else columns, word.startswith("-")


def list_answer(
    request: Request,
    rows: QuerySet[M],
    rules: ListRules,
    document: Callable[[M], Mapping[str, object]],
    *,
    prepare: Callable[[Sequence[M]], object] = lambda _: None,
) -> Response:
    """Answer a page of the rows that one may see; one query more with `count=true`.

    `prepare` is given the rows of the page before any is put into a document.
    """
    asked, said = numbered_page_asked(request), request.query_params
    for name, each in rules.filters.items():
        if name in said:
            rows = rows.filter(each.conditions(name, said[name]))
    members = rules.members(said.get("fields", ""))
    more: dict[str, Any] = {}
    if _is_counted(said.get("count", "false")):
        more["total"] = rows.count()
    columns, is_down = rules.order(said)
    if asked.cursor:
        rows = rows.filter(_beyond(columns, _key(rows, columns, asked.cursor), is_down=is_down))
    ordered = rows.order_by(*(f"-{each}" if is_down else each for each in columns))
    found = list(ordered[asked.offset : asked.offset + asked.limit + 1])
    shown = found[: asked.limit]
    prepare(shown)
    after = _cursor(shown[-1], columns) if len(found) > asked.limit else ""
    return _page(request, asked, [document(row) for row in shown], after, members, more)


def whole_list_answer(
    request: Request, items: Sequence[Mapping[str, Any]], rules: ListRules
) -> Response:
    """Answer a page of a list of which there are few, as the queries give them: all at once.

    The words of an order name members of the items; the last has a value of its own in each.
    """
    asked, said = numbered_page_asked(request), request.query_params
    members = rules.members(said.get("fields", ""))
    more = {"total": len(items)} if _is_counted(said.get("count", "false")) else {}
    columns, is_down = rules.order(said)
    member = columns[-1]
    ordered = sorted(items, key=lambda each: [each[name] for name in columns], reverse=is_down)
    if asked.cursor:
        known = [str(each[member]) for each in ordered]
        if asked.cursor not in known:  # also one that went meanwhile: the list is short
            raise InvalidArgument(_NO_CURSOR)
        ordered = ordered[known.index(asked.cursor) + 1 :]
    found = ordered[asked.offset : asked.offset + asked.limit + 1]
    shown = found[: asked.limit]
    after = str(shown[-1][member]) if len(found) > asked.limit else ""
    return _page(request, asked, shown, after, members, more)


def _page(
    request: Request,
    asked: PageAsked,
    items: Sequence[Mapping[str, object]],
    after: str,
    members: set[str],
    more: Mapping[str, Any],
) -> Response:
    shown = [_narrowed(each, members) for each in items]
    if asked.number:
        following = str(asked.number + 1) if after else ""
        return page_answer(request, shown, following, cursor_name="page", **more)
    return page_answer(request, shown, after, **more)


def _narrowed(item: Mapping[str, object], members: set[str]) -> Mapping[str, object]:
    return {name: item[name] for name in item if name in members} if members else item


def _is_counted(text: str) -> bool:
    if text not in {"true", "false"}:
        raise InvalidArgument("count: true or false")
    return text == "true"


def _beyond(columns: Sequence[str], key: Sequence[object], *, is_down: bool) -> Q:
    """Return what lies behind a row in an order; the first column alone leads to the index."""
    side = "lt" if is_down else "gt"
    if len(columns) == 1:
        return Q((f"{columns[0]}__{side}", key[0]))
    rest = Q((columns[0], key[0])) & _beyond(columns[1:], key[1:], is_down=is_down)
    return Q((f"{columns[0]}__{side}e", key[0])) & (Q((f"{columns[0]}__{side}", key[0])) | rest)


def _cursor(row: Model, columns: Sequence[str]) -> str:
    values = [getattr(row, each) for each in columns]
    if len(values) == 1:
        return str(values[0])
    told = [each.isoformat() if hasattr(each, "isoformat") else str(each) for each in values]
    return base64.urlsafe_b64encode(orjson.dumps(told)).decode().rstrip("=")


def _key(rows: QuerySet[M], columns: Sequence[str], cursor: str) -> list[object]:
    """Read a cursor: the key of the last row of the page before."""
    texts = [cursor]
    if len(columns) > 1:
        try:
            texts = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        except (binascii.Error, ValueError) as exc:
            raise InvalidArgument(_NO_CURSOR) from exc
        if not isinstance(texts, list) or [type(each) for each in texts] != [str] * len(columns):
            raise InvalidArgument(_NO_CURSOR)
    return [_value(rows, *each) for each in zip(columns, texts, strict=True)]


def _value(rows: QuerySet[M], column: str, text: str) -> object:
    if column in rows.query.annotations:  # a text that the query makes
        return text
    meta = rows.model._meta
    key = meta.pk if column == "pk" else meta.get_field(column)
    if isinstance(key, CharField):
        return text
    assert isinstance(key, Field)  # rules name columns of the model's own
    is_number = text.isascii() and text.isdigit() and len(text) < 19
    try:
        if isinstance(key, (UUIDField, DateTimeField)) or is_number:
            return key.to_python(text)
    except ValidationError as exc:
        raise InvalidArgument(_NO_CURSOR) from exc
    raise InvalidArgument(_NO_CURSOR)
