"""Who may read an object, over HTTP."""

from __future__ import annotations

import hashlib
from typing import ClassVar

import orjson
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.catalogue.api import ObjectView
from muniment.catalogue.services.reading_policies import Reading, reading_of, set_reading
from muniment.catalogue.types import ReadingPolicyName
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import Level
from muniment.runtime.clock import Clock
from muniment.runtime.http.schema import IF_MATCH, told
from muniment.runtime.http.views import Strict, actor_of, check_if_match, read_body, with_etag
from muniment.runtime.registry import adapter_of

_LOWER = [level.name.lower() for level in (Level.NONE, Level.METADATA, Level.PREVIEW)]


class ReadingBody(Strict):
    """What is sent: reading."""

    policy = s.ChoiceField([each.value for each in ReadingPolicyName])
    groups = s.ListField(child=s.CharField(max_length=150), required=False, default=list)
    others_level = s.ChoiceField(_LOWER, required=False, default="none")
    embargo_until = s.DateField(required=False, default=None, allow_null=True)
    embargo_level = s.ChoiceField(_LOWER, required=False, default="none")


class ReadingShape(s.Serializer[object]):
    """What is answered: reading."""

    policy = s.ChoiceField([each.value for each in ReadingPolicyName])
    groups = s.ListField(child=s.CharField())
    others_level = s.ChoiceField(_LOWER)
    embargo_until = s.DateField(allow_null=True)
    embargo_level = s.ChoiceField(_LOWER)


class ReadingOfObject(ObjectView):
    """Who may read an object besides staff and its owner."""

    actions: ClassVar = {"GET": "object.policy", "PUT": "object.policy"}

    @told("Show who may read an object", {200: ReadingShape}, problems=(404,))
    def get(self, request: Request, name: str) -> Response:
        """Give the policy, with an ETag for changing it."""
        entity = self.entity(request, name, "object.policy")
        found = reading_of(actor_of(request), ObjectId(str(entity.object_id)))
        return with_etag(Response(found.as_json()), _tag(found))

    @told(
        "Decide who may read an object",
        {200: ReadingShape},
        body=ReadingBody,
        parameters=(IF_MATCH,),
        problems=(404, 412, 422, 428),
    )
    def put(self, request: Request, name: str) -> Response:
        """In force with the next request of everybody; audited."""
        entity = self.entity(request, name, "object.policy")
        object_id, actor = ObjectId(str(entity.object_id)), actor_of(request)
        present = reading_of(actor, object_id)
        check_if_match(request, _tag(present))
        body = read_body(ReadingBody, request)
        wanted = Reading(
            ReadingPolicyName(body["policy"]),
            tuple(sorted(body["groups"])),
            Level[body["others_level"].upper()],
            body["embargo_until"],
            Level[body["embargo_level"].upper()],
        )
        clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
        found = set_reading(object_id, wanted, seen=present, actor=actor, clock=clock)
        return with_etag(Response(found.as_json()), _tag(found))


def _tag(reading: Reading) -> str:
    return hashlib.sha256(orjson.dumps(reading.as_json())).hexdigest()[:16]
