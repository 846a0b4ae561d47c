"""The quarantine and the receipts over HTTP."""

from __future__ import annotations

from typing import ClassVar

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.ingest import documents, queries
from muniment.ingest.api.deposit_shapes import FinaliseBody
from muniment.ingest.api.submissions import SUBMISSION_FILTERS, SubmissionShape, cursor_number
from muniment.ingest.services.deposits import Finalising
from muniment.ingest.services.quarantine import quarantined_one, quarantined_rows, remove
from muniment.ingest.services.sending_again import may_be_sent_again, send_again
from muniment.ingest.services.submissions import submission_of
from muniment.runtime.clock import Clock
from muniment.runtime.errors import ObjectMissing
from muniment.runtime.http.lists import ListRules, list_answer
from muniment.runtime.http.paging import PAGE_PARAMETERS, page_asked
from muniment.runtime.http.schema import PAGE, FindingShape, told
from muniment.runtime.http.views import ApiView, actor_of, read_body
from muniment.runtime.registry import adapter_of


class QuarantinedShape(SubmissionShape):
    """What is answered: refused package with its findings."""

    may_be_sent_again = s.BooleanField()
    findings = FindingShape(many=True)
    next_findings = s.IntegerField(allow_null=True)


QUARANTINE = ListRules(
    SubmissionShape, sorts={"number": "pk"}, default="-number", filters=SUBMISSION_FILTERS
)


class Quarantine(ApiView):
    """The refused packages."""

    actions: ClassVar = {"GET": "submission.read"}
    parameters = QUARANTINE.parameters

    @QUARANTINE.told("List the packages in quarantine, newest first")
    def get(self, request: Request) -> Response:
        """Give a page; one query."""
        rows = quarantined_rows(actor_of(request))
        return list_answer(request, rows, QUARANTINE, documents.submission)


class OneQuarantined(ApiView):
    """One refused package."""

    actions: ClassVar = {"GET": "submission.read", "DELETE": "submission.decide"}
    parameters = PAGE_PARAMETERS

    @told(
        "Show a refused package with its findings",
        {200: QuarantinedShape},
        parameters=PAGE,
        problems=(404, 422),
    )
    def get(self, request: Request, name: str) -> Response:
        """Give a page of findings; `next_findings` is the cursor of the following one."""
        asked = page_asked(request)
        after = cursor_number(asked.cursor) if asked.cursor else 0
        submission, _ = quarantined_one(name, actor=actor_of(request))
        found = queries.findings_in_receipt(submission, limit=asked.limit + 1, after=after)
        more = {
            "may_be_sent_again": may_be_sent_again(submission),
            "findings": found[: asked.limit],
            "next_findings": after + asked.limit if len(found) > asked.limit else None,
        }
        return Response(documents.submission(submission) | more)

    @told("Delete a refused package; its receipt stays", {204: None}, problems=(404, 422))
    def delete(self, request: Request, name: str) -> Response:
        """For good: nothing of its content is anywhere else here."""
        actor = actor_of(request)
        submission, _ = quarantined_one(name, actor=actor)
        remove(submission, actor=actor)
        return Response(status=204)


class SendAgain(ApiView):
    """A refused package once more."""

    actions: ClassVar = {"POST": "submission.create"}

    @told(
        "Hand in a refused package again, as it is kept",
        {202: SubmissionShape},
        body=FinaliseBody,
        problems=(404, 409, 422),
    )
    def post(self, request: Request, name: str) -> Response:
        """By the same pipeline unless another is named; `Location` is the new submission."""
        body = read_body(FinaliseBody, request)
        how = Finalising(pipeline=body["pipeline"], dry_run=body["dry_run"])
        clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
        made = send_again(name, how, actor=actor_of(request), clock=clock)
        headers = {"Location": f"/api/v1/submissions/{made.submission_id}"}
        return Response(documents.submission(made), status=202, headers=headers)


class Receipt(ApiView):
    """The receipt of a submission."""

    actions: ClassVar = {"GET": "submission.read"}

    @told(
        "Give the receipt of an ended submission",
        {200: OpenApiTypes.OBJECT},
        problems=(404, 422),
    )
    def get(self, request: Request, name: str) -> FileResponse:
        """One JSON document: steps, findings, every file with its digests."""
        file = queries.receipt_of(submission_of(name, actor=actor_of(request)))
        if not file.exists():
            raise ObjectMissing("the receipt is written when the submission has ended")
        return FileResponse(file.open("rb"), content_type="application/json")
