"""The audit trail over HTTP."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.administration import documents
from muniment.administration.queries import AuditWanted, page_of_audit
from muniment.runtime.http.paging import PAGE_PARAMETERS, page_answer, page_asked
from muniment.runtime.http.schema import PAGE, page_of, query, told
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


class Audit(ApiView):
    """The audit trail."""

    actions: ClassVar = {"GET": "audit.read"}
    parameters = PAGE_PARAMETERS | {"actor", "action", "thing"}

    @told(
        "List the audit trail, newest first",
        {200: page_of(AuditShape)},
        parameters=(
            query("actor", str, "Only what this person did"),
            query("action", str, "Only this action"),
            query("thing", str, "Only what was done to this"),
            *PAGE,
        ),
    )
    def get(self, request: Request) -> Response:
        """Give a page; one query."""
        asked, said = page_asked(request), request.query_params
        wanted = AuditWanted(**{name: said.get(name, "") for name in ("actor", "action", "thing")})
        page = page_of_audit(actor_of(request), wanted, limit=asked.limit, after=asked.cursor)
        return page_answer(request, [documents.audit_entry(each) for each in page.rows], page.next)
