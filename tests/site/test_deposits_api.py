"""Deposits over HTTP: made, filled, handed in, deleted; every wrong word is told."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from muniment.ingest.deposit_area import DepositArea, areas_of
from muniment.ingest.models import Deposit, Submission
from muniment.runtime.actor import Role
from muniment.work import outbox
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import CONTENT
from tests.site.conftest import Caller, SignIn
from tests.site.uploads import a_deposit, put, sha256


def a_zip(content: Mapping[str, bytes] = CONTENT) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return packed.getvalue()


def paths_of(caller: Caller, object_id: str) -> list[str]:
    items = caller.get(f"objects/{object_id}/files").json()["items"]
    return sorted(each["path"] for each in items)


def finished(open_archive: OpenArchive, submission_id: str) -> Submission:
    made = open_archive.finish(Submission.objects.get(submission_id=submission_id))
    outbox.drain()
    return made


def test_files_of_a_folder_become_an_object(archivist: Caller, open_archive: OpenArchive) -> None:
    deposit = a_deposit(
        archivist,
        title="Letters to Ada",
        metadata={"creator": ["Ignace", "Ada"], "date": "1912"},
        source="museum",
        recid="M-7",
    )
    for name, data in CONTENT.items():
        assert put(archivist, deposit, name, data).status_code == 201
    answer = archivist.send("POST", f"deposits/{deposit}/finalise", {})
    assert answer.status_code == 202
    made = finished(open_archive, answer.json()["submission_id"])
    assert (made.state, made.name) == ("accepted", "Letters to Ada")
    assert paths_of(archivist, str(made.object_id)) == sorted(CONTENT)
    shown = archivist.get(f"objects/{made.object_id}").json()
    assert shown["title"] == "Letters to Ada"
    assert archivist.get("search?q=Ignace").json()["total"] == 1
    assert not DepositArea.of(open_archive.home, deposit).path.exists()
    assert archivist.get(f"deposits/{deposit}").json()["state"] == "done"


def test_a_packed_package_becomes_an_object(archivist: Caller, open_archive: OpenArchive) -> None:
    deposit = a_deposit(archivist, kind="sip")
    put(archivist, deposit, "letters.zip", a_zip())
    answer = archivist.send("POST", f"deposits/{deposit}/finalise", {})
    made = finished(open_archive, answer.json()["submission_id"])
    assert (made.state, made.form, made.name) == ("accepted", "zip", "letters.zip")
    assert paths_of(archivist, str(made.object_id)) == sorted(CONTENT)


def test_no_answer_names_a_path_of_the_server(archivist: Caller, open_archive: OpenArchive) -> None:
    deposit = a_deposit(archivist, title="x")
    said = put(archivist, deposit, "a.txt", b"a").content
    said += archivist.get(f"deposits/{deposit}").content
    said += archivist.send("POST", f"deposits/{deposit}/finalise", {}).content
    submission = archivist.get("submissions").json()["items"][0]
    assert submission["source_path"] == f"deposit:{deposit}/x"
    assert str(open_archive.home.path).encode() not in said
    made = finished(open_archive, submission["submission_id"])
    events = archivist.get(f"objects/{made.object_id}/events").content
    assert str(open_archive.home.path).encode() not in events


def test_the_same_bytes_give_the_same_digests_by_every_channel(
    archivist: Caller, open_archive: OpenArchive
) -> None:
    deposit = a_deposit(archivist)
    for name, data in CONTENT.items():
        put(archivist, deposit, name, data)
    first = archivist.send("POST", f"deposits/{deposit}/finalise", {}).json()["submission_id"]
    packed = a_zip()
    second = archivist.client.generic(
        "POST",
        "/api/v1/sips?pipeline=short",
        packed,
        "application/zip",
        headers={"repr-digest": sha256(packed)},
    ).json()["submission_id"]
    found = []
    for each in (first, second):
        made = finished(open_archive, each)
        files = archivist.get(f"objects/{made.object_id}/files").json()["items"]
        found.append(sorted((file["path"], str(file["digests"])) for file in files))
    assert found[0] == found[1]


def test_finalising_twice_gives_one_submission(archivist: Caller) -> None:
    deposit = a_deposit(archivist)
    put(archivist, deposit, "a.txt", b"a")
    answers = [archivist.send("POST", f"deposits/{deposit}/finalise", {}) for _ in range(2)]
    assert [each.status_code for each in answers] == [202, 202]
    assert answers[0].json()["submission_id"] == answers[1].json()["submission_id"]
    assert Submission.objects.count() == 1


def test_a_dry_run_first_keeps_the_deposit(archivist: Caller, open_archive: OpenArchive) -> None:
    deposit = a_deposit(archivist)
    put(archivist, deposit, "a.txt", b"a")
    tried = archivist.send("POST", f"deposits/{deposit}/finalise", {"dry_run": True}).json()
    assert finished(open_archive, tried["submission_id"]).state == "would_accept"
    assert archivist.get(f"deposits/{deposit}").json()["state"] == "open"
    done = archivist.send("POST", f"deposits/{deposit}/finalise", {}).json()
    assert finished(open_archive, done["submission_id"]).state == "accepted"


def test_a_file_that_is_not_whole_stops_the_finalising(archivist: Caller) -> None:
    listed = [{"path": "a.txt", "size": 1}, {"path": "b.txt", "size": 1}]
    deposit = a_deposit(archivist, expected_files=listed)
    put(archivist, deposit, "a.txt", b"a")
    answer = archivist.send("POST", f"deposits/{deposit}/finalise", {})
    assert answer.status_code == 409
    assert "b.txt" in answer.json()["detail"]
    assert put(archivist, deposit, "b.txt", b"b").status_code == 200
    assert archivist.send("POST", f"deposits/{deposit}/finalise", {}).status_code == 202


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [("other.txt", b"a", 422), ("a.txt", b"ab", 422), ("a.txt", b"b", 422), ("a.txt", b"a", 200)],
)
def test_what_is_not_on_the_list_is_refused(
    archivist: Caller, path: str, data: bytes, status: int
) -> None:
    digest = f"sha256:{hashlib.sha256(b'a').hexdigest()}"
    deposit = a_deposit(archivist, expected_files=[{"path": "a.txt", "size": 1, "digest": digest}])
    assert put(archivist, deposit, path, data).status_code == status


def test_an_empty_deposit_is_not_handed_in(archivist: Caller) -> None:
    for kind in ("files", "sip"):
        deposit = a_deposit(archivist, kind=kind)
        assert archivist.send("POST", f"deposits/{deposit}/finalise", {}).status_code == 409


def test_a_closed_deposit_takes_nothing_more(archivist: Caller) -> None:
    deposit = a_deposit(archivist)
    put(archivist, deposit, "a.txt", b"a")
    archivist.send("POST", f"deposits/{deposit}/finalise", {})
    assert put(archivist, deposit, "b.txt", b"b").status_code == 409
    assert archivist.send("DELETE", f"deposits/{deposit}/files/a.txt").status_code == 409
    assert archivist.send("DELETE", f"deposits/{deposit}").status_code == 409


def test_a_file_is_replaced_and_taken_back(archivist: Caller) -> None:
    deposit = a_deposit(archivist)
    assert put(archivist, deposit, "a.txt", b"first").status_code == 201
    again = put(archivist, deposit, "a.txt", b"second!")
    assert again.status_code == 200
    assert again.json()["digests"] == {"sha256": hashlib.sha256(b"second!").hexdigest()}
    row = Deposit.objects.get()
    assert (row.file_count, row.size_bytes) == (1, 7)
    assert archivist.send("DELETE", f"deposits/{deposit}/files/a.txt").status_code == 204
    assert archivist.get(f"deposits/{deposit}/files").json()["items"] == []
    row.refresh_from_db()
    assert (row.file_count, row.size_bytes) == (0, 0)


def test_a_deposit_is_deleted_with_its_bytes(archivist: Caller, open_archive: OpenArchive) -> None:
    deposit = a_deposit(archivist)
    put(archivist, deposit, "a.txt", b"a")
    assert archivist.send("DELETE", f"deposits/{deposit}").status_code == 204
    assert archivist.get(f"deposits/{deposit}").status_code == 404
    assert list(areas_of(open_archive.home).iterdir()) == []


def test_anothers_deposit_is_not_there(archivist: Caller, sign_in: SignIn) -> None:
    deposit = a_deposit(archivist)
    for role in (Role.DEPOSITOR, Role.ADMINISTRATOR):
        other = sign_in(role)
        assert other.get(f"deposits/{deposit}").status_code == 404
        assert put(other, deposit, "a.txt", b"a").status_code == 404
        assert other.send("POST", f"deposits/{deposit}/finalise", {}).status_code == 404
        assert other.get("deposits").json()["items"] == []


def test_a_token_with_the_scope_deposit_is_enough(
    sign_in: SignIn, open_archive: OpenArchive
) -> None:
    caller = sign_in(Role.DEPOSITOR, scopes=frozenset({"deposit"}))
    deposit = a_deposit(caller)
    assert put(caller, deposit, "a.txt", b"a").status_code == 201
    assert caller.send("POST", f"deposits/{deposit}/finalise", {}).status_code == 202


def test_files_come_by_a_form(archivist: Caller, open_archive: OpenArchive) -> None:
    deposit = a_deposit(archivist)
    answer = archivist.client.post(
        f"/api/v1/deposits/{deposit}/files",
        {
            "letters/a.txt": SimpleUploadedFile("other.txt", b"first"),
            "files": SimpleUploadedFile("b.txt", b"second"),
        },
    )
    assert answer.status_code == 201, answer.content
    assert [each["path"] for each in answer.json()] == ["letters/a.txt", "b.txt"]
    assert not list(areas_of(open_archive.home).glob("form-*"))
    done = archivist.send("POST", f"deposits/{deposit}/finalise", {})
    made = finished(open_archive, done.json()["submission_id"])
    assert paths_of(archivist, str(made.object_id)) == ["b.txt", "letters/a.txt"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"--x\r\n", "multipart/form-data; boundary=x", 201),
        (b"--x\r\n", "multipart/form-data", 400),
        (b"{}", "application/json", 415),
        (
            b"--x\r\nContent-Disposition: form-data; name=../a; filename=a\r\n\r\nx\r\n--x--\r\n",
            "multipart/form-data; boundary=x",
            422,
        ),
    ],
)
def test_a_wrong_form_is_told(archivist: Caller, body: bytes, kind: str, status: int) -> None:
    deposit = a_deposit(archivist)
    answer = archivist.client.generic("POST", f"/api/v1/deposits/{deposit}/files", body, kind)
    assert answer.status_code == status, answer.content


def test_a_whole_package_comes_in_one_request(archivist: Caller, open_archive: OpenArchive) -> None:
    answer = archivist.client.generic(
        "POST",
        "/api/v1/sips?pipeline=short&title=Letters",
        a_zip(),
        "application/zip",
        headers={"content-disposition": 'attachment; filename="letters.zip"'},
    )
    assert answer.status_code == 202, answer.content
    made = finished(open_archive, answer.json()["submission_id"])
    assert (made.state, made.name) == ("accepted", "letters.zip")


def test_a_whole_package_comes_by_a_form(archivist: Caller, open_archive: OpenArchive) -> None:
    answer = archivist.client.post(
        "/api/v1/sips",
        {
            "file": SimpleUploadedFile("letters.zip", a_zip()),
            "data": '{"pipeline": "short", "dry_run": true, "metadata": {"creator": "Ada"}}',
        },
    )
    assert answer.status_code == 202, answer.content
    assert finished(open_archive, answer.json()["submission_id"]).state == "would_accept"


@pytest.mark.parametrize(
    ("query", "headers", "status"),
    [
        ("?pipeline=none-such", {}, 404),
        ("?colour=red", {}, 422),
        ("", {"repr-digest": sha256(b"other")}, 422),
        ("", {"content-disposition": 'attachment; filename="../x.zip"'}, 422),
    ],
)
def test_a_package_that_fails_leaves_no_deposit(
    archivist: Caller, open_archive: OpenArchive, query: str, headers: dict[str, str], status: int
) -> None:
    answer = archivist.client.generic(
        "POST", f"/api/v1/sips{query}", a_zip(), "application/zip", headers=headers
    )
    assert answer.status_code == status, answer.content
    assert not Deposit.objects.exists()
    left = areas_of(open_archive.home)
    assert not left.exists() or list(left.iterdir()) == []


def test_deposits_and_files_are_listed_by_pages(archivist: Caller) -> None:
    deposits = [a_deposit(archivist) for _ in range(3)]
    for name in "abc":
        put(archivist, deposits[0], name, b"x")
    seen, address = [], "deposits?limit=2"
    while address:
        page = archivist.get(address).json()
        seen += [each["deposit_id"] for each in page["items"]]
        address = (page["next"] or "").partition("/api/v1/")[2]
    assert seen == deposits[::-1]
    page = archivist.get(f"deposits/{deposits[0]}/files?limit=2").json()
    rest = archivist.get(page["next"].partition("/api/v1/")[2]).json()
    assert [each["path"] for each in page["items"] + rest["items"]] == ["a", "b", "c"]
