"""Uploads in pieces by tus 1.0.0: the offset is what is on the disk."""

from __future__ import annotations

import base64
import hashlib
import io
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rest_framework.exceptions import ParseError

from muniment.ingest.deposit_area import DepositArea, areas_of
from muniment.ingest.models import DepositFile
from muniment.runtime.http import tus
from muniment.runtime.http.digest_fields import announced_digests
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import Caller
from tests.site.uploads import TUS, a_deposit, b64, begin, offset, patch, put, sha256

pytestmark = pytest.mark.slow

DATA = b"Dear Ada, the ship leaves at noon.\n"


@pytest.fixture
def deposit(archivist: Caller) -> str:
    return a_deposit(archivist)


@pytest.fixture
def address(archivist: Caller, deposit: str) -> str:
    """The address of a file that was begun."""
    answer = begin(archivist, deposit, b"letters/a.txt", len(DATA))
    assert answer.status_code == 201
    assert answer["Tus-Resumable"] == "1.0.0"
    return str(answer["Location"])


def checksum(data: bytes, algorithm: str = "sha256") -> str:
    return f"{algorithm} {b64(hashlib.new(algorithm, data).digest())}"


def test_a_file_comes_in_pieces(archivist: Caller, address: str) -> None:
    for at in range(0, len(DATA), 10):
        answer = patch(archivist, address, at, DATA[at : at + 10])
        assert answer.status_code == 204
        assert int(answer["Upload-Offset"]) == min(at + 10, len(DATA))
    file = DepositFile.objects.get()
    assert file.is_complete
    assert file.sha256 == hashlib.sha256(DATA).hexdigest()


def test_what_is_spoken_is_told(archivist: Caller, deposit: str) -> None:
    answer = archivist.client.options(f"/api/v1/deposits/{deposit}/files")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "checksum", "termination"}


def test_an_answer_to_head_is_never_cached(archivist: Caller, address: str) -> None:
    answer = archivist.client.head(address, headers=TUS)
    assert answer["Cache-Control"] == "no-store"
    assert answer["Upload-Length"] == str(len(DATA))


@pytest.mark.parametrize("at", [1, 7, len(DATA), len(DATA) + 1, 10**17])
def test_a_wrong_offset_changes_nothing(archivist: Caller, address: str, at: int) -> None:
    patch(archivist, address, 0, DATA[:5])
    answer = patch(archivist, address, at, b"x")
    assert answer.status_code == 409
    assert answer["Tus-Resumable"] == "1.0.0"
    assert offset(archivist, address) == 5


@pytest.mark.parametrize("at", ["", "-1", "1.5", "0x1", "٣", "1e3", "9" * 19, " 1"])
def test_what_is_no_offset_is_not_understood(archivist: Caller, address: str, at: str) -> None:
    answer = archivist.client.generic(
        "PATCH",
        address,
        b"x",
        "application/offset+octet-stream",
        headers={**TUS, "upload-offset": at},
    )
    assert answer.status_code == 400
    assert offset(archivist, address) == 0


@pytest.mark.parametrize("size", ["", "-1", "many", "9" * 19, "1 2"])
def test_what_is_no_length_is_not_understood(archivist: Caller, deposit: str, size: str) -> None:
    headers = {**TUS, "upload-length": size, "upload-metadata": f"path {b64(b'a')}"}
    answer = archivist.client.generic("POST", f"/api/v1/deposits/{deposit}/files", headers=headers)
    assert answer.status_code == 400


def test_a_huge_length_is_no_space(archivist: Caller, deposit: str) -> None:
    answer = begin(archivist, deposit, b"a", 10**18 - 1)
    assert answer.status_code == 507
    assert not DepositFile.objects.exists()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"tus-resumable": "0.2.2"}, 412),
        ({"tus-resumable": ""}, 412),
        ({"upload-checksum": "crc32 AAAA"}, 400),
        ({"upload-checksum": "sha256 AAAA"}, 400),
        ({"upload-checksum": "sha256"}, 400),
        ({"upload-checksum": checksum(b"other")}, 460),
    ],
)
def test_a_wrong_header_keeps_nothing(
    archivist: Caller, address: str, headers: dict[str, str], status: int
) -> None:
    answer = patch(archivist, address, 0, DATA[:5], **headers)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert offset(archivist, address) == 0


def test_another_type_of_body_is_refused(archivist: Caller, address: str) -> None:
    answer = archivist.client.generic(
        "PATCH", address, DATA, "application/json", headers={**TUS, "upload-offset": "0"}
    )
    assert answer.status_code == 415


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_a_right_checksum_keeps_the_bytes(archivist: Caller, address: str, algorithm: str) -> None:
    headers = {"upload-checksum": checksum(DATA[:5], algorithm)}
    assert patch(archivist, address, 0, DATA[:5], **headers).status_code == 204
    assert patch(archivist, address, 5, b"x", **headers).status_code == 460
    assert offset(archivist, address) == 5


def test_more_bytes_than_announced_are_refused(archivist: Caller, address: str) -> None:
    assert patch(archivist, address, 0, DATA[:5]).status_code == 204
    assert patch(archivist, address, 5, DATA[5:] + b"x").status_code == 413
    assert offset(archivist, address) == 5
    assert patch(archivist, address, 5, DATA[5:]).status_code == 204


def test_a_whole_file_takes_no_more(archivist: Caller, address: str) -> None:
    patch(archivist, address, 0, DATA)
    assert patch(archivist, address, len(DATA), b"").status_code == 409
    assert offset(archivist, address) == len(DATA)


def test_an_empty_file_is_whole_at_once(archivist: Caller, deposit: str) -> None:
    begin(archivist, deposit, b"empty.txt", 0)
    assert DepositFile.objects.get().is_complete


def test_an_announced_digest_of_the_whole_is_held(archivist: Caller, deposit: str) -> None:
    answer = begin(archivist, deposit, b"a", 2, **{"repr-digest": sha256(b"ab")})
    assert patch(archivist, answer["Location"], 0, b"a").status_code == 204
    assert patch(archivist, answer["Location"], 1, b"x").status_code == 422
    assert offset(archivist, answer["Location"]) == 0
    assert patch(archivist, answer["Location"], 0, b"ab").status_code == 204


def test_an_upload_is_given_up(archivist: Caller, address: str, open_archive: OpenArchive) -> None:
    patch(archivist, address, 0, DATA[:5])
    assert archivist.client.delete(address, headers=TUS).status_code == 204
    assert archivist.client.head(address, headers=TUS).status_code == 404
    assert patch(archivist, address, 5, DATA[5:]).status_code == 404
    assert not [each for each in areas_of(open_archive.home).rglob("*") if each.is_file()]


def test_a_file_that_is_begun_again_begins_at_nothing(
    archivist: Caller, deposit: str, address: str
) -> None:
    patch(archivist, address, 0, DATA[:5])
    begin(archivist, deposit, b"letters/a.txt", 3)
    assert offset(archivist, address) == 0
    assert DepositFile.objects.get().size_bytes == 3


def test_a_put_that_was_cut_goes_on_by_patch(
    archivist: Caller, deposit: str, open_archive: OpenArchive
) -> None:
    answer = archivist.client.generic(
        "PUT",
        f"/api/v1/deposits/{deposit}/files/a.txt",
        DATA[:9],
        "application/octet-stream",
        CONTENT_LENGTH=str(len(DATA)),
        **as_cut(DATA[:9]),
    )
    assert answer.status_code == 400
    address = f"/api/v1/deposits/{deposit}/files/a.txt"
    assert offset(archivist, address) == 9
    assert patch(archivist, address, 9, DATA[9:]).status_code == 204
    assert DepositFile.objects.get().sha256 == hashlib.sha256(DATA).hexdigest()


def as_cut(data: bytes) -> dict[str, Any]:
    """Return what makes a body end early, as a server gives one whose sender went away."""
    return {"wsgi.input": io.BytesIO(data)}


def test_a_block_that_was_to_be_verified_and_was_cut_is_not_kept(
    archivist: Caller, address: str
) -> None:
    patch(archivist, address, 0, DATA[:5])
    answer = archivist.client.generic(
        "PATCH",
        address,
        b"",
        "application/offset+octet-stream",
        headers={**TUS, "upload-offset": "5", "upload-checksum": checksum(DATA[5:])},
        CONTENT_LENGTH=str(len(DATA) - 5),
        CONTENT_TYPE="application/offset+octet-stream",
        **as_cut(DATA[5:9]),
    )
    assert answer.status_code == 460
    assert offset(archivist, address) == 5


def test_two_writers_of_one_file_are_one_too_many(
    archivist: Caller, deposit: str, address: str, open_archive: OpenArchive
) -> None:
    part = DepositArea.of(open_archive.home, deposit).part(DepositFile.objects.get().pk)
    with part.opened():
        answer = patch(archivist, address, 0, DATA)
        assert (answer.status_code, answer.json()["code"]) == (423, "locked")
        assert put(archivist, deposit, "letters/a.txt", DATA).status_code == 423
        assert archivist.client.delete(address, headers=TUS).status_code == 423
    assert patch(archivist, address, 0, DATA).status_code == 204


def test_who_finalises_is_alone(archivist: Caller, deposit: str, open_archive: OpenArchive) -> None:
    put(archivist, deposit, "a.txt", b"a")
    with DepositArea.of(open_archive.home, deposit).held():
        assert archivist.send("POST", f"deposits/{deposit}/finalise", {}).status_code == 423
        assert archivist.send("DELETE", f"deposits/{deposit}").status_code == 423
    assert archivist.send("POST", f"deposits/{deposit}/finalise", {}).status_code == 202


@pytest.mark.parametrize(
    "said", ["", "path", "path !", "path YQ==,path YQ==", "name YQ==", f"path {b64(b'../a')}"]
)
def test_wrong_metadata_begins_nothing(archivist: Caller, deposit: str, said: str) -> None:
    headers = {**TUS, "upload-length": "1", "upload-metadata": said}
    answer = archivist.client.generic("POST", f"/api/v1/deposits/{deposit}/files", headers=headers)
    assert answer.status_code in {400, 422}
    assert not DepositFile.objects.exists()


@given(st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), st.binary(max_size=40)))
def test_metadata_comes_back_as_it_was_said(said: dict[str, bytes]) -> None:
    header = ",".join(f"{key} {b64(value)}" for key, value in said.items())
    assert tus.metadata({"Upload-Metadata": header}) == said


@given(st.text(max_size=60))
def test_any_header_is_read_or_refused(text: str) -> None:
    readers: list[Any] = [
        lambda: tus.metadata({"Upload-Metadata": text}),
        lambda: tus.checksum({"Upload-Checksum": text}),
        lambda: tus.number({"Upload-Offset": text}, "Upload-Offset"),
        lambda: announced_digests({"Repr-Digest": text}),
        lambda: announced_digests({"X-Checksum-Sha256": text}),
    ]
    for read in readers:
        with suppress(ParseError):
            read()


@given(st.binary(max_size=100), st.sampled_from(["sha-256", "sha-512"]))
def test_a_digest_comes_back_as_hex(data: bytes, algorithm: str) -> None:
    name = algorithm.replace("-", "")
    digest = hashlib.new(name, data)
    header = f"unknown=:AAAA:, {algorithm}=:{base64.b64encode(digest.digest()).decode()}:"
    assert announced_digests({"Content-Digest": header}) == {name: digest.hexdigest()}


def test_two_headers_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ParseError):
        announced_digests({"Content-Digest": sha256(b"a"), "Repr-Digest": sha256(b"b")})


@hypothesis_settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 20)), max_size=8))
def test_whatever_order_blocks_come_in_the_bytes_are_those_in_order(
    archivist: Caller, deposit: str, blocks: list[tuple[int, int]]
) -> None:
    address = str(begin(archivist, deposit, b"any.txt", len(DATA))["Location"])
    here = 0
    for at, size in blocks:
        answer = patch(archivist, address, at, DATA[at : at + size])
        is_next = at == here and here < len(DATA)
        assert (answer.status_code == 204) is is_next
        here += len(DATA[at : at + size]) if is_next else 0
        assert offset(archivist, address) == here
    if here < len(DATA):
        assert patch(archivist, address, here, DATA[here:]).status_code == 204
    assert DepositFile.objects.get().sha256 == hashlib.sha256(DATA).hexdigest()


def test_the_bytes_lie_in_the_work_area_alone(
    archivist: Caller, address: str, open_archive: OpenArchive
) -> None:
    patch(archivist, address, 0, DATA[:5])
    files = [each for each in open_archive.home.path.rglob("*") if each.is_file()]
    holding = [each for each in files if DATA[:5] in each.read_bytes()]
    assert [Path(each).is_relative_to(areas_of(open_archive.home)) for each in holding] == [True]
