"""Reading levels over HTTP: what is hidden is not there, what is shown may still be kept back."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from muniment.runtime.actor import Role
from muniment.work import outbox
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import CONTENT, a_folder
from tests.site.conftest import Caller, SignIn


@pytest.fixture
def kept(open_archive: OpenArchive, archivist: Caller, tmp_path: Path) -> str:
    """The identifier of an object of the archivist."""
    submission = open_archive.hand_in(a_folder(tmp_path / "letters"), archivist.user.actor)
    outbox.drain()
    return str(submission.object_id)


@pytest.fixture
def editor(sign_in: SignIn) -> Caller:
    return sign_in(Role.EDITOR)


@pytest.fixture
def reader(sign_in: SignIn) -> Caller:
    return sign_in(Role.READER)


def decide(editor: Caller, kept: str, policy: str) -> None:
    tag = editor.get(f"objects/{kept}/reading")["ETag"]
    headers = {"if-match": tag}
    answer = editor.send("PUT", f"objects/{kept}/reading", {"policy": policy}, **headers)
    assert answer.status_code == 200, answer.content


def test_a_hidden_object_is_like_one_that_is_not(kept: str, reader: Caller) -> None:
    same = {"x-request-id": "one"}
    nobody = "00000000-0000-7000-8000-000000000000"
    for part in ("", "/files", "/events", "/versions", "/tags"):
        hidden = reader.get(f"objects/{kept}{part}", **same)
        missing = reader.get(f"objects/{nobody}{part}", **same)
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert hidden.content.replace(kept.encode(), nobody.encode()) == missing.content
    assert reader.get("objects").json()["items"] == []
    assert reader.get("search?q=letters").json()["total"] == 0


def test_a_described_object_is_shown_and_not_given_out(
    kept: str, editor: Caller, reader: Caller
) -> None:
    decide(editor, kept, "metadata-only")
    assert [each["object_id"] for each in reader.get("objects").json()["items"]] == [kept]
    (file, *_) = reader.get(f"objects/{kept}/files").json()["items"]
    assert reader.get(f"files/{file['file_id']}/content").status_code == 403
    decide(editor, kept, "registered")
    assert b"".join(reader.get(f"files/{file['file_id']}/content")) in CONTENT.values()
    decide(editor, kept, "staff")
    assert reader.get(f"files/{file['file_id']}/content").status_code == 404


def test_the_page_decides_and_a_reader_sees_it(kept: str, editor: Caller, reader: Caller) -> None:
    window, seen_by = Client(), Client()
    window.force_login(editor.user)
    seen_by.force_login(reader.user)
    address = f"/objects/{kept}/reading"
    page = window.get(address).content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    from html import unescape

    form = {"policy": "registered", "seen": unescape(seen)}
    assert window.post(address, form).status_code == 302
    assert seen_by.get(f"/objects/{kept}").status_code == 200
    again = window.post(address, form)
    assert again.status_code == 422, "what was seen is not so any more"
    assert seen_by.get(address).status_code == 403
    assert seen_by.get("/dashboard/").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"policy": "everybody"},
        {"policy": "groups"},
        {"policy": "groups", "groups": ["no such group"]},
        {"policy": "public", "embargo_until": "soon"},
        {"policy": "public", "embargo_level": "download"},
        {"policy": "public", "more": 1},
    ],
    ids=str,
)
def test_a_wrong_policy_is_refused_with_a_sentence(
    body: dict[str, object], kept: str, editor: Caller
) -> None:
    headers = {"if-match": "*"}
    answer = editor.send("PUT", f"objects/{kept}/reading", body, **headers)
    assert answer.status_code == 422
    assert answer.json()["detail"]


def test_a_decision_needs_what_was_seen(kept: str, editor: Caller) -> None:
    body = {"policy": "public"}
    assert editor.send("PUT", f"objects/{kept}/reading", body).status_code == 428
    headers = {"if-match": '"old"'}
    assert editor.send("PUT", f"objects/{kept}/reading", body, **headers).status_code == 412
