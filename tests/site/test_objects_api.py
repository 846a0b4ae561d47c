"""Objects over HTTP, from the first page to a new description."""

from __future__ import annotations

import pytest

from muniment.catalogue.models import IntellectualEntity
from muniment.runtime.actor import Role
from tests.ingest.packages import CONTENT
from tests.site.conftest import Caller, SignIn


def test_an_empty_archive_has_an_empty_page(archivist: Caller) -> None:
    assert archivist.get("objects").json() == {"items": [], "next": None}


def test_an_object_is_listed_and_shown(archivist: Caller, kept: str) -> None:
    (item,) = archivist.get("objects").json()["items"]
    shown = archivist.get(f"objects/{kept}")
    assert item["object_id"] == kept
    assert item["file_count"] == len(CONTENT)
    assert shown.json()["shown_version"]["version"] == 1
    assert shown["ETag"] == '"1"'


def test_files_and_events_are_listed(archivist: Caller, kept: str) -> None:
    files = archivist.get(f"objects/{kept}/files").json()["items"]
    events = archivist.get(f"objects/{kept}/events").json()["items"]
    assert sorted(file["path"] for file in files) == sorted(CONTENT)
    assert "ingestion" in {event["type"] for event in events}


def test_the_tree_opens_folder_by_folder(archivist: Caller, kept: str) -> None:
    (top,) = archivist.get(f"objects/{kept}/tree").json()["items"]
    assert (top["kind"], top["path"], top["file_count"]) == ("folder", "original", len(CONTENT))
    inside = archivist.get(f"objects/{kept}/tree?in=original&limit=500").json()["items"]
    assert sum(each["file_count"] for each in inside) == len(CONTENT)
    assert all((each["file"] is None) is (each["kind"] == "folder") for each in inside)
    assert archivist.get(f"objects/{kept}/tree?in=nothing").status_code == 404
    assert archivist.get(f"objects/{kept}/tree?cursor=nothing").status_code == 422


def test_pages_follow_each_other_to_the_end(archivist: Caller, kept: str) -> None:
    seen, address = [], f"objects/{kept}/files?limit=1"
    while address:
        page = archivist.get(address).json()
        seen += [file["path"] for file in page["items"]]
        address = (page["next"] or "").partition("/api/v1/")[2]
    assert sorted(seen) == sorted(CONTENT)


def test_an_object_is_found_by_words(archivist: Caller, kept: str) -> None:
    answer = archivist.get("search?q=letters&facets=owner").json()
    assert [hit["object_id"] for hit in answer["items"]] == [kept]
    assert answer["total"] == 1
    assert answer["facets"]["owner"] == [{"value": "archivist", "count": 1}]


def test_a_description_makes_a_version(archivist: Caller, kept: str) -> None:
    body = {"terms": [{"term": "title", "value": "Letters to Ada", "language": "en"}]}
    answer = archivist.send("PUT", f"objects/{kept}/description", body, **{"if-match": '"1"'})
    assert answer.status_code == 200
    assert answer["ETag"] == '"2"'
    assert answer.json()["title"] == "Letters to Ada"
    assert IntellectualEntity.objects.get().head == 2


@pytest.mark.parametrize(("header", "status"), [({}, 428), ({"if-match": '"7"'}, 412)])
def test_a_blind_change_is_refused(
    archivist: Caller, kept: str, header: dict[str, str], status: int
) -> None:
    body = {"terms": [{"term": "title", "value": "x"}]}
    answer = archivist.send("PUT", f"objects/{kept}/description", body, **header)
    assert answer.status_code == status
    assert IntellectualEntity.objects.get().head == 1


def test_tags_are_hung_on_and_taken_off(archivist: Caller, kept: str) -> None:
    assert archivist.send("POST", f"objects/{kept}/tags", {"add": ["b", "a"]}).json()["tags"] == [
        "a",
        "b",
    ]
    archivist.send("POST", f"objects/{kept}/tags", {"remove": ["a"]})
    assert archivist.get(f"objects/{kept}/tags").json()["tags"] == ["b"]


def test_anothers_object_is_not_there_for_a_depositor(kept: str, sign_in: SignIn) -> None:
    bob = sign_in(Role.DEPOSITOR)
    unknown = "01a22c4e-b98a-7561-9e01-1b32a5ce1abc"
    assert bob.get(f"objects/{kept}").status_code == 404
    assert bob.get(f"objects/{kept}").json()["code"] == bob.get(f"objects/{unknown}").json()["code"]
    assert bob.get("objects").json()["items"] == []
    assert bob.get("search?q=letters").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/terms"),
        ({"terms": [{"term": "title"}]}, "/terms/0/value"),
        ({"terms": [], "more": 1}, "/more"),
        ({"terms": "x"}, "/terms"),
        ([], ""),
    ],
)
def test_a_wrong_body_is_told_by_its_pointer(
    archivist: Caller, kept: str, body: object, pointer: str
) -> None:
    answer = archivist.send("PUT", f"objects/{kept}/description", body, **{"if-match": "*"})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert pointer in {each["pointer"] for each in answer.json()["findings"]}


def test_a_term_that_is_none_is_a_sentence(archivist: Caller, kept: str) -> None:
    body = {"terms": [{"term": "colour", "value": "red"}]}
    answer = archivist.send("PUT", f"objects/{kept}/description", body, **{"if-match": "*"})
    assert answer.status_code == 422
    assert "colour" in answer.json()["detail"]


@pytest.mark.parametrize("sent", [b"{", b"\xff", b'{"terms": NaN}', b"[" * 50_000])
def test_what_is_no_json_is_not_understood(archivist: Caller, kept: str, sent: bytes) -> None:
    answer = archivist.client.generic(
        "PUT",
        f"/api/v1/objects/{kept}/description",
        sent,
        "application/json",
        headers={"if-match": "*"},
    )
    assert answer.status_code == 400
    assert answer.json()["code"] == "invalid-request"
