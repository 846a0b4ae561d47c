"""Pipelines in the page and over HTTP: edited, cloned, brought in, given out; nothing is lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from muniment.ingest.models import Pipeline
from muniment.ingest.services.pipelines import DEFAULT_STEPS, pipeline_named, tag_of
from muniment.runtime.actor import Role
from tests.site.conftest import Caller, SignIn, archivist, open_archive, sign_in

__all__ = ["archivist", "open_archive", "sign_in"]
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def browser(archivist: Caller) -> Client:
    client = Client()
    client.force_login(archivist.user)
    return client


def form(**changes: object) -> dict[str, Any]:
    row = pipeline_named("default")
    said: dict[str, Any] = {
        "title": row.title,
        "step": [step["name"] for step in row.steps],
        "seen": tag_of(row),
        "do": "save",
        "scan.without_scanner": "skip",
        "unpack.links": "refuse",
    }
    return said | changes


def names(name: str = "default") -> list[str]:
    return [step["name"] for step in Pipeline.objects.get(name=name).steps]


def test_an_edited_pipeline_is_saved(browser: Client) -> None:
    said = form(title="Ours", **{"scan.without_scanner": "hold"})
    answer = browser.post("/pipelines/default/edit", said)
    assert answer["Location"] == "/pipelines/default"
    row = pipeline_named("default")
    assert row.title == "Ours"
    assert {"name": "scan", "parameters": {"without_scanner": "hold"}} in row.steps


@pytest.mark.parametrize(("do", "expected"), [
    ("down:scan", ["identify", "scan"]), ("up:identify", ["identify", "scan"]),
    ("remove:scan", ["identify"]), ("up:receive", ["scan", "identify"]),
    ("down:index", ["scan", "identify"]), ("up:nothing", ["scan", "identify"]),
])  # fmt: skip
def test_without_scripts_each_button_changes_the_draft_alone(
    do: str, expected: list[str], browser: Client
) -> None:
    answer = browser.post("/pipelines/default/edit", form(do=do, title="Draft"))
    shown = answer.content.decode()
    order = [each for each in DEFAULT_STEPS if f'name="step" value="{each}"' in shown]
    places = {each: shown.index(f'name="step" value="{each}"') for each in order}
    found = [each for each in sorted(order, key=places.__getitem__) if each in {"scan", "identify"}]
    assert found == expected
    assert 'value="Draft"' in shown
    assert pipeline_named("default").title != "Draft"


def test_a_step_is_added_where_it_belongs(browser: Client) -> None:
    fewer = [each for each in DEFAULT_STEPS if each != "scan"]
    shown = browser.post("/pipelines/default/edit", form(do="add", add="scan", step=fewer))
    text = shown.content.decode()
    places = [text.index(f'name="step" value="{each}"') for each in ("verify", "scan", "identify")]
    assert places == sorted(places)


def test_of_two_editors_the_second_sees_the_conflict_and_loses_nothing(browser: Client) -> None:
    first, second = form(title="First"), form(title="Second")
    browser.post("/pipelines/default/edit", first)
    answer = browser.post("/pipelines/default/edit", second)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "somebody else has changed" in shown
    assert 'value="Second"' in shown
    assert pipeline_named("default").title == "First"
    again = second | {"seen": tag_of(pipeline_named("default"))}
    assert again["seen"] in shown
    assert browser.post("/pipelines/default/edit", again).status_code == 302


@pytest.mark.parametrize("change", [
    {"step": ["seal", "receive"]}, {"step": ["no-such-step"]}, {"step": ["receive", "receive"]},
    {"step": []}, {"title": "x" * 201}, {"title": "a\0b"}, {"scan.without_scanner": "perhaps"},
    {"do": "explode:scan"},
])  # fmt: skip
def test_what_cannot_be_a_pipeline_is_told_and_kept(
    change: dict[str, object], browser: Client
) -> None:
    before = names()
    answer = browser.post("/pipelines/default/edit", form(**change))
    assert answer.status_code == 422
    assert names() == before


def test_a_clone_is_a_pipeline_of_its_own(browser: Client) -> None:
    assert 'value="scan"' in browser.get("/pipelines/new?from=default").content.decode()
    said = form(name="second", title="Second", seen="")
    assert browser.post("/pipelines/new", said)["Location"] == "/pipelines/second"
    assert names("second") == names()
    again = browser.post("/pipelines/new", said)
    assert again.status_code == 422
    assert "already" in again.content.decode()


@pytest.mark.parametrize("name", ["", "new", "import", "a b", "é", "../x", EVIL, "x" * 101])
def test_a_name_that_is_none_is_refused(name: str, browser: Client) -> None:
    answer = browser.post("/pipelines/new", form(name=name, seen=""))
    assert answer.status_code == 422
    assert EVIL not in answer.content.decode()


def bring_in(browser: Client, document: object, **more: str) -> Any:  # noqa: ANN401  # test response
    data = document if isinstance(document, bytes) else json.dumps(document).encode()
    file = SimpleUploadedFile("p.json", data, "application/json")
    return browser.post("/pipelines/import", {"file": file, **more})


def test_what_is_given_out_can_be_brought_in(browser: Client) -> None:
    answer = browser.get("/pipelines/default/export")
    assert answer["Content-Disposition"] == 'attachment; filename="pipeline-default.json"'
    document = answer.json() | {"name": "copy"}
    assert bring_in(browser, document).status_code == 302
    assert names("copy") == names()
    assert bring_in(browser, document | {"title": "New"}).status_code == 422
    assert bring_in(browser, document | {"title": "New"}, replace="on").status_code == 302
    assert pipeline_named("copy").title == "New"


@pytest.mark.parametrize("document", [
    b"", b"{", b"[]", b"\xff", {"name": "x"}, {"name": 1, "steps": []}, {"name": "x", "steps": {}},
    {"name": "x", "steps": [1]}, {"name": "x", "steps": [{"name": "scan", "parameters": []}]},
    {"name": "x", "steps": [{"name": "scan", "more": 1}]}, {"name": "x", "steps": [], "more": 1},
    b"[" * 100_000, b" " * ((1 << 20) + 1),
])  # fmt: skip
def test_a_hostile_file_is_refused_with_a_sentence(document: object, browser: Client) -> None:
    answer = bring_in(browser, document)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert Pipeline.objects.count() == 2


def test_a_title_of_markup_stays_text(browser: Client) -> None:
    browser.post("/pipelines/default/edit", form(title=EVIL))
    for address in ("/pipelines", "/pipelines/default", "/pipelines/default/edit"):
        assert EVIL not in browser.get(address).content.decode()


def test_a_pipeline_is_removed_but_not_the_default_one(browser: Client) -> None:
    assert browser.post("/pipelines/default/remove").status_code == 409
    assert browser.post("/pipelines/short/remove", {"seen": "old"}).status_code == 412
    assert browser.post("/pipelines/short/remove").status_code == 302
    assert not Pipeline.objects.filter(name="short").exists()


def test_who_may_not_change_sees_no_buttons(sign_in: SignIn) -> None:
    client = Client()
    client.force_login(sign_in(Role.AUDITOR).user)
    page = client.get("/pipelines/default").content.decode()
    assert "/pipelines/default/edit" not in page
    assert client.get("/pipelines/default/edit").status_code == 403


def test_the_api_knows_steps_and_removes_with_if_match(archivist: Caller) -> None:
    kinds = {each["name"]: each for each in archivist.get("step-types").json()["items"]}
    assert kinds["scan"]["parameters"]["properties"]["without_scanner"] == {
        "type": "string", "default": "skip", "enum": ["skip", "hold", "never"],
    }  # fmt: skip
    assert set(DEFAULT_STEPS) <= set(kinds)
    assert archivist.send("DELETE", "pipelines/short").status_code == 428
    stale = archivist.send("DELETE", "pipelines/short", **{"If-Match": '"old"'})
    assert stale.status_code == 412
    tag = archivist.get("pipelines/short")["ETag"]
    assert archivist.send("DELETE", "pipelines/short", **{"If-Match": tag}).status_code == 204
