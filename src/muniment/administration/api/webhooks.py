"""Webhooks over HTTP (orchestration spec §3.10, §4.9)."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.administration import documents
from muniment.administration.models import DeliveryState, User
from muniment.administration.queries import webhooks
from muniment.administration.services import webhooks as services
from muniment.administration.services.telling import redeliver
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Unauthenticated
from muniment.runtime.http.filters import OneOf, since_and_until
from muniment.runtime.http.lists import ListRules, list_answer, whole_list_answer
from muniment.runtime.http.schema import IF_MATCH, told
from muniment.runtime.http.views import (
    ApiView,
    Strict,
    actor_of,
    check_if_match,
    read_body,
    with_etag,
)
from muniment.runtime.registry import adapter_of


class WebhookShape(s.Serializer[object]):
    """What is answered: webhook."""

    number = s.IntegerField()
    url = s.CharField()
    events = s.ListField(child=s.CharField())
    owner = s.CharField()
    is_enabled = s.BooleanField()
    disabled_reason = s.CharField(allow_null=True)
    failing_since = s.DateTimeField(allow_null=True)


class NewWebhookShape(WebhookShape):
    """What is answered: new webhook."""

    secret = s.CharField()


class WebhookBody(Strict):
    """What is sent: webhook."""

    url = s.CharField(max_length=2000)
    events = s.ListField(
        child=s.CharField(max_length=100), required=False, default=list, max_length=100
    )


class WebhookChangeBody(Strict):
    """What is sent: webhook change."""

    url = s.CharField(max_length=2000, required=False)
    events = s.ListField(child=s.CharField(max_length=100), required=False, max_length=100)
    is_enabled = s.BooleanField(required=False)


class WebhookDeliveryShape(s.Serializer[object]):
    """What is answered: webhook delivery."""

    delivery_id = s.UUIDField()
    event = s.IntegerField()
    event_name = s.CharField()
    state = s.ChoiceField([each.value for each in DeliveryState])
    attempts = s.IntegerField()
    status = s.IntegerField(allow_null=True)
    said = s.CharField()
    body = s.CharField()
    created_at = s.DateTimeField()
    attempted_at = s.DateTimeField(allow_null=True)
    next_at = s.DateTimeField(allow_null=True)


WEBHOOKS = ListRules(WebhookShape, sorts={"number": "number"}, default="number")


class Webhooks(ApiView):
    """Who is told of events."""

    actions: ClassVar = {"GET": "webhook.read", "POST": "webhook.change"}
    parameters = WEBHOOKS.parameters
    is_told_once = True

    @WEBHOOKS.told("List the webhooks")
    def get(self, request: Request) -> Response:
        """Give all of them: there are few. Never the secrets."""
        rows = webhooks(actor_of(request))
        return whole_list_answer(request, [documents.webhook(each) for each in rows], WEBHOOKS)

    @told(
        "Tell an address of events; its secret is shown this once",
        {201: NewWebhookShape},
        body=WebhookBody,
    )
    def post(self, request: Request) -> Response:
        """Without `events` it is told of all. Nothing is sent to addresses that are not public."""
        if not isinstance(request.user, User):
            raise Unauthenticated("this needs a token or a signed-in session")
        body = read_body(WebhookBody, request)
        made, secret = services.add_webhook(
            request.user, body["url"], body["events"], actor=actor_of(request), clock=_clock()
        )
        headers = {"Location": f"/api/v1/webhooks/{made.pk}"}
        return Response(documents.webhook(made) | {"secret": secret}, status=201, headers=headers)


class OneWebhook(ApiView):
    """One webhook."""

    actions: ClassVar = {
        "GET": "webhook.read",
        "PATCH": "webhook.change",
        "DELETE": "webhook.change",
    }

    @told("Show a webhook", {200: WebhookShape}, problems=(404,))
    def get(self, request: Request, number: int) -> Response:
        """Give all but its secret."""
        row = services.webhook_of(number, actor=actor_of(request))
        return with_etag(Response(documents.webhook(row)), row.changed_at.isoformat())

    @told(
        "Change a webhook, or switch it off and on",
        {200: WebhookShape},
        body=WebhookChangeBody,
        parameters=(IF_MATCH,),
        problems=(404, 412, 428),
    )
    def patch(self, request: Request, number: int) -> Response:
        """Change what is sent; what is switched on begins without faults."""
        actor = actor_of(request)
        row = services.webhook_of(number, actor=actor, action="webhook.change")
        check_if_match(request, row.changed_at.isoformat())
        body: dict[str, Any] = read_body(WebhookChangeBody, request)
        row = services.change_webhook(row, **body, actor=actor, clock=_clock())
        return with_etag(Response(documents.webhook(row)), row.changed_at.isoformat())

    @told(
        "Remove a webhook and its log",
        {204: None},
        parameters=(IF_MATCH,),
        problems=(404, 412, 428),
    )
    def delete(self, request: Request, number: int) -> Response:
        """Tell it nothing any more."""
        actor = actor_of(request)
        row = services.webhook_of(number, actor=actor, action="webhook.change")
        check_if_match(request, row.changed_at.isoformat())
        services.remove_webhook(row, actor=actor, clock=_clock())
        return Response(status=204)


class WebhookSecret(ApiView):
    """The secret of a webhook."""

    actions: ClassVar = {"POST": "webhook.change"}
    is_told_once = True

    @told("Make a new secret; it is shown this once", {201: NewWebhookShape}, problems=(404,))
    def post(self, request: Request, number: int) -> Response:
        """The old one signs too for a day, so that the other side can change over."""
        actor = actor_of(request)
        row = services.webhook_of(number, actor=actor, action="webhook.change")
        secret = services.rotate_secret(row, actor=actor, clock=_clock())
        return Response(documents.webhook(row) | {"secret": secret}, status=201)


DELIVERIES = ListRules(
    WebhookDeliveryShape,
    sorts={"number": "pk"},
    default="-number",
    filters={
        "state": OneOf("state", "Only these states", [each.value for each in DeliveryState]),
        "event_name": OneOf("event_name", "Only of these events"),
        **since_and_until("created_at", "those that were begun"),
    },
)


class WebhookDeliveries(ApiView):
    """What was sent to a webhook, and what it answered."""

    actions: ClassVar = {"GET": "webhook.read"}
    parameters = DELIVERIES.parameters

    @DELIVERIES.told("List the deliveries of a webhook, newest first", 404)
    def get(self, request: Request, number: int) -> Response:
        """Give a page; those of the last 30 days are there."""
        row = services.webhook_of(number, actor=actor_of(request))
        return list_answer(request, row.deliveries.all(), DELIVERIES, documents.delivery)


class Redeliver(ApiView):
    """A delivery that is made again."""

    actions: ClassVar = {"POST": "webhook.change"}

    @told("Send a delivery again", {202: WebhookDeliveryShape}, problems=(404, 422))
    def post(self, request: Request, number: int, delivery_id: UUID) -> Response:
        """Queue it, with the same id and body."""
        actor = actor_of(request)
        row = services.webhook_of(number, actor=actor, action="webhook.change")
        found = redeliver(row, delivery_id, actor=actor)
        return Response(documents.delivery(found), status=202)


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
