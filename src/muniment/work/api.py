"""Jobs over HTTP: `/api/v1/jobs` (orchestration spec §3.9, execution spec §3.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.runtime.http.filters import OneOf, since_and_until
from muniment.runtime.http.lists import ListRules, list_answer
from muniment.runtime.http.schema import told
from muniment.runtime.http.views import ApiView, Strict, actor_of, read_body
from muniment.work import documents, queries, services
from muniment.work.types import JobState


class ProgressShape(s.Serializer[object]):
    """What is answered: progress."""

    done = s.IntegerField()
    total = s.IntegerField(allow_null=True)
    unit = s.CharField(allow_null=True)
    message = s.CharField(allow_null=True)


class ErrorShape(s.Serializer[object]):
    """What is answered: error."""

    text = s.CharField()

    def get_fields(self) -> dict[str, s.Field[Any, Any, Any, Any]]:
        """Add `class`, which is no name in Python."""
        return {"class": s.CharField(), **super().get_fields()}


class JobShape(s.Serializer[object]):
    """What is answered: job."""

    id = s.IntegerField()
    kind = s.CharField()
    state = s.ChoiceField([each.value for each in JobState])
    held_reason = s.CharField(allow_null=True)
    queue = s.CharField()
    group = s.CharField(allow_null=True)
    priority = s.IntegerField()
    attempts = s.IntegerField()
    max_attempts = s.IntegerField()
    asked_by = s.CharField()
    parent = s.IntegerField(allow_null=True)  # type: ignore[assignment]  # a member of the base
    progress = ProgressShape()
    cancel_requested_at = s.DateTimeField(allow_null=True)
    created_at = s.DateTimeField(allow_null=True)
    run_after = s.DateTimeField(allow_null=True)
    started_at = s.DateTimeField(allow_null=True)
    ended_at = s.DateTimeField(allow_null=True)
    error = ErrorShape(allow_null=True)


class ChangeShape(s.Serializer[object]):
    """What is answered: change."""

    at = s.DateTimeField()
    state = s.CharField()
    attempt = s.IntegerField()
    by = s.CharField()
    note = s.CharField(required=False)


class WholeJobShape(JobShape):
    """What is answered: whole job."""

    arguments = s.DictField()
    result = s.JSONField(allow_null=True)
    choices = s.ListField(child=s.CharField())
    decision = s.DictField()
    waits = s.CharField(allow_null=True)
    remaining_s = s.FloatField(allow_null=True)
    lease = s.DictField(allow_null=True)
    error_story = s.CharField(allow_null=True)
    history = ChangeShape(many=True)


class ReleaseBody(Strict):
    """What is sent: release."""

    choice = s.CharField(max_length=64, required=False, allow_blank=True, default="")


JOBS = ListRules(
    JobShape,
    sorts={"id": "pk", "created_at": ("created_at", "id")},
    default="-id",
    by_moment="-created_at",
    filters={
        "state": OneOf("state", "Only these states, with commas between", list(JobState)),
        "kind": OneOf("kind", "Only of these kinds"),
        "queue": OneOf("queue", "Only of these queues"),
        "group": OneOf("group", "Only of these groups"),
        "asked_by": OneOf("asked_by", "Only what these asked for"),
        **since_and_until("created_at", "those that were queued"),
    },
)


class Jobs(ApiView):
    """The jobs that one may see."""

    actions: ClassVar = {"GET": "job.read"}
    parameters = JOBS.parameters

    @JOBS.told("List jobs, newest first")
    def get(self, request: Request) -> Response:
        """Give a page; one query."""
        return list_answer(request, queries.visible_jobs(actor_of(request)), JOBS, documents.job)


class OneJob(ApiView):
    """One job."""

    actions: ClassVar = {"GET": "job.read"}

    @told("Show a job with its history", {200: WholeJobShape}, problems=(404,))
    def get(self, request: Request, number: int) -> Response:
        """Give everything about it."""
        return _whole(request, number)


class _Change(ApiView):
    actions: ClassVar = {"POST": "job.change"}


class Retry(_Change):
    """Queue a job again."""

    @told("Queue a failed, held or cancelled job again", {200: WholeJobShape}, problems=(404, 409))
    def post(self, request: Request, number: int) -> Response:
        """Give it all its attempts anew."""
        services.retry(number, actor=actor_of(request))
        return _whole(request, number)


class Cancel(_Change):
    """Cancel a job."""

    @told("Cancel a job and its open children", {200: WholeJobShape}, problems=(404, 409))
    def post(self, request: Request, number: int) -> Response:
        """At once when it waits, at its next check when it runs."""
        services.cancel(number, actor=actor_of(request))
        return _whole(request, number)


class Release(_Change):
    """Let a held job go on."""

    @told(
        "Let a held job go on",
        {200: WholeJobShape},
        body=ReleaseBody,
        problems=(404, 409, 422),
    )
    def post(self, request: Request, number: int) -> Response:
        """With the decision, where one is asked for."""
        choice = read_body(ReleaseBody, request)["choice"]
        services.release(number, actor=actor_of(request), choice=choice)
        return _whole(request, number)


def _whole(request: Request, number: int) -> Response:
    job = queries.job_of(number, actor=actor_of(request))
    return Response(documents.whole_job(job, datetime.now(UTC)))
