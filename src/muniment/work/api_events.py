"""Domain events over HTTP: `/api/v1/events` (orchestration spec §3.10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Q
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.runtime.errors import InvalidArgument
from muniment.runtime.http.filters import OneOf, since_and_until
from muniment.runtime.http.lists import ListRules, list_answer
from muniment.runtime.http.views import ApiView, actor_of
from muniment.work import documents
from muniment.work.queries import settled_events


class DomainEventShape(s.Serializer[object]):
    """What is answered: domain event."""

    number = s.IntegerField()
    name = s.CharField()
    entity = s.CharField()
    at = s.DateTimeField()
    payload = s.DictField()


@dataclass(frozen=True, slots=True)
class Behind:
    """An event with a larger number than this."""

    about: str

    def conditions(self, name: str, text: str) -> Q:  # noqa: ARG002  # as the port says
        """Return what an event must be."""
        return Q(pk__gt=event_number(text))


DOMAIN_EVENTS = ListRules(
    DomainEventShape,
    sorts={"number": "pk"},
    default="number",
    filters={
        "after": Behind("The last number that is known; 0 without"),
        "name": OneOf("name", "Only events of these names"),
        **since_and_until("at", "what happened"),
    },
)


class DomainEvents(ApiView):
    """What happened in the archive."""

    actions: ClassVar = {"GET": "event.read"}
    parameters = DOMAIN_EVENTS.parameters

    @DOMAIN_EVENTS.told("List what happened behind a number, oldest first")
    def get(self, request: Request) -> Response:
        """Give a page; begin again later behind the last number. Kept for `keep_events_days`."""
        rows = settled_events(actor_of(request))
        return list_answer(request, rows, DOMAIN_EVENTS, documents.event)


def event_number(text: str) -> int:
    """Read the number of an event; InvalidArgument."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidArgument("after: the number of an event")
    return int(text)
