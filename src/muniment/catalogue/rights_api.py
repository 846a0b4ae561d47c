"""The rights of an object, over HTTP."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.catalogue.api import ObjectView
from muniment.catalogue.models import IntellectualEntity
from muniment.catalogue.queries.history import rights_of
from muniment.catalogue.services.rights import MOST, Stated, state_rights
from muniment.information.identifiers import ObjectId
from muniment.runtime.home import ArchiveHome
from muniment.runtime.http.schema import IF_MATCH, told
from muniment.runtime.http.views import Strict, actor_of, check_if_match, read_body, with_etag
from muniment.runtime.registry import adapter_of
from muniment.storage.jobs import open_archive
from muniment.work import outbox


class GrantedBody(Strict):
    """What is sent: an act, and how far it is allowed."""

    act = s.CharField(max_length=64)
    restrictions = s.ListField(
        child=s.CharField(max_length=255), max_length=MOST, required=False, default=list
    )
    starts_at = s.CharField(max_length=32, required=False, default="", allow_blank=True)
    ends_at = s.CharField(max_length=32, required=False, default="", allow_blank=True)
    notes = s.ListField(child=s.CharField(), max_length=MOST, required=False, default=list)


class StatementBody(Strict):
    """What is sent: one rights statement; `rights_id` of one that is there already."""

    rights_id = s.UUIDField(required=False, allow_null=True, default=None)
    basis = s.CharField(max_length=255)
    terms = s.CharField(required=False, default="", allow_blank=True)
    jurisdiction = s.CharField(required=False, default="", allow_blank=True)
    notes = s.ListField(child=s.CharField(), max_length=MOST, required=False, default=list)
    granted = GrantedBody(many=True, required=False, default=list)


class RightsBody(Strict):
    """What is sent: all rights statements of an object."""

    rights = StatementBody(many=True)


class RightsShape(s.Serializer[object]):
    """What is answered: the rights statements of the newest version."""

    object_id = s.UUIDField()
    rights = s.ListField(child=s.DictField())


class Rights(ObjectView):
    """The PREMIS rights statements of an object."""

    actions: ClassVar = {"GET": "object.read", "PUT": "object.policy"}

    @told("Show the rights of an object", {200: RightsShape}, problems=(404,))
    def get(self, request: Request, name: str) -> Response:
        """Give those of the newest version, with an ETag for changing them."""
        return _answer(self.entity(request, name))

    @told(
        "Replace the rights of an object; makes a version",
        {200: RightsShape},
        body=RightsBody,
        parameters=(IF_MATCH,),
        problems=(404, 412, 422, 428),
    )
    def put(self, request: Request, name: str) -> Response:
        """Make a version with these statements; the same ones make none."""
        entity = self.entity(request, name, "object.policy")
        check_if_match(request, entity.head)
        body = read_body(RightsBody, request)
        home = adapter_of(ArchiveHome)
        with tempfile.TemporaryDirectory(prefix="rights-", dir=home.work) as work:
            state_rights(
                ObjectId(str(entity.object_id)),
                [Stated.of(each) for each in body["rights"]],
                seen=entity.head,
                actor=actor_of(request),
                archive=open_archive(),
                work=Path(work),
            )
        outbox.drain()
        entity.refresh_from_db()
        return _answer(entity)


def _answer(entity: IntellectualEntity) -> Response:
    rights = [each.as_json() for each in rights_of(entity, entity.head)]
    return with_etag(Response({"object_id": entity.object_id, "rights": rights}), entity.head)
