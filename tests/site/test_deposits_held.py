"""Names, digests and limits of deposits: what is refused, and what is kept to the byte."""

from __future__ import annotations

import hashlib

import pytest

from muniment.ingest.models import Deposit
from muniment.runtime.actor import Role
from muniment.runtime.settings import settings
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import Caller, SignIn
from tests.site.test_deposits_api import finished, paths_of
from tests.site.uploads import a_deposit, as_served, put, sha256

pytestmark = pytest.mark.slow

HOSTILE = [
    "../a.txt",
    "x/../../a.txt",
    "%2e%2e/a.txt",
    "/etc/passwd",
    "%2Fetc/passwd",
    "C:/x",
    "x%5C..%5Cy",
    "./",
    "a" * 256,
    "/".join(["a" * 250] * 14),
    "d/" * 257 + "a",
]


@pytest.mark.parametrize("path", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_path_is_refused_and_leaves_nothing(
    archivist: Caller, open_archive: OpenArchive, path: str
) -> None:
    deposit = a_deposit(archivist)
    before = sorted(open_archive.home.path.rglob("*"))
    answer = put(archivist, deposit, path, b"x")
    assert answer.status_code == 422, answer.content
    assert "path-" in answer.json()["detail"]
    assert sorted(open_archive.home.path.rglob("*")) == before


def test_a_path_with_nul_is_not_understood(archivist: Caller) -> None:
    assert put(archivist, a_deposit(archivist), "a%00b", b"x").status_code == 400


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("%FF%FE.txt", "%FF%FE.txt"),
        ("%25FF.txt", "%25FF.txt"),
        ("r%C3%A9ponse.txt", "réponse.txt"),
        ("a%0Ab.txt", "a\nb.txt"),
        ("a%3Fb%23c.txt", "a?b#c.txt"),
        (".//x/./y.txt", "x/y.txt"),
        ("a" * 255, "a" * 255),
    ],
)
def test_the_bytes_of_a_name_are_kept(
    archivist: Caller, open_archive: OpenArchive, path: str, name: str
) -> None:
    deposit = a_deposit(archivist)
    shown = put(archivist, deposit, path, b"x").json()
    assert shown["path"] == name
    assert archivist.client.head(shown["url"], **as_served(shown["url"])).status_code == 200
    answer = archivist.send("POST", f"deposits/{deposit}/finalise", {})
    made = finished(open_archive, answer.json()["submission_id"])
    assert paths_of(archivist, str(made.object_id)) == [name]


def test_twins_are_flagged_not_refused(archivist: Caller, open_archive: OpenArchive) -> None:
    deposit = a_deposit(archivist)
    for name in ("Letter.txt", "letter.txt"):
        assert put(archivist, deposit, name, b"x").status_code == 201
    answer = archivist.send("POST", f"deposits/{deposit}/finalise", {})
    made = finished(open_archive, answer.json()["submission_id"])
    assert (made.state, made.warning_count) == ("accepted", 1)


@pytest.mark.parametrize(("first", "second"), [("a", "a/b"), ("a/b", "a")])
def test_no_file_is_where_a_folder_is(archivist: Caller, first: str, second: str) -> None:
    deposit = a_deposit(archivist)
    put(archivist, deposit, first, b"x")
    assert put(archivist, deposit, second, b"x").status_code == 409


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"repr-digest": sha256(b"other")}, 422, "digest-mismatch"),
        ({"content-digest": sha256(b"other")}, 422, "digest-mismatch"),
        ({"x-checksum-sha256": "0" * 64}, 422, "digest-mismatch"),
        ({"x-checksum-sha256": "xyz"}, 400, "invalid-request"),
        ({"repr-digest": "sha-256=:AAAA:"}, 400, "invalid-request"),
        ({"repr-digest": "sha-256"}, 400, "invalid-request"),
        ({"content-encoding": "gzip"}, 415, "unsupported-media-type"),
    ],
)
def test_a_wrong_digest_keeps_nothing(
    archivist: Caller, headers: dict[str, str], status: int, code: str
) -> None:
    deposit = a_deposit(archivist)
    answer = put(archivist, deposit, "a.txt", b"data", **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert archivist.send("POST", f"deposits/{deposit}/finalise", {}).status_code == 409


@pytest.mark.parametrize("algorithm", ["sha-256", "sha-512", "unixsum"])
def test_a_right_or_unknown_digest_is_fine(archivist: Caller, algorithm: str) -> None:
    import base64

    made = hashlib.sha512 if algorithm == "sha-512" else hashlib.sha256
    digest = base64.b64encode(made(b"data").digest()).decode()
    deposit = a_deposit(archivist)
    headers = {"repr-digest": f"{algorithm}=:{digest}:"}
    assert put(archivist, deposit, "a.txt", b"data", **headers).status_code == 201


def test_a_body_without_a_length_is_refused(archivist: Caller) -> None:
    deposit = a_deposit(archivist)
    answer = archivist.client.generic(
        "PUT", f"/api/v1/deposits/{deposit}/files/a.txt", b"x", CONTENT_LENGTH=""
    )
    assert (answer.status_code, answer.json()["code"]) == (411, "length-required")


def test_the_quota_of_a_person_is_kept(
    archivist: Caller, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMENT_DEPOSIT_QUOTA_BYTES", "10")
    settings.cache_clear()
    deposit = a_deposit(archivist)
    assert put(archivist, deposit, "a.txt", b"123456").status_code == 201
    answer = put(archivist, a_deposit(archivist), "b.txt", b"12345")
    assert (answer.status_code, answer.json()["code"]) == (507, "no-space")
    other = sign_in(Role.DEPOSITOR)
    assert put(other, a_deposit(other), "b.txt", b"12345").status_code == 201
    settings.cache_clear()


def test_the_reserve_of_the_disk_is_kept(
    archivist: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUNIMENT_DISK_RESERVE_BYTES", str(1 << 60))
    settings.cache_clear()
    answer = put(archivist, a_deposit(archivist), "a.txt", b"x")
    assert answer.status_code == 507
    settings.cache_clear()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "folder"}, "/kind"),
        ({"titel": "x"}, "/titel"),
        ({"title": ["x"]}, "/title"),
        ({"expected_files": [{"path": "a"}]}, "/expected_files/0/size"),
        ({"expected_files": [{"path": "a", "size": -1}]}, "/expected_files/0/size"),
        ({"expected_files": [{"path": "a", "size": 1, "digest": "sha256:00"}]}, "digest"),
        ({"metadata": {"creator": 7}}, "/metadata/creator"),
    ],
)
def test_a_wrong_body_is_told(archivist: Caller, body: object, pointer: str) -> None:
    answer = archivist.send("POST", "deposits", body)
    assert answer.status_code == 422
    assert any(pointer in each["pointer"] for each in answer.json()["findings"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"metadata": {"colour": "red"}}, 422),
        ({"source": "museum"}, 422),
        ({"pipeline": "none-such"}, 404),
        ({"expected_files": [{"path": "../a", "size": 1}]}, 422),
        ({"expected_files": [{"path": "a", "size": 1}, {"path": "./a", "size": 1}]}, 422),
    ],
)
def test_what_cannot_be_kept_makes_no_deposit(archivist: Caller, body: object, status: int) -> None:
    assert archivist.send("POST", "deposits", body).status_code == status
    assert not Deposit.objects.exists()
