"""What the OpenAPI document says of every address alike: pages, problems, parameters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    inline_serializer,
)
from rest_framework import serializers as s

_SHAPES = "#/components/schemas/"

Method = TypeVar("Method", bound=Callable[..., Any])


class Schema(AutoSchema):
    """Names operations after method and view, shapes without their suffix: clients use both."""

    def get_operation_id(self) -> str:
        """Return for example `get_one_object`."""
        view = type(self.view).__name__
        return f"{self.method.lower()}_{re.sub(r'(?<!^)(?=[A-Z])', '_', view).lower()}"

    def get_tags(self) -> list[str]:
        """Return the first word of the address."""
        return [self.path.removeprefix("/api/v1/").split("/")[0]]


class FindingShape(s.Serializer[object]):
    """One fault; where it is stands in `path`, `pointer` or `parameter`."""

    code = s.CharField()
    severity = s.ChoiceField(["error", "warning", "info"])
    message = s.CharField()
    clause = s.CharField(required=False)
    path = s.CharField(required=False)
    pointer = s.CharField(required=False)
    parameter = s.CharField(required=False)
    expected = s.CharField(required=False)
    found = s.CharField(required=False)
    params = s.DictField(child=s.CharField(), required=False)


class ProblemShape(s.Serializer[object]):
    """RFC 9457 problem details."""

    type = s.CharField()
    title = s.CharField()
    status = s.IntegerField()
    detail = s.CharField()
    code = s.CharField()
    findings = FindingShape(many=True)
    instance = s.CharField()
    request_id = s.CharField()


_PROBLEM = OpenApiResponse(ProblemShape, description="What went wrong (RFC 9457)")
_PROBLEM_KEY = "application/problem+json"
PAGE = (
    OpenApiParameter("limit", int, description="Most items, 1 to 500; 50 without"),
    OpenApiParameter("cursor", str, description="Go on behind this; from `next`"),
)
NUMBERED_PAGE = (
    *PAGE,
    OpenApiParameter("page", int, description="Number of the page, from 1, in place of cursor"),
    OpenApiParameter("size", int, description="Most items of a numbered page; above 500: 500"),
)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag that was seen"
)

RANGE = OpenApiParameter(
    "Range",
    str,
    OpenApiParameter.HEADER,
    description="One range: bytes=0-499, bytes=500- or bytes=-9",
)
IF_RANGE = OpenApiParameter(
    "If-Range", str, OpenApiParameter.HEADER, description="The ETag; another one: the whole file"
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", str, OpenApiParameter.HEADER, description="ETags that are known: 304"
)


@cache
def page_of(shape: type[s.Serializer[Any]]) -> s.Serializer[Any]:
    """Return the shape of a page of items."""
    name = shape.__name__.removesuffix("Shape") + "Page"
    fields: dict[str, s.Field[Any, Any, Any, Any]] = {
        "items": shape(many=True),
        "next": s.CharField(allow_null=True),
        "total": s.IntegerField(required=False),
    }
    return inline_serializer(name, fields)


def sparse_lists(result: dict[str, Any], **_: object) -> dict[str, Any]:  # Any: JSON of any shape
    """Say of every list with `fields` that its items may lack members that are there without."""
    shapes = result["components"]["schemas"]
    for operations in result["paths"].values():
        listing = operations.get("get", {})
        if "fields" not in {each["name"] for each in listing.get("parameters", ())}:
            continue
        page = listing["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        items = shapes[page.rpartition("/")[2]]["properties"]["items"]
        if whole := items["items"].get("$ref"):
            name = whole.rpartition("/")[2]
            shapes[f"Sparse{name}"] = {
                **{key: value for key, value in shapes[name].items() if key != "required"},
                "description": f"{name}, of which `fields` names the members.",
            }
            items["items"] = {"anyOf": [{"$ref": whole}, {"$ref": f"{_SHAPES}Sparse{name}"}]}
    result["components"]["schemas"] = dict(sorted(shapes.items()))
    return result


def query(name: str, kind: type | list[str], text: str) -> OpenApiParameter:
    """Return a query parameter; a list of words is what it may be."""
    if isinstance(kind, list):
        return OpenApiParameter(name, str, enum=kind, description=text)
    return OpenApiParameter(name, kind, description=text)


def told(
    summary: str,
    answers: Mapping[Any, Any],  # Any: serializers, or None for an empty answer, by status
    *,
    body: Any = None,  # noqa: ANN401  # likewise
    parameters: tuple[OpenApiParameter, ...] = (),
    problems: tuple[int, ...] = (),
) -> Callable[[Method], Method]:
    """Describe a method: every one may also answer 401, 403 and 429, and what `problems` adds.

    Who reads a body or a page finds faults in it (422); a body may be too large or no JSON.
    """
    responses: dict[Any, Any] = dict(answers)
    every = {400, 401, 403, 429, *problems}
    if body is not None:
        every |= {409, 413, 415, 422}
    if set(PAGE) & set(parameters):
        every |= {422}
    for status in sorted(every):
        responses[(status, _PROBLEM_KEY)] = _PROBLEM
    decorate: Callable[[Method], Method] = extend_schema(
        summary=summary, request=body, responses=responses, parameters=list(parameters)
    )
    return decorate
