"""Lists of the API alike: filters, orders, sums and members that each names, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from muniment.administration.services.users import NewUser, add_user
from muniment.runtime.actor import SYSTEM, Role
from muniment.work.models import Job
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import Caller, SignIn

LISTS = ["jobs", "submissions", "objects", "users", "audit"]
KEYS = {"jobs": "id", "submissions": "number", "objects": "object_id", "users": "username"}


@pytest.fixture
def administrator(sign_in: SignIn) -> Caller:
    return sign_in(Role.ADMINISTRATOR)


@pytest.fixture
def people(administrator: Caller, open_archive: OpenArchive) -> Caller:
    """An administrator among five more users."""
    for name in ("ada", "ben", "cleo", "dora", "eve"):
        groups = ["editors"] if name < "c" else []
        add_user(NewUser(name, groups=groups), actor=SYSTEM, clock=open_archive.clock)
    return administrator


def names(caller: Caller, query: str) -> list[str]:
    answer = caller.get(f"users?{query}")
    assert answer.status_code == 200, answer.content
    return [each["username"] for each in answer.json()["items"]]


@pytest.mark.parametrize("where", LISTS)
def test_a_sum_comes_when_it_is_asked_for(people: Caller, where: str) -> None:
    assert "total" not in people.get(where).json()
    assert "total" not in people.get(f"{where}?count=false").json()
    page = people.get(f"{where}?count=true&limit=500").json()
    assert page["total"] == len(page["items"])


def test_a_sum_is_of_all_pages_and_of_what_is_asked_for(people: Caller) -> None:
    assert people.get("users?count=true&limit=2").json()["total"] == 6
    page = people.get("users?count=true&limit=2&group=editors").json()
    assert (page["total"], [each["username"] for each in page["items"]]) == (2, ["ada", "ben"])
    behind = people.get("users?count=true&limit=2&cursor=cleo").json()
    assert behind["total"] == 6


@pytest.mark.parametrize("sign", ["", "-"])
def test_every_page_of_an_order_comes_once(people: Caller, sign: str) -> None:
    seen, address = [], f"users?limit=2&sort={sign}username"
    while address:
        page = people.get(address).json()
        seen += [each["username"] for each in page["items"]]
        address = (page["next"] or "").partition("/api/v1/")[2]
    everybody = ["ada", "administrator", "ben", "cleo", "dora", "eve"]
    assert seen == (everybody[::-1] if sign else everybody)


@pytest.mark.parametrize("where", sorted(KEYS))
def test_members_are_left_out(people: Caller, kept: str, where: str) -> None:
    assert kept
    items = people.get(f"{where}?fields={KEYS[where]}").json()["items"]
    assert items
    assert all(set(each) == {KEYS[where]} for each in items)


def test_users_by_group_and_state(people: Caller) -> None:
    people.send("PATCH", "users/eve", {"is_active": False})
    assert names(people, "is_active=false") == ["eve"]
    assert names(people, "group=editors") == ["ada", "ben"]
    assert names(people, "group=nobody") == []


def test_jobs_by_what_and_whose_and_when(administrator: Caller) -> None:
    mine = Job.objects.create(kind="prune", asked_by="administrator", group="g")
    other = Job.objects.create(kind="fixity", asked_by="somebody")

    def found(query: str) -> list[int]:
        return [each["id"] for each in administrator.get(f"jobs?{query}").json()["items"]]

    assert found("kind=prune,fixity") == [other.pk, mine.pk]
    assert found("sort=id") == [mine.pk, other.pk]
    assert found("asked_by=somebody") == [other.pk]
    assert found("state=queued,held") == [other.pk, mine.pk]
    assert found("state=held,failed") == []
    assert found("group=g&kind=prune") == [mine.pk]
    assert found("created_after=2000-01-01T00:00:00Z") == [other.pk, mine.pk]
    assert found("created_before=2000-01-01") == []


def test_submissions_and_objects_of_an_object(archivist: Caller, kept: str) -> None:
    def count(query: str) -> int:
        answer = archivist.get(query)
        assert answer.status_code == 200, answer.content
        return len(answer.json()["items"])

    assert count(f"submissions?object_id={kept}&verdict=accepted&dry_run=false") == 1
    assert count("submissions?dry_run=true") == 0
    assert count("submissions?owner=archivist&pipeline=nothing") == 0
    assert count("objects?owner=archivist&state=active") == 1
    assert count("objects?owner=somebody") == 0
    assert count("objects?modified_before=2000-01-01T00:00:00Z") == 0


def test_the_trail_by_who_what_and_how_it_went(people: Caller) -> None:
    def actions(query: str) -> set[tuple[str, str]]:
        items = people.get(f"audit?{query}").json()["items"]
        return {(each["action"], each["outcome"]) for each in items}

    assert actions("action=user.add,token.create&actor=muniment") == {
        ("user.add", "done"),
        ("token.create", "done"),
    }
    assert actions("outcome=failed&action=user.add") == set()


def test_filters_widen_nothing(sign_in: SignIn, kept: str) -> None:
    depositor = sign_in(Role.DEPOSITOR)
    for query in ("objects?state=active", f"submissions?object_id={kept}", "jobs?asked_by=x"):
        page = depositor.get(f"{query}&count=true").json()
        assert (page["items"], page["total"]) == ([], 0)
    assert depositor.get("objects?owner=archivist").status_code == 422
    assert depositor.get("users?count=true").status_code == 403


@pytest.mark.parametrize("where", LISTS)
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("nothing=1", 400),
        ("count=yes", 422),
        ("count=", 422),
        ("sort=password", 422),
        ("sort=", 422),
        ("sort=--id", 422),
        ("fields=password", 422),
        ("fields=" + "x," * 900, 422),
        ("limit=0", 422),
        ("limit=1000000", 422),
    ],
)
def test_what_is_not_understood_is_refused(
    administrator: Caller, where: str, query: str, status: int
) -> None:
    answer = administrator.get(f"{where}?{query}")
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("where", ["jobs", "submissions", "objects", "audit"])
@pytest.mark.parametrize("cursor", ["x", "-1", "1" * 30, "%F0%9F%98%80", "1;DROP", "٣"])
def test_a_cursor_of_nothing_is_refused(administrator: Caller, where: str, cursor: str) -> None:
    assert administrator.get(f"{where}?cursor={cursor}").status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        "jobs?state=nothing",
        "jobs?created_after=yesterday",
        "jobs?created_after=2026-13-01T00:00:00Z",
        "jobs?created_before=9999-12-31T23:59:59-12:00",
        "submissions?object_id=x",
        "submissions?dry_run=perhaps",
        "submissions?verdict=accepted,x",
        "users?is_active=1",
        "audit?outcome=good",
        "objects?state=lost",
    ],
)
def test_a_value_that_no_row_has_is_refused(administrator: Caller, query: str) -> None:
    assert administrator.get(query).status_code == 422


def queries_of(caller: Caller, address: str) -> int:
    with CaptureQueriesContext(connection) as context:
        assert caller.get(address).status_code == 200
    return len(context)


def test_a_page_costs_the_same_however_much_there_is(administrator: Caller) -> None:
    address = "jobs?count=true&kind=prune&limit=50"
    costs: list[Any] = []
    for count in (3, 30):
        Job.objects.bulk_create(Job(kind="prune", asked_by="x") for _ in range(count))
        administrator.get(address)  # notes once a minute that the token is used
        costs.append(queries_of(administrator, address))
    assert costs[0] == costs[1]
