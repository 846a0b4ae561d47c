"""Every list of the OpenAPI document keeps the same conventions (orchestration spec §3.1)."""

from __future__ import annotations

from typing import Any

import fastjsonschema
import pytest
from django.test import Client

from muniment.runtime.actor import Role
from muniment.site.openapi import document
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import Caller, SignIn

EVERY = {"limit", "cursor", "page", "size", "sort", "count", "fields"}
# What is ordered and counted by itself: hits by how well they fit, a tree with folders first.
OTHERWISE = {"/api/v1/search", "/api/v1/objects/{name}/tree"}
DOCUMENT = document()
LISTS = {
    path: methods["get"]
    for path, methods in DOCUMENT["paths"].items()
    if str(
        methods.get("get", {})
        .get("responses", {})
        .get("200", {})
        .get("content", {})
        .get("application/json", {})
        .get("schema", {})
        .get("$ref", "")
    ).endswith("Page")
}
PLAIN = sorted(path for path in LISTS if "{" not in path and path not in OTHERWISE)


@pytest.fixture
def administrator(sign_in: SignIn) -> Caller:
    return sign_in(Role.ADMINISTRATOR)


def asked(path: str) -> str:
    return path.removeprefix("/api/v1/")


def holds(name: str, item: dict[str, Any]) -> None:
    """Hold an item to a schema of the document."""
    schema = {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    fastjsonschema.validate(schema, item, use_formats=False)


def items_of(caller: Caller, path: str, query: str) -> list[dict[str, Any]]:
    """Return a page of a list."""
    answer = caller.get(f"{asked(path)}?{query}")
    assert answer.status_code == 200, answer.content
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def item_shapes(path: str) -> list[str]:
    """Return the names of the whole shape of an item, and of the sparse one."""
    schema = LISTS[path]["responses"]["200"]["content"]["application/json"]["schema"]
    page = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    kinds = page["properties"]["items"]["items"]["anyOf"]
    return [each["$ref"].rpartition("/")[2] for each in kinds]


def test_there_are_lists() -> None:
    assert len(LISTS) > 25
    assert set(LISTS) > OTHERWISE


@pytest.mark.parametrize("path", sorted(LISTS))
def test_every_list_has_pages_orders_sums_and_members(path: str) -> None:
    wanted = {"limit", "cursor"} if path in OTHERWISE else EVERY
    assert wanted <= {each["name"] for each in LISTS[path]["parameters"]}


def test_items_are_whole_unless_members_are_named(administrator: Caller) -> None:
    for path in PLAIN:
        whole, sparse = item_shapes(path)
        for each in items_of(administrator, path, ""):
            holds(whole, each)
        member = sorted(DOCUMENT["components"]["schemas"][whole]["properties"])[0]
        for each in items_of(administrator, path, f"fields={member}"):
            assert set(each) <= {member}, path
            holds(sparse, each)


def test_pages_by_number_are_those_by_cursor(administrator: Caller) -> None:
    for path in PLAIN:
        everything = items_of(administrator, path, "limit=500")
        assert items_of(administrator, path, "page=1&size=1000000") == everything
        assert items_of(administrator, path, "page=1&size=2") == everything[:2]
        assert items_of(administrator, path, "page=2&size=2") == everything[2:4]
        assert items_of(administrator, path, "page=100000&size=500") == []


def test_every_order_comes_to_its_end_by_cursor(administrator: Caller) -> None:
    for path in PLAIN:
        (said,) = [each for each in LISTS[path]["parameters"] if each["name"] == "sort"]
        for word in said["schema"]["enum"]:
            everything = items_of(administrator, path, f"sort={word}&limit=500")
            seen: list[object] = []
            address = f"{asked(path)}?sort={word}&limit=3"
            while address and len(seen) < 12:
                page = administrator.get(address).json()
                seen += page["items"]
                address = (page["next"] or "").partition("/api/v1/")[2]
            assert seen == everything[: len(seen)], path


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("nothing=1", 400),
        ("include=everything", 400),
        ("count=perhaps", 422),
        ("sort=nothing", 422),
        ("fields=nothing", 422),
        ("limit=501", 422),
        ("page=0", 422),
        ("page=1&size=0", 422),
        ("page=x", 422),
        ("page=100001", 422),
        ("page=1&limit=5", 422),
        ("page=1&cursor=5", 422),
        ("cursor=%00", 400),
    ],
)
def test_what_no_list_understands_is_refused(
    administrator: Caller, query: str, status: int
) -> None:
    for path in PLAIN:
        answer = administrator.get(f"{asked(path)}?{query}")
        assert answer.status_code == status, path
        assert answer["Content-Type"] == "application/problem+json"


def test_the_next_page_of_a_number_is_the_next_number(administrator: Caller) -> None:
    page = administrator.get("step-types?page=2&size=3")
    assert "page=3&" in page.json()["next"] or page.json()["next"].endswith("page=3")
    assert page["Link"] == f'<{page.json()["next"]}>; rel="next"'


def test_a_foolish_limit_harms_nobody_after(administrator: Caller) -> None:
    assert administrator.get("step-types?limit=1000000").status_code == 422
    assert len(administrator.get("step-types?page=1&size=1000000").json()["items"]) > 10
    assert len(administrator.get("step-types?limit=10").json()["items"]) == 10


def test_no_list_opens_to_strangers(open_archive: OpenArchive) -> None:
    assert open_archive
    assert {Client().get(path).status_code for path in PLAIN} == {401}
