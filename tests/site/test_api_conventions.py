"""Every operation of the OpenAPI document keeps the conventions of orchestration spec §3.1."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from django.test import Client

from muniment.runtime.actor import Role
from muniment.site.openapi import document
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import Caller, SignIn

DOCUMENT = document()
NAMES = {
    "number": "1",
    "file_id": "01990000-0000-7000-8000-000000000000",
    "delivery_id": "01990000-0000-7000-8000-000000000000",
}
OPERATIONS = [
    (method.upper(), re.sub(r"{(\w+)}", lambda found: NAMES.get(found[1], "x"), path), operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]
CONDITIONAL = re.compile(
    r"/(pipelines|schedules|webhooks)/[^/]+$|/(description|reading|rights|tags)$"
)
# Bodies of bytes have digests and offsets of their own; what holds a secret is told once.
STREAMED = {"/api/v1/deposits/x/files", "/api/v1/sips"}
TOLD_ONCE = re.compile(
    r"/(auth/(login|token.*|password.*)|me/tokens|me/second-factor|webhooks|webhooks/1/secret)$"
)


@pytest.fixture
def administrator(sign_in: SignIn) -> Caller:
    return sign_in(Role.ADMINISTRATOR)


def test_every_change_of_what_others_change_names_what_it_saw() -> None:
    for method, path, operation in OPERATIONS:
        if method in {"PUT", "PATCH", "DELETE"} and CONDITIONAL.search(path):
            named = {each["name"]: each for each in operation["parameters"]}
            assert named["If-Match"]["required"], (method, path)
            assert {"412", "428"} <= set(operation["responses"]), (method, path)


def test_every_post_takes_an_idempotency_key_or_says_why_not(administrator: Caller) -> None:
    for method, path, _ in OPERATIONS:
        if method != "POST":
            continue
        key = {"Idempotency-Key": "not a\x7fkey"}
        answer = administrator.send("POST", path.removeprefix("/api/v1/"), {}, **key)
        assert answer.status_code == 400, (path, answer.content)
        assert "Idempotency-Key" in answer.json()["detail"], path
        if path in STREAMED:
            continue
        good = {"Idempotency-Key": f"key-of-{path}"}
        answer = administrator.send("POST", path.removeprefix("/api/v1/"), {}, **good)
        is_refused = answer.status_code == 400 and "told once" in answer.json()["detail"]
        assert is_refused == bool(TOLD_ONCE.search(path)), (path, answer.content)


def test_every_answer_bears_the_number_of_its_request(administrator: Caller) -> None:
    for method, path, _ in OPERATIONS:
        asked = "HEAD" if path == "/api/v1/events/stream" else method  # it has no end
        said = {"X-Request-Id": "ours-1"}
        answer = administrator.send(asked, path.removeprefix("/api/v1/"), None, **said)
        assert answer["X-Request-Id"] == "ours-1", (method, path)
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json", (method, path)
            assert answer.json()["request_id"] == "ours-1", (method, path)


def test_every_answer_says_how_many_requests_are_left(administrator: Caller) -> None:
    for method, path, _ in OPERATIONS:
        if method == "GET" and path != "/api/v1/events/stream":
            answer = administrator.get(path.removeprefix("/api/v1/"))
            for each in ("Limit", "Remaining", "Reset"):
                assert int(answer[f"RateLimit-{each}"]) >= 0, path


def test_no_other_site_is_let_in_unless_it_is_listed(administrator: Caller) -> None:
    answer = administrator.get("me", Origin="https://evil.example")
    assert "Access-Control-Allow-Origin" not in answer


def test_every_operation_has_its_limit_of_requests_and_its_errors() -> None:
    for method, path, operation in OPERATIONS:
        assert {"400", "401", "403", "429"} <= set(operation["responses"]), (method, path)


def test_the_document_comes_as_json_and_as_yaml(open_archive: OpenArchive) -> None:
    assert open_archive
    client = Client()
    as_json = json.loads(client.get("/api/v1/openapi.json").content)
    as_yaml: Any = yaml.safe_load(client.get("/api/v1/openapi.yaml").content)
    assert as_json == as_yaml
    assert as_json["openapi"].startswith("3.1")


@pytest.mark.parametrize(
    ("address", "to"),
    [
        ("/api/schema/", "/api/v1/openapi"),
        ("/api/schema/swagger-ui/", "/api/docs/"),
    ],
)
def test_old_addresses_lead_on(open_archive: OpenArchive, address: str, to: str) -> None:
    assert open_archive
    answer = Client().get(address)
    assert answer.status_code in {301, 302, 307, 308}
    assert answer["Location"].startswith(to)
    assert Client().get(answer["Location"]).status_code == 200


def test_every_link_of_the_root_opens(open_archive: OpenArchive) -> None:
    assert open_archive
    for address in ("/api", "/api/"):
        answer = Client().get(address)
        assert answer.status_code == 200
        links = re.findall(r'"(/[^"]*|http://testserver/[^"]*)"', answer.content.decode())
        assert links
        for each in links:
            opened = Client().get(each.removeprefix("http://testserver"), follow=True)
            assert opened.status_code in {200, 401}, each


def test_tags_are_replaced_by_who_saw_them(archivist: Caller, kept: str) -> None:
    address = f"objects/{kept}/tags"
    shown = archivist.get(address)
    assert archivist.send("PUT", address, {"tags": ["a"]}).status_code == 428
    seen = {"If-Match": shown["ETag"]}
    first = archivist.send("PUT", address, {"tags": ["b", "a"]}, **seen)
    assert (first.status_code, first.json()["tags"]) == (200, ["a", "b"])
    assert archivist.send("PUT", address, {"tags": []}, **seen).status_code == 412
    assert archivist.get(address)["ETag"] == first["ETag"]
    last = archivist.send("PUT", address, {"tags": ["c"]}, **{"If-Match": first["ETag"]})
    assert archivist.get(address).json()["tags"] == last.json()["tags"] == ["c"]
