"""Requests that somebody made to do harm: a problem, never a fault of ours."""

from __future__ import annotations

import pytest

from muniment.administration.models import AuditEntry
from tests.site.conftest import Caller


@pytest.mark.parametrize(
    "address",
    [
        "objects/a%00b",
        "search?q=%00",
        "submissions?verdict=%00",
        "objects?cursor=%00",
        "users?cursor=%ff%fe",
        "jobs/99999999999999999999999999999999999",
    ],
)
def test_no_address_breaks_the_site(archivist: Caller, address: str) -> None:
    answer = archivist.get(address)
    assert 400 <= answer.status_code < 500
    assert answer["Content-Type"] == "application/problem+json"


def test_a_change_at_an_address_with_nul_is_told_and_noted(archivist: Caller) -> None:
    answer = archivist.client.post("/api/v1/objects/a%00b/tags", b"{}", "application/json")
    assert answer.status_code == 400
    assert AuditEntry.objects.latest("number").thing == "/api/v1/objects/a%00b/tags"


@pytest.mark.parametrize("body", [rb'{"path": "\u0000"}', rb'{"path": "a\\\u0000"}'])
def test_a_nul_in_a_body_is_told(archivist: Caller, body: bytes) -> None:
    answer = archivist.client.post("/api/v1/announcements", body, "application/json")
    assert answer.status_code == 400
    assert "U+0000" in answer.json()["detail"]


def test_a_text_about_a_nul_is_a_text(archivist: Caller) -> None:
    body = rb'{"add": ["a\\u0000"], "remove": []}'
    answer = archivist.client.post("/api/v1/objects/x/tags", body, "application/json")
    assert answer.status_code == 404


@pytest.mark.parametrize("file", ["x", "\u0661", "0" * 500])
def test_events_of_what_is_no_file_are_refused(archivist: Caller, kept: str, file: str) -> None:
    answer = archivist.get(f"objects/{kept}/events?file={file}")
    assert answer.status_code == 422


def test_a_problem_names_the_request(archivist: Caller) -> None:
    answer = archivist.get("objects/x?secret=1", **{"x-request-id": "abc-7"})
    problem = answer.json()
    assert answer["X-Request-Id"] == problem["request_id"] == "abc-7"
    assert problem["instance"] == "/api/v1/objects/x"


def test_who_is_not_known_is_told_how_to_say_it(archivist: Caller) -> None:
    del archivist.client.defaults["HTTP_AUTHORIZATION"]
    assert archivist.get("objects")["WWW-Authenticate"] == 'Bearer realm="muniment"'
