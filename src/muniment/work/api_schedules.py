"""Schedules over HTTP: `/api/v1/schedules` (orchestration spec §3.7)."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.runtime.clock import Clock
from muniment.runtime.http.filters import OneOf, YesOrNo
from muniment.runtime.http.lists import ListRules, list_answer
from muniment.runtime.http.schema import IF_MATCH, query, told
from muniment.runtime.http.views import (
    ApiView,
    Strict,
    actor_of,
    check_if_match,
    read_body,
    with_etag,
)
from muniment.runtime.registry import adapter_of
from muniment.work import documents, schedules
from muniment.work import schedule_editing as editing
from muniment.work.api import JobShape
from muniment.work.models import Schedule
from muniment.work.types import JobState


class ScheduleRunShape(JobShape):
    """What is answered: a job that a schedule queued."""


class ScheduleShape(s.Serializer[object]):
    """What is answered: schedule."""

    name = s.CharField()
    cron = s.CharField()
    time_zone = s.CharField()
    kind = s.CharField()
    arguments = s.DictField()
    queue = s.CharField()
    is_enabled = s.BooleanField()
    next_run_at = s.DateTimeField()
    last_run_at = s.DateTimeField(allow_null=True)
    last_job = s.IntegerField(allow_null=True)
    made_by = s.CharField()


class ScheduleBody(Strict):
    """What is sent: schedule."""

    name = s.CharField(max_length=100)
    cron = s.CharField(max_length=100)
    time_zone = s.CharField(max_length=100, required=False, default="UTC")
    kind = s.CharField(max_length=100)
    arguments = s.DictField(required=False, default=dict)
    queue = s.CharField(max_length=100, required=False, default="default")


class ScheduleChange(Strict):
    """What is sent: what changes of a schedule."""

    cron = s.CharField(max_length=100, required=False)
    time_zone = s.CharField(max_length=100, required=False)
    kind = s.CharField(max_length=100, required=False)
    arguments = s.DictField(required=False)
    queue = s.CharField(max_length=100, required=False)
    is_enabled = s.BooleanField(required=False)


class TimesShape(s.Serializer[object]):
    """What is answered: times."""

    times = s.ListField(child=s.DateTimeField())


def document(row: Schedule) -> dict[str, object]:
    """Return the document of a schedule."""
    return {
        "name": row.name,
        "cron": row.cron,
        "time_zone": row.time_zone,
        "kind": row.kind,
        "arguments": row.arguments,
        "queue": row.queue,
        "is_enabled": row.is_enabled,
        "next_run_at": row.next_run_at.isoformat(),
        "last_run_at": row.last_run_at.isoformat() if row.last_run_at else None,
        "last_job": row.last_job_id,
        "made_by": row.made_by,
    }


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol


def _answer(row: Schedule, status: int = 200) -> Response:
    return with_etag(Response(document(row), status=status), editing.tag_of(row))


SCHEDULES = ListRules(
    ScheduleShape,
    sorts={"name": "name", "next_run_at": ("next_run_at", "name")},
    default="name",
    filters={
        "kind": OneOf("kind", "Only of these kinds"),
        "is_enabled": YesOrNo("is_enabled", "Only what is queued, or only what pauses"),
    },
)
RUNS = ListRules(
    ScheduleRunShape,
    sorts={"id": "pk"},
    default="-id",
    filters={"state": OneOf("state", "Only these states, with commas between", list(JobState))},
)


class Schedules(ApiView):
    """What is queued at fixed times."""

    actions: ClassVar = {"GET": "job.read", "POST": "schedule.change"}
    parameters = SCHEDULES.parameters

    @SCHEDULES.told("List the schedules by name")
    def get(self, request: Request) -> Response:
        """Give a page; one query."""
        rows = schedules.visible_schedules(actor_of(request))
        return list_answer(request, rows, SCHEDULES, document)

    @told("Make a schedule", {201: ScheduleShape}, body=ScheduleBody, problems=(409, 422))
    def post(self, request: Request) -> Response:
        """It runs from now on."""
        body = read_body(ScheduleBody, request)
        row = schedules.add(_plan(body), actor=actor_of(request), clock=_clock())
        return _answer(row, 201)


def _plan(said: dict[str, Any]) -> schedules.Plan:
    return schedules.Plan(
        name=said["name"],
        cron=said["cron"],
        kind=said["kind"],
        arguments=said["arguments"],
        time_zone=said["time_zone"],
        queue=said["queue"],
    )


class PreviewSchedule(ApiView):
    """When an expression is due, before it is kept."""

    actions: ClassVar = {"GET": "job.read"}
    parameters = ("cron", "time_zone")

    @told(
        "Show the next five times of a cron expression",
        {200: TimesShape},
        parameters=(query("cron", str, "Five fields"), query("time_zone", str, "UTC without")),
        problems=(422,),
    )
    def get(self, request: Request) -> Response:
        """Give them in UTC."""
        said = request.query_params
        found = editing.next_times(
            said.get("cron", ""), said.get("time_zone", "UTC"), after=_clock().now()
        )
        return Response({"times": [each.isoformat() for each in found]})


class OneSchedule(ApiView):
    """One schedule."""

    actions: ClassVar = {
        "GET": "job.read",
        "PATCH": "schedule.change",
        "DELETE": "schedule.change",
    }

    @told("Show a schedule", {200: ScheduleShape}, problems=(404,))
    def get(self, request: Request, name: str) -> Response:
        """Give when it runs next and what it queued last."""
        return _answer(editing.schedule_named(name, actor=actor_of(request)))

    @told(
        "Change, pause or resume a schedule",
        {200: ScheduleShape},
        body=ScheduleChange,
        parameters=(IF_MATCH,),
        problems=(404, 412, 422, 428),
    )
    def patch(self, request: Request, name: str) -> Response:
        """Members that are not sent stay as they are."""
        actor, clock = actor_of(request), _clock()
        row = editing.schedule_named(name, actor=actor)
        check_if_match(request, editing.tag_of(row))
        body, seen = read_body(ScheduleChange, request), editing.tag_of(row)
        enabled = body.pop("is_enabled", None)
        if body:
            plan = _plan(document(row) | body)
            row = editing.change_schedule(plan, actor=actor, clock=clock, seen=seen)
            seen = editing.tag_of(row)
        if enabled is not None:
            row = editing.enable_schedule(
                name, is_enabled=enabled, actor=actor, clock=clock, seen=seen
            )
        return _answer(row)

    @told("Remove a schedule", {204: None}, parameters=(IF_MATCH,), problems=(404, 412, 428))
    def delete(self, request: Request, name: str) -> Response:
        """Its jobs stay."""
        actor = actor_of(request)
        check_if_match(request, editing.tag_of(editing.schedule_named(name, actor=actor)))
        schedules.remove(name, actor=actor)
        return Response(status=204)


class ScheduleRuns(ApiView):
    """What a schedule queued."""

    actions: ClassVar = {"GET": "job.read"}
    parameters = RUNS.parameters

    @RUNS.told("List the jobs of a schedule, newest first", 404)
    def get(self, request: Request, name: str) -> Response:
        """Give a page; two queries."""
        actor = actor_of(request)
        row = editing.schedule_named(name, actor=actor)
        return list_answer(request, editing.runs_of(row, actor=actor), RUNS, documents.job)
