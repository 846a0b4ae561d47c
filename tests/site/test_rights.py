"""Rights over HTTP and in the page: stated by who decides, shown to who reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from muniment.catalogue.services.reading_policies import Reading, reading_of, set_reading
from muniment.catalogue.types import ReadingPolicyName
from muniment.information.identifiers import ObjectId
from muniment.runtime.actor import SYSTEM, Role
from muniment.work import outbox
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import CONTENT, a_folder
from tests.site.conftest import Caller, SignIn

STATEMENT = {
    "basis": "copyright",
    "terms": "in copyright",
    "granted": [{"act": "disseminate", "restrictions": ["disallow"], "ends_at": "2090"}],
}


@pytest.fixture
def kept(open_archive: OpenArchive, archivist: Caller, tmp_path: Path) -> str:
    """The identifier of an object that whoever is signed in may download."""
    submission = open_archive.hand_in(a_folder(tmp_path / "letters"), archivist.user.actor)
    outbox.drain()
    name = ObjectId(str(submission.object_id))
    wanted = Reading(ReadingPolicyName.REGISTERED)
    seen = reading_of(SYSTEM, name)
    set_reading(name, wanted, seen=seen, actor=SYSTEM, clock=open_archive.clock)
    return name


@pytest.fixture
def editor(sign_in: SignIn) -> Caller:
    return sign_in(Role.EDITOR)


@pytest.fixture
def reader(sign_in: SignIn) -> Caller:
    return sign_in(Role.READER)


def put(caller: Caller, kept: str, *statements: object) -> int:
    tag = caller.get(f"objects/{kept}/rights")["ETag"]
    headers = {"if-match": tag}
    answer = caller.send("PUT", f"objects/{kept}/rights", {"rights": list(statements)}, **headers)
    return int(answer.status_code)


def test_rights_are_stated_and_a_reader_is_held_back(
    kept: str, editor: Caller, reader: Caller
) -> None:
    (file, *_) = reader.get(f"objects/{kept}/files").json()["items"]
    address = f"files/{file['file_id']}/content"
    assert b"".join(reader.get(address)) in CONTENT.values()
    assert put(editor, kept, STATEMENT) == 200
    (found,) = reader.get(f"objects/{kept}/rights").json()["rights"]
    assert (found["basis"], found["granted"][0]["act"]) == ("copyright", "disseminate")
    assert reader.get(f"objects/{kept}").json()["rights"] == [found]
    assert reader.get(address).status_code == 403
    assert b"".join(editor.get(address)) in CONTENT.values()
    assert put(editor, kept) == 200
    assert b"".join(reader.get(address)) in CONTENT.values()


def test_readers_state_nothing(kept: str, reader: Caller) -> None:
    assert put(reader, kept, STATEMENT) == 403


def test_what_was_seen_must_be_so_still(kept: str, editor: Caller) -> None:
    body = {"rights": [STATEMENT]}
    assert editor.send("PUT", f"objects/{kept}/rights", body).status_code == 428
    headers = {"if-match": '"9"'}
    assert editor.send("PUT", f"objects/{kept}/rights", body, **headers).status_code == 412


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"basis": ""},
        {"basis": "copyright", "granted": [{}]},
        {"basis": "copyright", "granted": [{"act": "publish", "ends_at": "soon"}]},
        {"basis": "copyright", "rights_id": "0190b1f2-3c4d-7e5f-8a6b-9c0d1e2f3a4b"},
        {"basis": "copyright", "colour": "red"},
    ],
    ids=str,
)
def test_wrong_statements_are_refused_with_a_sentence(
    wrong: dict[str, object], kept: str, editor: Caller
) -> None:
    headers = {"if-match": "*"}
    body = {"rights": [wrong]}
    answer = editor.send("PUT", f"objects/{kept}/rights", body, **headers)
    assert answer.status_code == 422
    assert answer.json()["detail"]


class TestPage:
    @pytest.fixture
    def window(self, editor: Caller) -> Client:
        client = Client()
        client.force_login(editor.user)
        return client

    @pytest.fixture
    def form(self) -> dict[str, object]:
        return {
            "seen": "1",
            "basis": "donor",
            "terms": "Agreement of <b>1999</b>",
            "notes": "one\n\ntwo",
            "granted_act": ["publish", ""],
            "granted_limit": ["conditional", "disallow"],
            "granted_from": ["", "1990"],
            "granted_to": ["2090", ""],
            "granted_note": ["ask first", ""],
        }

    def test_a_statement_is_added_changed_and_removed(
        self, kept: str, window: Client, form: dict[str, object], reader: Caller
    ) -> None:
        address = f"/objects/{kept}/rights"
        assert window.post(address, form).status_code == 302
        (found,) = reader.get(f"objects/{kept}/rights").json()["rights"]
        assert (found["notes"], len(found["granted"])) == (["one", "two"], 1)
        page = window.get(f"{address}?statement={found['rights_id']}").content.decode()
        assert "Agreement of &lt;b&gt;1999" in page
        assert "<b>1999" not in page
        assert "ask first" in page
        changed = form | {"seen": "2", "rights_id": found["rights_id"], "terms": "Agreement"}
        assert window.post(address, changed).status_code == 302
        (again,) = reader.get(f"objects/{kept}/rights").json()["rights"]
        assert (again["rights_id"], again["terms"]) == (found["rights_id"], "Agreement")
        gone = {"seen": "3", "remove": found["rights_id"]}
        assert window.post(address, gone).status_code == 302
        assert reader.get(f"objects/{kept}/rights").json()["rights"] == []

    def test_a_fault_and_a_conflict_keep_what_was_written(
        self, kept: str, window: Client, form: dict[str, object]
    ) -> None:
        address = f"/objects/{kept}/rights"
        for change in ({"granted_to": ["soon", ""]}, {"seen": "7"}):
            answer = window.post(address, form | change)
            assert answer.status_code == 422
            assert "Agreement of" in answer.content.decode()
        assert window.get(address).content.decode().count("Remove") == 0

    def test_staff_are_told_that_readers_are_held_back(
        self, kept: str, window: Client, editor: Caller
    ) -> None:
        told = "Rights hold readers back"
        assert told not in window.get(f"/objects/{kept}").content.decode()
        put(editor, kept, STATEMENT)
        assert told in window.get(f"/objects/{kept}").content.decode()

    def test_a_reader_is_not_let_in(self, kept: str, reader: Caller) -> None:
        client = Client()
        client.force_login(reader.user)
        assert client.get(f"/objects/{kept}/rights").status_code == 403
        assert "State the rights" not in client.get(f"/objects/{kept}").content.decode()
