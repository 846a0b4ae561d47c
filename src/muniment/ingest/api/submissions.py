"""Submissions over HTTP (orchestration spec §3.3, §3.6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.ingest import documents, queries
from muniment.ingest.models import Submission
from muniment.ingest.services.announcing import announce
from muniment.ingest.services.submissions import decide, submission_of
from muniment.ingest.types import Decision, SubmissionState
from muniment.runtime.clock import Clock
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.http.filters import Filter, Identifier, OneOf, YesOrNo, since_and_until
from muniment.runtime.http.lists import ListRules, list_answer
from muniment.runtime.http.schema import FindingShape, told
from muniment.runtime.http.views import (
    ApiView,
    Strict,
    actor_of,
    read_body,
)
from muniment.runtime.registry import adapter_of

_MOST_FINDINGS = 1000


class SubmissionShape(s.Serializer[object]):
    """What is answered: submission."""

    number = s.IntegerField()
    submission_id = s.UUIDField()
    source_path = s.CharField()
    verdict = s.ChoiceField([each.value for each in SubmissionState])
    reason = s.CharField(allow_null=True)
    choices = s.ListField(child=s.CharField())
    owner = s.CharField()
    pipeline = s.CharField()
    dry_run = s.BooleanField()
    object_id = s.UUIDField(allow_null=True)
    version = s.IntegerField(allow_null=True)
    job = s.IntegerField(allow_null=True)
    file_count = s.IntegerField(allow_null=True)
    size_bytes = s.IntegerField(allow_null=True)
    error_count = s.IntegerField()
    warning_count = s.IntegerField()
    received_at = s.DateTimeField()
    ended_at = s.DateTimeField(allow_null=True)


class StepShape(s.Serializer[object]):
    """What is answered: step."""

    name = s.CharField()
    state = s.CharField()
    message = s.CharField()
    attempts = s.IntegerField()
    duration_s = s.FloatField(allow_null=True)


class WholeSubmissionShape(SubmissionShape):
    """What is answered: whole submission."""

    steps = StepShape(many=True)
    findings = FindingShape(many=True)


class AnnouncementBody(Strict):
    """What is sent: announcement."""

    path = s.CharField(max_length=4096)
    pipeline = s.CharField(max_length=100, required=False, default="", allow_blank=True)
    object_id = s.CharField(max_length=100, required=False, default="", allow_blank=True)
    dry_run = s.BooleanField(required=False, default=False)


class DecisionBody(Strict):
    """What is sent: decision."""

    choice = s.ChoiceField([each.value for each in Decision])


SUBMISSION_FILTERS: Mapping[str, Filter] = {
    "owner": OneOf("owner", "Only what these handed in"),
    "pipeline": OneOf("pipeline", "Only what went through these pipelines"),
    "object_id": Identifier("object_id", "Only what went into this object"),
    "dry_run": YesOrNo("dry_run", "Only dry runs, or only others"),
    **since_and_until("created_at", "what was received"),
}
SUBMISSIONS = ListRules(
    SubmissionShape,
    sorts={"number": "pk", "received_at": ("created_at", "id")},
    default="-number",
    by_moment="-received_at",
    filters={
        "verdict": OneOf("state", "Only these, with commas between", list(SubmissionState)),
        **SUBMISSION_FILTERS,
    },
)


class Submissions(ApiView):
    """What was handed in."""

    actions: ClassVar = {"GET": "submission.read"}
    parameters = SUBMISSIONS.parameters

    @SUBMISSIONS.told("List submissions, newest first")
    def get(self, request: Request) -> Response:
        """Give a page; one query."""
        rows = queries.visible_submissions(actor_of(request))
        return list_answer(request, rows, SUBMISSIONS, documents.submission)


def cursor_number(text: str) -> int:
    """Read the cursor of a list that is ordered by number."""
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidArgument("this is no cursor of this list: leave it out")
    return int(text)


class OneSubmission(ApiView):
    """One submission with its steps and findings."""

    actions: ClassVar = {"GET": "submission.read"}

    @told("Show a submission", {200: WholeSubmissionShape}, problems=(404, 422))
    def get(self, request: Request, name: str) -> Response:
        """Give its verdict, how far each step is, and its first 1,000 findings."""
        return Response(_whole(submission_of(name, actor=actor_of(request))))


def _whole(submission: Submission) -> dict[str, object]:
    return documents.submission(submission) | {
        "steps": [documents.step(each) for each in submission.step_runs.order_by("position")],
        "findings": queries.findings_in_receipt(submission, limit=_MOST_FINDINGS),
    }


class Decide(ApiView):
    """The answer to what a submission waits for."""

    actions: ClassVar = {"POST": "submission.decide"}

    @told(
        "Answer the question of a waiting submission",
        {202: WholeSubmissionShape},
        body=DecisionBody,
        problems=(404, 409, 422),
    )
    def post(self, request: Request, name: str) -> Response:
        """Let its run go on with the choice, which is audited."""
        actor = actor_of(request)
        choice = Decision(read_body(DecisionBody, request)["choice"])
        submission = decide(submission_of(name, actor=actor), choice, actor=actor, clock=_clock())
        return Response(_whole(submission), status=202)


class Announcements(ApiView):
    """Packages that lie on the server already."""

    actions: ClassVar = {"POST": "submission.create"}

    @told(
        "Hand in a package that lies below one of the server's announce_roots",
        {202: SubmissionShape},
        body=AnnouncementBody,
        problems=(404, 422),
    )
    def post(self, request: Request) -> Response:
        """Queue it; `Location` is the submission."""
        body = read_body(AnnouncementBody, request)
        submission = announce(
            body["path"],
            pipeline=body["pipeline"] or None,
            object_id=body["object_id"],
            dry_run=body["dry_run"],
            actor=actor_of(request),
            clock=_clock(),
        )
        headers = {"Location": f"/api/v1/submissions/{submission.submission_id}"}
        return Response(documents.submission(submission), status=202, headers=headers)


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
