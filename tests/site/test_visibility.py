"""Every route that shows an object, by what was decided about it and who asks: the table holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from muniment.administration import policy
from muniment.administration.models import User
from muniment.administration.services.users import NewUser, add_user
from muniment.catalogue.models import File, Version
from muniment.catalogue.services.reading_policies import Reading, reading_of, set_reading
from muniment.catalogue.types import ReadingPolicyName
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import SYSTEM, Level, Role
from muniment.work import outbox
from scripts.access_matrix import PEOPLE, VISIBILITY
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_folder
from tests.site.conftest import SignIn
from tests.site.routes import Route, api_routes, page_routes

FAR = date(2999, 1, 1)
EVERYTHING_OR_NOTHING = {"visitor, switch off", "owner", "staff"}
TELLING = {"`staff`", "`public`", "`public`, embargo"}
DECISIONS = {
    "nothing decided": None,
    "`staff`": Reading(),
    "`groups`": Reading(ReadingPolicyName.GROUPS, ("maps",)),
    "`groups`, others described": Reading(ReadingPolicyName.GROUPS, ("maps",), Level.METADATA),
    "`metadata-only`": Reading(ReadingPolicyName.METADATA_ONLY),
    "`registered`": Reading(ReadingPolicyName.REGISTERED),
    "`public`": Reading(ReadingPolicyName.PUBLIC),
    "`public`, embargo": Reading(ReadingPolicyName.PUBLIC, embargo_until=FAR),
    "`public`, embargo but for the description": Reading(
        ReadingPolicyName.PUBLIC, embargo_until=FAR, embargo_level=Level.METADATA
    ),
}
ABOUT_ONE = [
    route
    for route in [*api_routes(), *page_routes()]
    if route.method == "GET"
    and route.action in policy.FOR_VISITORS
    and ("objects/<" in route.address or "<uuid:file_id>" in route.address)
]


@pytest.fixture
def switch(open_archive: OpenArchive) -> Iterator[Callable[[bool], None]]:
    """Turn anonymous access on and off."""
    yield lambda is_on: policy.install(lets_visitors_read=is_on)
    policy.install()


@pytest.fixture
def kept(open_archive: OpenArchive, sign_in: SignIn, tmp_path: Path) -> str:
    """The identifier of an object of the depositor, with one text."""
    owner = sign_in(Role.DEPOSITOR).user
    package = a_folder(tmp_path / "letters", {"letter.txt": b"Dear Ada\n"})
    submission = open_archive.hand_in(package, owner.actor)
    outbox.drain()
    return str(submission.object_id)


@pytest.fixture
def clients(
    kept: str, open_archive: OpenArchive, switch: Callable[[bool], None]
) -> Callable[[str], Client]:
    """Return a client of each of the people of the table; sets the switch for visitors."""
    Group.objects.get_or_create(name="maps")
    groups = {"reader": [], "reader of the group": ["maps"], "staff": ["editors"]}
    made = {"owner": User.objects.get(username="depositor")}
    for name, given in groups.items():
        new = NewUser(name.replace(" ", "-"), groups=given)
        made[name] = add_user(new, actor=SYSTEM, clock=open_archive.clock)

    def client_of(name: str) -> Client:
        switch(name == "visitor")
        client = Client(raise_request_exception=False)
        if name in made:
            client.force_login(made[name])
        return client

    return client_of


def decide(kept: str, wanted: Reading | None, open_archive: OpenArchive) -> None:
    if wanted is not None:
        object_id = ObjectId(kept)
        seen = reading_of(SYSTEM, object_id)
        set_reading(object_id, wanted, seen=seen, actor=SYSTEM, clock=open_archive.clock)


def at(route: Route, kept: str) -> str:
    file = File.objects.get(path__endswith="letter.txt")
    named = replace(route, address=route.address.replace("<str:name>", kept))
    address = named.address.replace("<uuid:object_id>", kept)
    return "/" + address.replace("<uuid:file_id>", str(file.file_id))


def status_of(client: Client, address: str) -> int:
    answer: Any = client.get(address)  # Django's test response
    answer.close()
    is_sent_to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/login/")
    return 401 if is_sent_to_sign_in else int(answer.status_code)


def expected(cell: str, route: Route, who: str, staff: int) -> int:
    is_shown = cell == "given out" or (cell == "described" and route.action == "object.read")
    if (
        is_shown
    ):  # a part that is not there: signing in might help a visitor, for all that they know
        return 401 if staff == 404 and who == "visitor" else staff
    if who.startswith("visitor"):
        return 401
    return 404 if cell == "-" else 403


def test_the_routes_of_one_object_are_known() -> None:
    assert len(ABOUT_ONE) > 15
    assert {route.action for route in ABOUT_ONE} == set(policy.FOR_VISITORS)


def test_each_route_shows_what_was_decided(
    kept: str, clients: Callable[[str], Client], open_archive: OpenArchive
) -> None:
    addresses = {route: at(route, kept) for route in ABOUT_ONE}
    client = clients("staff")
    of_staff = {route: status_of(client, address) for route, address in addresses.items()}
    assert 200 in of_staff.values()
    wrong = []
    for decision, cells in VISIBILITY.items():
        decide(kept, DECISIONS[decision], open_archive)
        for who, cell in zip(PEOPLE, cells, strict=True):
            if who in EVERYTHING_OR_NOTHING and decision not in TELLING:
                continue  # what was decided is not even asked: a few rows show that
            client = clients(who)
            for route, address in addresses.items():
                status = status_of(client, address)
                if status != expected(cell, route, who, of_staff[route]):
                    wrong.append((decision, who, str(route), status))
    assert wrong == []


def test_lists_counts_and_search_show_a_visitor_what_is_public_alone(
    kept: str, clients: Callable[[str], Client], open_archive: OpenArchive
) -> None:
    def seen() -> list[object]:
        client = clients("visitor")
        return [
            len(client.get("/api/v1/objects").json()["items"]),
            client.get("/api/v1/search?q=letters").json()["total"],
            client.get("/api/v1/statistics").json()["files"],
            kept in client.get("/objects").content.decode(),
        ]

    decide(kept, Reading(ReadingPolicyName.REGISTERED), open_archive)
    assert seen() == [0, 0, 0, False]
    decide(kept, Reading(ReadingPolicyName.PUBLIC), open_archive)
    assert seen() == [1, 1, 1, True]


def test_a_visitor_of_a_public_object_is_told_no_names(
    kept: str, clients: Callable[[str], Client], open_archive: OpenArchive
) -> None:
    decide(kept, Reading(ReadingPolicyName.PUBLIC), open_archive)
    submission = str(Version.objects.get().submission_id)
    api = [f"/api/v1/objects/{kept}{part}" for part in ("", "/versions", "/events")]
    pages = [f"/objects/{kept}{part}" for part in ("", "/versions", "/events")]

    def told(who: str) -> list[bool]:
        client = clients(who)
        answers = [client.get(address) for address in ["/api/v1/objects", *api, *pages]]
        assert {answer.status_code for answer in answers} == {200}
        texts = [answer.content.decode().replace("depositors", "") for answer in answers]
        return [name in text for text in texts for name in ("depositor", submission)]

    assert told("visitor") == told("reader") == [False] * 14
    assert told("owner").count(True) == told("staff").count(True) > 7


def test_a_visitor_cannot_find_out_whose_a_public_object_is_by_asking(
    kept: str, clients: Callable[[str], Client], open_archive: OpenArchive
) -> None:
    decide(kept, Reading(ReadingPolicyName.PUBLIC), open_archive)
    asked = (
        "/api/v1/objects?owner=depositor",
        "/api/v1/search?q=owner:depositor",
        "/api/v1/search?q=-owner:depositor",
        "/api/v1/search?facets=owner",
        "/objects?q=owner:depositor",
    )
    for who, status in (("visitor", 422), ("reader", 422), ("staff", 200)):
        client = clients(who)
        assert [client.get(address).status_code for address in asked] == [status] * 5, who
    assert [clients("owner").get(address).status_code for address in asked] == [
        200, 200, 200, 422, 200
    ]  # fmt: skip


def test_a_visitor_is_offered_to_sign_in_and_comes_back(
    kept: str, clients: Callable[[str], Client], open_archive: OpenArchive
) -> None:
    client = clients("visitor")
    assert client.get("/").headers["Location"] == "/objects"
    page = client.get("/objects?q=letters").content.decode()
    assert 'href="/login/?next=%2Fobjects%3Fq%3Dletters"' in page
    assert "/objects/searches" not in page
    assert "/submissions/new" not in page


def test_a_visitor_changes_nothing(kept: str, clients: Callable[[str], Client]) -> None:
    client = clients("visitor")
    body = {"action": "export", "objects": [kept]}
    answer = client.post("/api/v1/objects/bulk", body, content_type="application/json")
    assert answer.status_code == 401
    assert client.post("/objects/bulk", {"action": "export", "object": kept}).status_code == 302
    tag = {"add": ["x"]}
    address = f"/api/v1/objects/{kept}/tags"
    assert client.post(address, tag, content_type="application/json").status_code == 401


def test_a_visitor_who_is_told_nothing_cannot_tell_hidden_from_missing(
    kept: str, clients: Callable[[str], Client]
) -> None:
    client, same = clients("visitor"), {"x-request-id": "one"}
    nobody = "00000000-0000-7000-8000-000000000000"
    for address in ("/api/v1/objects/{}", "/objects/{}", "/objects/{}/files"):
        hidden = client.get(address.format(kept), headers=same)
        missing = client.get(address.format(nobody), headers=same)
        assert hidden.status_code == missing.status_code != 200
        assert hidden.content.replace(kept.encode(), nobody.encode()) == missing.content
        ends = [str(each.headers.get("Location", "")) for each in (hidden, missing)]
        assert ends[0].replace(kept, nobody) == ends[1]
