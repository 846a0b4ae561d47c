"""Many objects at once, and searches that one keeps: pages, API, job."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from muniment.catalogue.models import BulkItem, IntellectualEntity, SavedSearch
from muniment.catalogue.queries.history import tags_of
from muniment.catalogue.services import bulk
from muniment.runtime.actor import Role
from muniment.storage.models import FixityCheck
from muniment.work import outbox
from muniment.work.embedded import run_until
from muniment.work.models import Job
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_folder
from tests.site.conftest import Caller, SignIn, archivist, open_archive, sign_in

__all__ = ["archivist", "open_archive", "sign_in"]
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def kept(open_archive: OpenArchive, archivist: Caller, tmp_path: Path) -> list[str]:
    """The identifiers of three objects of the archivist."""
    found = [
        open_archive.hand_in(
            a_folder(tmp_path / name, {f"{name}.txt": name.encode()}),
            archivist.user.actor,
            pipeline="short",
        )
        for name in ("one", "two", "three")
    ]
    outbox.drain()
    return [str(each.object_id) for each in found]


def window(caller: Caller) -> Client:
    client = Client()
    client.force_login(caller.user)
    return client


def run(job: int) -> Job:
    run_until(lambda: Job.objects.get(pk=job).state in {"succeeded", "failed", "held"})
    outbox.drain()
    return Job.objects.get(pk=job)


def test_tags_are_hung_on_what_is_named_and_each_has_its_result(
    archivist: Caller, kept: list[str]
) -> None:
    body = {"action": "tag", "objects": [kept[0], NOBODY, kept[1]], "add": ["harbour"]}
    answer = archivist.send("POST", "objects/bulk", body)
    assert answer.status_code == 202
    said = answer.json()
    assert [each["status"] for each in said["results"]] == ["waiting", "not_found", "waiting"]
    assert said["results"][1]["problem"]["status"] == 404
    job = run(said["job"])
    assert (job.state, job.result) == ("succeeded", {"done": 2, "not_found": 1})
    items = archivist.get(f"jobs/{job.pk}/items").json()["items"]
    assert [(each["id"], each["status"]) for each in items] == [
        (kept[0], "done"), (NOBODY, "not_found"), (kept[1], "done"),
    ]  # fmt: skip
    tagged = IntellectualEntity.objects.get(object_id=kept[0])
    assert tags_of(tagged) == ["harbour"]


def test_a_query_names_what_it_finds_when_the_job_runs(archivist: Caller, kept: list[str]) -> None:
    body = {"action": "verify", "query": "one"}
    job = run(archivist.send("POST", "objects/bulk", body).json()["job"])
    assert job.result == {"done": 1}
    assert FixityCheck.objects.filter(object_id=kept[0]).count() == 1
    (item,) = archivist.get(f"jobs/{job.pk}/items").json()["items"]
    assert item["result"] == "correct"


def test_an_export_is_fetched_package_by_package(archivist: Caller, kept: list[str]) -> None:
    browser = window(archivist)
    answer = browser.post("/objects/bulk", {"action": "export", "which": "all", "q": ""})
    number = int(answer["Location"].split("/")[2])
    run(number)
    page = browser.get(answer["Location"]).content.decode()
    assert page.count(".zip</a>") == 3
    name = BulkItem.objects.filter(job=number).order_by("position")[0].result
    data = b"".join(browser.get(f"/jobs/{number}/items/{name}"))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
    for wrong in ("..%2Fmanifest.jsonl", "manifest.jsonl", "x.zip"):
        assert browser.get(f"/jobs/{number}/items/{wrong}").status_code == 404


def test_an_export_is_for_who_asked(archivist: Caller, kept: list[str], sign_in: SignIn) -> None:
    number = archivist.send("POST", "objects/bulk", {"action": "export", "objects": kept[:1]})
    job = run(number.json()["job"])
    name = BulkItem.objects.get(job=job.pk).result
    other = window(sign_in(Role.AUDITOR))
    assert other.get(f"/jobs/{job.pk}/items/{name}").status_code == 404
    assert other.get(f"/jobs/{job.pk}/items").status_code == 200


def test_what_a_depositor_does_not_own_is_not_found(kept: list[str], sign_in: SignIn) -> None:
    other = sign_in(Role.DEPOSITOR)
    answer = other.send("POST", "objects/bulk", {"action": "export", "objects": kept})
    assert {each["status"] for each in answer.json()["results"]} == {"not_found"}
    assert other.send("POST", "objects/bulk", {"action": "verify", "query": ""}).status_code == 403


def test_a_failed_item_is_tried_again_alone(archivist: Caller, kept: list[str]) -> None:
    body = {"action": "tag", "objects": kept, "add": ["a"], "remove": ["b"]}
    job = run(archivist.send("POST", "objects/bulk", body).json()["job"])
    assert archivist.send("POST", f"jobs/{job.pk}/retry-failed").status_code == 409
    BulkItem.objects.filter(job=job.pk, position=1).update(state="failed", message="disk")
    Job.objects.filter(pk=job.pk).update(state="failed")
    assert archivist.send("POST", f"jobs/{job.pk}/retry-failed").status_code == 202
    assert run(job.pk).result == {"done": 3}


@pytest.mark.parametrize("body", [
    {}, {"action": "burn", "objects": ["x"]}, {"action": "tag", "objects": ["x"]},
    {"action": "verify"}, {"action": "verify", "objects": ["x"], "query": "y"},
    {"action": "verify", "query": "nofield:x"}, 
    {"action": "export", "objects": ["x"], "add": ["t"]},
    {"action": "verify", "objects": "x"}, {"action": "verify", "objects": ["x"], "extra": 1},
])  # fmt: skip
def test_a_wrong_request_says_what_is_wrong(body: dict[str, object], archivist: Caller) -> None:
    answer = archivist.send("POST", "objects/bulk", body)
    assert answer.status_code == 422
    assert answer.json()["detail"]


@pytest.mark.parametrize("name", ["\0", "🙂" * 300, "<script>alert(1)</script>", "'; --", ""])
def test_hostile_names_are_not_found(name: str, archivist: Caller) -> None:
    answer = archivist.send("POST", "objects/bulk", {"action": "verify", "objects": [name, "x"]})
    assert answer.status_code in {202, 400, 422}  # 400: a NUL in the body
    if answer.status_code == 202:
        page = window(archivist).get(f"/jobs/{answer.json()['job']}/items").content.decode()
        assert "<script>alert(1)" not in page


def test_a_list_of_results_is_paged(
    archivist: Caller, kept: list[str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    names = [f"nothing-{n}" for n in range(5)]
    asked = bulk.BulkRequest(bulk.BulkAction.VERIFY, names)
    actor = archivist.user.actor
    job = bulk.start_bulk(asked, actor=actor).job
    found, address = [], f"jobs/{job.pk}/items?limit=2&status=not_found"
    while address:
        page = archivist.get(address).json()
        found += [each["id"] for each in page["items"]]
        address = (page["next"] or "").partition("/api/v1/")[2]
    assert found == names
    with django_assert_num_queries(2):
        bulk.items_of(job.pk, actor=actor)


def test_a_search_is_kept_replaced_and_forgotten(archivist: Caller) -> None:
    first = archivist.send("POST", "me/searches", {"name": "maps", "query": "tag:maps"})
    assert first.status_code == 201
    archivist.send("POST", "me/searches", {"name": " maps ", "query": "map", "sort": "newest"})
    (kept,) = archivist.get("me/searches").json()["items"]
    assert (kept["query"], kept["sort"]) == ("map", "newest")
    page = window(archivist).get("/objects").content.decode()
    assert 'href="/objects?q=map&amp;sort=newest"' in page
    assert archivist.send("DELETE", f"me/searches/{kept['id']}").status_code == 204
    assert archivist.send("DELETE", f"me/searches/{kept['id']}").status_code == 404


def test_searches_are_everybodys_own(archivist: Caller, sign_in: SignIn) -> None:
    made = archivist.send("POST", "me/searches", {"name": "mine", "query": ""}).json()
    other = sign_in(Role.EDITOR)
    assert other.get("me/searches").json()["items"] == []
    assert other.send("DELETE", f"me/searches/{made['id']}").status_code == 404
    assert window(other).post(f"/objects/searches/{made['id']}/forget").status_code == 404
    assert SavedSearch.objects.count() == 1


@pytest.mark.parametrize("body", [
    {"name": ""}, {"name": "x" * 101}, {"name": "a\x07b"}, {"name": "x", "query": "nofield:x"},
    {"name": "x", "sort": "none"}, {"name": "x", "query": "y" * 2001},
])  # fmt: skip
def test_a_search_that_cannot_be_kept_says_why(body: dict[str, str], archivist: Caller) -> None:
    assert archivist.send("POST", "me/searches", body).status_code == 422


def test_a_search_of_a_hostile_name_stays_text(archivist: Caller) -> None:
    window(archivist).post("/objects/searches", {"name": "<svg onload=alert(1)>", "q": "\"'>"})
    page = window(archivist).get("/objects").content.decode()
    assert "<svg onload" not in page
    assert "&lt;svg onload=alert(1)&gt;" in page
