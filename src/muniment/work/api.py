"""Jobs over HTTP: `/api/v1/jobs` (orchestration spec §3.9, execution spec §3.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.runtime.errors import InvalidArgument
from muniment.runtime.http.paging import PAGE_PARAMETERS, page_answer, page_asked
from muniment.runtime.http.schema import PAGE, page_of, query, told
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


class Jobs(ApiView):
    """The jobs that one may see."""

    actions: ClassVar = {"GET": "job.read"}
    parameters = PAGE_PARAMETERS | {"state", "kind", "queue"}

    @told(
        "List jobs, newest first",
        {200: page_of(JobShape)},
        parameters=(
            query("state", str, "Only these states, with commas between"),
            query("kind", str, "Only of this kind"),
            query("queue", str, "Only of this queue"),
            *PAGE,
        ),
        problems=(422,),
    )
    def get(self, request: Request) -> Response:
        """Give a page; one query."""
        asked, said = page_asked(request), request.query_params
        chosen = queries.JobFilter(
            _states(said.get("state", "")), said.get("kind", ""), said.get("queue", "")
        )
        after = _number(asked.cursor) if asked.cursor else None
        rows = queries.page_of_jobs(actor_of(request), chosen, after=after, limit=asked.limit + 1)
        shown = rows[: asked.limit]
        more = str(shown[-1].pk) if len(rows) > asked.limit else ""
        return page_answer(request, [documents.job(each) for each in shown], more)


def _states(text: str) -> list[JobState]:
    names = [name for name in text.split(",") if name]
    if unknown := set(names) - set(JobState):
        raise InvalidArgument(
            f"state: {', '.join(sorted(unknown))} is none of {', '.join(JobState)}"
        )
    return [JobState(name) for name in names]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise InvalidArgument("this is no cursor of this list: leave it out")
    return int(text)


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
