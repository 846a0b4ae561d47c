"""The audit trail over HTTP."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.administration import documents
from muniment.administration.queries import visible_audit
from muniment.runtime.http.lists import Exactly, ListRules, OneOf, list_answer, since_and_until
from muniment.runtime.http.schema import page_of, told
from muniment.runtime.http.views import ApiView, actor_of


class AuditShape(s.Serializer[object]):
    """What is answered: audit."""

    number = s.IntegerField()
    at = s.DateTimeField()
    actor = s.CharField()
    action = s.CharField()
    thing = s.CharField()
    outcome = s.ChoiceField(["done", "refused", "failed"])
    detail = s.DictField()
    address = s.CharField()
    request_id = s.CharField()


AUDIT = ListRules(
    AuditShape,
    sorts={"number": "number"},
    default="-number",
    filters={
        "actor": Exactly("actor", "Only what they did"),
        "action": OneOf("action", "Only these, as object.tag"),
        "thing": Exactly("thing", "Only what was done to this"),
        "outcome": OneOf("outcome", "Only with these outcomes", ("done", "refused", "failed")),
        **since_and_until("at", "what was done"),
    },
)


class Audit(ApiView):
    """The audit trail."""

    actions: ClassVar = {"GET": "audit.read"}
    parameters = AUDIT.parameters

    @told(
        "List the audit trail, newest first",
        {200: page_of(AuditShape)},
        parameters=AUDIT.documented,
    )
    def get(self, request: Request) -> Response:
        """Give a page; one query."""
        rows = visible_audit(actor_of(request))
        return list_answer(request, rows, AUDIT, documents.audit_entry)
