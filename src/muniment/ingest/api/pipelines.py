"""Pipelines and the steps that they may name, over HTTP (orchestration spec §3.5)."""

from __future__ import annotations

from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.ingest import documents
from muniment.ingest.catalogue_of_steps import step_class, step_names
from muniment.ingest.parameters import schema_of
from muniment.ingest.services.pipelines import (
    pipeline_named,
    pipelines,
    remove_pipeline,
    save_pipeline,
    tag_of,
)
from muniment.runtime.clock import Clock
from muniment.runtime.http.lists import ListRules, whole_list_answer
from muniment.runtime.http.schema import IF_MATCH, told
from muniment.runtime.http.views import (
    ApiView,
    Strict,
    actor_of,
    check_if_match,
    read_body,
    with_etag,
)
from muniment.runtime.registry import adapter_of


class StepBody(Strict):
    """What is sent: step."""

    name = s.CharField(max_length=100)
    parameters = s.DictField(required=False, default=dict)


class PipelineBody(Strict):
    """What is sent: pipeline."""

    title = s.CharField(max_length=200, required=False, default="", allow_blank=True)
    steps = StepBody(many=True)


class PipelineShape(s.Serializer[object]):
    """What is answered: pipeline."""

    name = s.CharField()
    title = s.CharField()
    is_default = s.BooleanField()
    steps = StepBody(many=True)
    changed_at = s.DateTimeField()
    changed_by = s.CharField()


class StepTypeShape(s.Serializer[object]):
    """What is answered: a kind of step."""

    position = s.IntegerField()
    name = s.CharField()
    title = s.CharField()
    about = s.CharField()
    event_type = s.CharField(allow_null=True)
    parameters = s.DictField()


STEP_TYPES = ListRules(
    StepTypeShape, sorts={"position": "position", "name": "name"}, default="position"
)
PIPELINES = ListRules(PipelineShape, sorts={"name": "name"}, default="name")


class StepTypes(ApiView):
    """The steps that a pipeline may name."""

    actions: ClassVar = {"GET": "pipeline.read"}
    parameters = STEP_TYPES.parameters

    @STEP_TYPES.told("List the kinds of steps")
    def get(self, request: Request) -> Response:
        """Give each with the JSON Schema of its parameters; our own in their order first."""
        rows = [_step_type(*each) for each in enumerate(step_names(), 1)]
        return whole_list_answer(request, rows, STEP_TYPES)


def _step_type(position: int, name: str) -> dict[str, object]:
    step = step_class(name)
    return {
        "position": position,
        "name": name,
        "title": str(step.title),
        "about": (step.__doc__ or "").strip(),
        "event_type": step.event_type.value if step.event_type else None,
        "parameters": schema_of(step),
    }


class Pipelines(ApiView):
    """The pipelines."""

    actions: ClassVar = {"GET": "pipeline.read"}
    parameters = PIPELINES.parameters

    @PIPELINES.told("List the pipelines by name")
    def get(self, request: Request) -> Response:
        """Give all of them: there are few."""
        return whole_list_answer(
            request, [documents.pipeline(each) for each in pipelines()], PIPELINES
        )


class OnePipeline(ApiView):
    """One pipeline."""

    actions: ClassVar = {
        "GET": "pipeline.read",
        "PUT": "pipeline.change",
        "DELETE": "pipeline.change",
    }

    @told("Show a pipeline", {200: PipelineShape}, problems=(404,))
    def get(self, request: Request, name: str) -> Response:  # noqa: ARG002  # DRF's signature
        """Give its steps with their parameters."""
        row = pipeline_named(name)
        return with_etag(Response(documents.pipeline(row)), tag_of(row))

    @told(
        "Make or replace a pipeline",
        {200: PipelineShape},
        body=PipelineBody,
        parameters=(IF_MATCH,),
        problems=(404, 412, 422, 428),
    )
    def put(self, request: Request, name: str) -> Response:
        """Runs under way keep the steps they began with. A new one: `If-Match: *`."""
        seen = _seen(request, name)
        body = read_body(PipelineBody, request)
        row = save_pipeline(
            name,
            body["steps"],
            title=body["title"],
            actor=actor_of(request),
            clock=adapter_of(Clock),  # type: ignore[type-abstract]  # a port is a Protocol
            seen=seen,
        )
        return with_etag(Response(documents.pipeline(row)), tag_of(row))

    @told(
        "Remove a pipeline",
        {204: None},
        parameters=(IF_MATCH,),
        problems=(404, 409, 412, 428),
    )
    def delete(self, request: Request, name: str) -> Response:
        """Submissions keep the steps they came with; the default pipeline stays."""
        remove_pipeline(name, actor=actor_of(request), seen=_seen(request, name))
        return Response(status=204)


def _seen(request: Request, name: str) -> str:
    """Check If-Match against what is there, and return the tag that must still hold at the end."""
    known = {each.name: tag_of(each) for each in pipelines()}
    check_if_match(request, known.get(name, ""))
    return "*" if request.headers.get("If-Match") == "*" else known.get(name, "")
