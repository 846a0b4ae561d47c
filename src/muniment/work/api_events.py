"""Domain events over HTTP: `/api/v1/events` (orchestration spec §3.10)."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.runtime.errors import InvalidArgument
from muniment.runtime.http.paging import page_answer, page_asked
from muniment.runtime.http.schema import PAGE, page_of, query, told
from muniment.runtime.http.views import ApiView, actor_of
from muniment.work import documents
from muniment.work.queries import events_after


class DomainEventShape(s.Serializer[object]):
    """What is answered: domain event."""

    number = s.IntegerField()
    name = s.CharField()
    entity = s.CharField()
    at = s.DateTimeField()
    payload = s.DictField()


class DomainEvents(ApiView):
    """What happened in the archive."""

    actions: ClassVar = {"GET": "event.read"}
    parameters = ("limit", "after", "name")

    @told(
        "List what happened behind a number, oldest first",
        {200: page_of(DomainEventShape)},
        parameters=(
            query("after", int, "The last number that is known; 0 without"),
            query("name", str, "Only events of this name"),
            PAGE[0],
        ),
    )
    def get(self, request: Request) -> Response:
        """Give a page; begin again later behind the last number. Kept for `keep_events_days`."""
        asked, said = page_asked(request), request.query_params
        found = events_after(
            actor_of(request),
            event_number(said.get("after", "0")),
            name=said.get("name", ""),
            limit=asked.limit + 1,
        )
        shown = found[: asked.limit]
        items = [documents.event(each) for each in shown]
        more = str(shown[-1].pk) if len(found) > asked.limit else ""
        return page_answer(request, items, more, cursor_name="after")


def event_number(text: str) -> int:
    """Read the number of an event; InvalidArgument."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidArgument("after: the number of an event")
    return int(text)
