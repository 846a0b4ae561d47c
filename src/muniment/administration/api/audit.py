"""The audit trail over HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Q
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.administration import documents
from muniment.administration.queries import done_to, visible_audit
from muniment.runtime.http.filters import Exactly, OneOf, since_and_until
from muniment.runtime.http.lists import ListRules, list_answer
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


@dataclass(frozen=True, slots=True)
class DoneTo:
    """A line about this thing."""

    about: str

    def conditions(self, name: str, text: str) -> Q:  # noqa: ARG002  # as the port says
        """Return what a line must be; an empty text asks for nothing."""
        return done_to(text) if text else Q()


AUDIT = ListRules(
    AuditShape,
    sorts={"number": "number", "at": ("at", "number")},
    default="-number",
    by_moment="-at",
    filters={
        "actor": Exactly("actor", "Only what they did"),
        "action": OneOf("action", "Only these, as object.tag"),
        "thing": DoneTo("Only what was done to this"),
        "outcome": OneOf("outcome", "Only with these outcomes", ("done", "refused", "failed")),
        **since_and_until("at", "what was done"),
    },
)


class Audit(ApiView):
    """The audit trail."""

    actions: ClassVar = {"GET": "audit.read"}
    parameters = AUDIT.parameters

    @AUDIT.told("List the audit trail, newest first")
    def get(self, request: Request) -> Response:
        """Give a page; one query."""
        rows = visible_audit(actor_of(request))
        return list_answer(request, rows, AUDIT, documents.audit_entry)
