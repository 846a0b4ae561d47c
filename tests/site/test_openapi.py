"""The OpenAPI document: committed, complete, and what the site really answers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from muniment.site.openapi import document
from tests.site.routes import Route, api_routes

FILE = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_committed_document_is_the_generated_one() -> None:
    assert json.loads(FILE.read_text(encoding="utf-8")) == json.loads(json.dumps(document())), (
        "write it anew: muniment openapi > docs/openapi.json"
    )


def test_it_is_openapi_3_1() -> None:
    assert document()["openapi"].startswith("3.1")


# The generator leaves HEAD and OPTIONS out; those of tus are in its own specification.
TOLD = [
    each
    for each in api_routes()
    if each.address.startswith("api/") and each.method not in {"HEAD", "OPTIONS"}
]


@pytest.mark.parametrize("route", TOLD, ids=str)
def test_every_route_says_what_it_does_answers_and_refuses(route: Route) -> None:
    address = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route.address)
    told = document()["paths"][address][route.method.lower()]
    assert told["summary"]
    assert told["description"]
    statuses = set(told["responses"])
    assert any(status.startswith("2") for status in statuses)
    assert {"401", "403"} <= statuses
    assert {"token": []} in told["security"]
