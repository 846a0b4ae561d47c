"""One's notifications and choices over HTTP (orchestration spec §3.10)."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.administration.api.oneself import oneself_of
from muniment.administration.inbox import (
    choices_of,
    notifications_of,
    shown_notification,
    unread_of,
)
from muniment.administration.models.notification import MAIL, Notification
from muniment.administration.services import notifications
from muniment.runtime.clock import Clock
from muniment.runtime.http.filters import Filled, OneOf
from muniment.runtime.http.lists import ListRules, list_answer, whole_list_answer
from muniment.runtime.http.schema import told
from muniment.runtime.http.views import SELF, ApiView, Strict, read_body
from muniment.runtime.registry import adapter_of


class NotificationShape(s.Serializer[object]):
    """What is answered: notification."""

    number = s.IntegerField()
    kind = s.CharField()
    text = s.CharField()
    address = s.CharField()
    at = s.DateTimeField()
    is_read = s.BooleanField()


class ReadBody(Strict):
    """What is sent: up to which notification one has read."""

    up_to = s.IntegerField(min_value=0, max_value=(1 << 63) - 1)


class UnreadShape(s.Serializer[object]):
    """What is answered: how many are unread."""

    unread = s.IntegerField()


class ChoiceBody(Strict):
    """What is sent: how one wants to be told."""

    in_page = s.BooleanField()
    mail = s.ChoiceField(MAIL)


class ChoiceShape(s.Serializer[object]):
    """What is answered: how one is told of a kind."""

    kind = s.CharField()
    title = s.CharField()
    in_page = s.BooleanField()
    mail = s.ChoiceField(MAIL)


NOTIFICATIONS = ListRules(
    NotificationShape,
    sorts={"number": "pk"},
    default="-number",
    filters={
        "kind": OneOf("kind", "Only of these kinds"),
        "is_read": Filled("read_at", "Only what one has read, or only what not"),
    },
)
CHOICES = ListRules(ChoiceShape, sorts={"kind": "kind"}, default="kind")


class MyNotifications(ApiView):
    """What one was told."""

    actions: ClassVar = {"GET": SELF}
    parameters = NOTIFICATIONS.parameters

    @NOTIFICATIONS.told("List what one was told, newest first")
    def get(self, request: Request) -> Response:
        """Newest first, in the language of Accept-Language; one query."""
        return list_answer(
            request, notifications_of(oneself_of(request)), NOTIFICATIONS, _notification
        )


def _notification(row: Notification) -> dict[str, object]:
    shown = shown_notification(row)
    return {
        "number": shown.number,
        "kind": shown.kind,
        "text": shown.text,
        "address": shown.address,
        "at": shown.at,
        "is_read": shown.is_read,
    }


class ReadNotifications(ApiView):
    """Marking as read."""

    actions: ClassVar = {"POST": SELF}

    @told("Mark what one has seen as read", {200: UnreadShape}, body=ReadBody, problems=(422,))
    def post(self, request: Request) -> Response:
        """All up to a number; what came since stays unread."""
        user, body = oneself_of(request), read_body(ReadBody, request)
        clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
        notifications.mark_read(user, up_to=body["up_to"], clock=clock)
        return Response({"unread": unread_of(user)})


class NotificationChoices(ApiView):
    """How one is told."""

    actions: ClassVar = {"GET": SELF}
    parameters = CHOICES.parameters

    @CHOICES.told("List each kind with how one is told of it")
    def get(self, request: Request) -> Response:
        """Give all kinds by name; one query."""
        rows = [
            {
                "kind": kind.name,
                "title": str(kind.title),
                "in_page": choice.is_shown,
                "mail": choice.mail,
            }
            for kind, choice in choices_of(oneself_of(request))
        ]
        return whole_list_answer(request, rows, CHOICES)


class NotificationChoiceOf(ApiView):
    """How one is told of one kind."""

    actions: ClassVar = {"PUT": SELF}

    @told("Choose how one is told of a kind", {204: None}, body=ChoiceBody, problems=(422,))
    def put(self, request: Request, name: str) -> Response:
        """In the page or not; by mail not at all, at once, or once a day."""
        body = read_body(ChoiceBody, request)
        notifications.choose(oneself_of(request), name, is_shown=body["in_page"], mail=body["mail"])
        return Response(status=204)
