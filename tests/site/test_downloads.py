"""Bytes of files over HTTP: the whole, a part, and what hostile headers get."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from muniment.catalogue.models import File
from muniment.runtime.actor import Role
from muniment.work import outbox
from tests.ingest.open_archive import OpenArchive
from tests.ingest.packages import a_folder
from tests.site.conftest import Caller, SignIn

pytestmark = pytest.mark.slow

CONTENT = bytes(range(256)) * 9000
"""More than two blocks."""


@pytest.fixture
def address(open_archive: OpenArchive, archivist: Caller, tmp_path: Path) -> str:
    """Where the content of the one file of an object is."""
    package = a_folder(tmp_path / "disk", {'im"age\n.bin': CONTENT})
    open_archive.hand_in(package, archivist.user.actor)
    outbox.drain()
    return f"files/{File.objects.get().file_id}/content"


def body(answer: Any) -> bytes:  # noqa: ANN401  # Django's test response
    return b"".join(answer) if answer.streaming else answer.content


def test_a_file_comes_whole_with_its_digest(archivist: Caller, address: str) -> None:
    answer = archivist.get(address)
    digest = hashlib.sha512(CONTENT)
    assert answer.status_code == 200
    assert body(answer) == CONTENT
    assert answer["ETag"] == f'"{digest.hexdigest()}"'
    assert answer["Repr-Digest"] == f"sha-512=:{base64.b64encode(digest.digest()).decode()}:"
    assert answer["Content-Length"] == str(len(CONTENT))
    assert answer["Accept-Ranges"] == "bytes"
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith('attachment; filename="im_age_.bin"')


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=1048570-1048590", 1048570, 1048590),
        ("bytes=100-", 100, len(CONTENT) - 1),
        ("bytes=-7", len(CONTENT) - 7, len(CONTENT) - 1),
    ],
)
def test_a_range_comes_as_that_part(
    archivist: Caller, address: str, header: str, first: int, last: int
) -> None:
    answer = archivist.get(address, range=header)
    assert answer.status_code == 206
    assert answer["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"
    assert answer["Content-Length"] == str(last - first + 1)
    assert body(answer) == CONTENT[first : last + 1]


def test_a_range_outside_is_a_problem_that_tells_the_size(archivist: Caller, address: str) -> None:
    answer = archivist.get(address, range=f"bytes={len(CONTENT)}-")
    assert answer.status_code == 416
    assert answer["Content-Range"] == f"bytes */{len(CONTENT)}"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "range-not-satisfiable"


@pytest.mark.parametrize(
    "header", ["bytes=0-1,5-6", "bytes=0-" + ",0-" * 1000, "bytes=9-1", "lines=0-1", "x" * 8000]
)
def test_other_ranges_get_the_whole(archivist: Caller, address: str, header: str) -> None:
    answer = archivist.get(address, range=header)
    assert answer.status_code == 200
    assert body(answer) == CONTENT


def test_if_range_gives_a_part_of_these_very_bytes_only(archivist: Caller, address: str) -> None:
    etag = archivist.send("HEAD", address)["ETag"]
    same = archivist.get(address, **{"range": "bytes=0-9", "if-range": etag})
    assert same.status_code == 206
    assert body(same) == CONTENT[:10]
    for other in ('"0"', f"W/{etag}", "Sat, 29 Oct 1994 19:43:31 GMT", "\u2603"):
        whole = archivist.get(address, **{"range": "bytes=0-9", "if-range": other})
        assert whole.status_code == 200
        assert body(whole) == CONTENT


def test_known_bytes_are_not_sent_again(archivist: Caller, address: str) -> None:
    etag = archivist.send("HEAD", address)["ETag"]
    answer = archivist.get(address, **{"if-none-match": f'"x", {etag}'})
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)


def test_if_match_of_other_bytes_fails(archivist: Caller, address: str) -> None:
    assert archivist.get(address, **{"if-match": '"x"'}).status_code == 412


def test_head_tells_all_and_sends_nothing(archivist: Caller, address: str) -> None:
    answer = archivist.send("HEAD", address, range="bytes=0-9")
    assert answer.status_code == 200
    assert answer["Content-Length"] == str(len(CONTENT))
    assert answer["Accept-Ranges"] == "bytes"
    assert answer.content == b""


def test_any_form_is_accepted(archivist: Caller, address: str) -> None:
    answer = archivist.get(address, accept="image/png")
    assert answer.status_code == 200
    assert body(answer) == CONTENT


def test_what_is_shorter_than_it_was_sealed_is_not_given_out(
    archivist: Caller, address: str, open_archive: OpenArchive
) -> None:
    for stored in _stored(open_archive):
        stored.chmod(0o644)
        stored.write_bytes(CONTENT[:10])
    answer = archivist.get(address)
    assert answer.status_code == 500
    assert answer.json()["code"] == "corrupt-object"


def _stored(open_archive: OpenArchive) -> Iterator[Path]:
    roots = open_archive.home.storage_root.rglob("*.bin")
    return (path for path in roots if path.is_file())


def test_who_may_not_download_may_not(sign_in: SignIn, address: str) -> None:
    for role, scopes in ((Role.READER, {"download"}), (Role.AUDITOR, {"read"})):
        caller = sign_in(role, scopes=frozenset(scopes))
        assert caller.get(address).status_code in {403, 404}


def test_a_file_is_shown_with_its_object(archivist: Caller, address: str) -> None:
    shown = archivist.get(address.removesuffix("/content")).json()
    assert shown["size_bytes"] == len(CONTENT)
    assert shown["object_id"] == str(File.objects.get().entity.object_id)


def test_each_range_asks_anew_who_may_read(archivist: Caller, address: str) -> None:
    assert body(archivist.get(address, range="bytes=0-9")) == CONTENT[:10]
    archivist.user.groups.clear()
    assert archivist.get(address, range="bytes=10-19").status_code in {403, 404}


def test_a_range_costs_three_questions(
    archivist: Caller,
    address: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    body(archivist.get(address, range="bytes=0-9"))  # notes once a minute that the token is used
    with django_assert_max_num_queries(3):
        body(archivist.get(address, range="bytes=10-19"))


def test_ranges_see_the_bytes_that_are_there_now(
    archivist: Caller, address: str, open_archive: OpenArchive
) -> None:
    assert body(archivist.get(address, range="bytes=0-9")) == CONTENT[:10]
    for stored in _stored(open_archive):
        stored.unlink()
    answer = archivist.get(address, range="bytes=10-19")
    assert (answer.status_code, answer.json()["code"]) == (500, "corrupt-object")


@pytest.mark.parametrize("role", [Role.ARCHIVIST, Role.ADMINISTRATOR])
def test_a_token_for_downloads_alone_downloads_and_reads_nothing(
    role: Role, address: str, sign_in: SignIn
) -> None:
    caller = sign_in(role, scopes=frozenset({"download"}), name="downloader")
    assert body(caller.get(address)) == CONTENT
    assert caller.get(address.removesuffix("/content")).status_code == 403
    assert caller.get("objects").status_code == 403


def test_a_token_for_downloads_alone_opens_no_more_than_its_owner_may(
    address: str, sign_in: SignIn
) -> None:
    reader = sign_in(Role.READER, scopes=frozenset({"download"}))
    other = sign_in(Role.DEPOSITOR, scopes=frozenset({"download"}))
    assert [each.get(address).status_code for each in (reader, other)] == [404, 404]
