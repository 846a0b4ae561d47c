"""Uploads through the real server: cut in the middle, killed, lied to, sent twice at once."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.archives import Archive, ArchiveTemplate
from tests.eventually import eventually
from tests.site.serving import Wire, a_token, heard
from tests.site.uploads import TUS, b64, sha256
from tests.web.browser import answers

pytestmark = [pytest.mark.database, pytest.mark.slow]
DATA = os.urandom(3 << 20)
HALF = len(DATA) // 2
BLOCK = {**TUS, "Content-Type": "application/offset+octet-stream"}


def serve(archive: Archive, port: int) -> subprocess.Popen[bytes]:
    process = archive.start("web", "--port", str(port), "--processes", "1", "--quiet")
    eventually(lambda: answers(f"http://127.0.0.1:{port}"), within_s=90)
    return process


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def site(
    archive_template: ArchiveTemplate, tmp_path_factory: pytest.TempPathFactory, port: int
) -> Iterator[tuple[Archive, dict[str, subprocess.Popen[bytes]]]]:
    """An archive and the process that serves it, which a test may replace."""
    archive = archive_template.copy(tmp_path_factory.mktemp("served") / "archive")
    process = {"web": serve(archive, port)}
    yield archive, process
    process["web"].terminate()
    process["web"].communicate(timeout=60)
    archive.remove()


@pytest.fixture(scope="module")
def wire(site: tuple[Archive, object], port: int) -> Wire:
    return Wire(f"http://127.0.0.1:{port}", a_token(site[0]))


@pytest.fixture
def deposit(wire: Wire) -> str:
    """The address of a new deposit's files."""
    made = wire.document("POST", "/api/v1/deposits", {"title": "x"})
    assert made.status == 201, made.body
    return str(made.json()["upload_url"])


def begun(wire: Wire, deposit: str, size: int = len(DATA)) -> str:
    said = {**TUS, "Upload-Length": size, "Upload-Metadata": f"path {b64(b'a.bin')}"}
    answer = wire.send("POST", deposit, headers=said)
    assert answer.status == 201, answer.body
    return answer.headers["location"]


def offset(wire: Wire, address: str) -> int:
    answer = wire.send("HEAD", address, headers=TUS)
    assert answer.status == 200
    return int(answer.headers["upload-offset"])


def rest(wire: Wire, address: str, at: int) -> int:
    """Send what lacks; return the status."""
    return wire.send("PATCH", address, DATA[at:], {**BLOCK, "Upload-Offset": at}).status


def is_whole(wire: Wire, deposit: str) -> bool:
    (item,) = wire.send("GET", deposit).json()["items"]
    return bool(item["digests"] == {"sha256": hashlib.sha256(DATA).hexdigest()})


def test_an_upload_that_is_cut_three_times_arrives_whole(wire: Wire, deposit: str) -> None:
    address, at = begun(wire, deposit), 0
    for _ in range(3):
        sent = DATA[at : at + len(DATA) // 4]
        said = {**BLOCK, "Upload-Offset": at, "Content-Length": len(DATA) - at}
        wire.cut("PATCH", address, sent, said)
        eventually(lambda: rest_is_free(wire, address), within_s=30)
        now = offset(wire, address)
        assert at <= now <= at + len(sent)
        at = now
    # A block that was cut may still be taken after the other writer seemed gone.
    eventually(lambda: rest(wire, address, offset(wire, address)) == 204, within_s=30)
    assert is_whole(wire, deposit)


def rest_is_free(wire: Wire, address: str) -> bool:
    """Say whether the server has seen that the other writer is gone."""
    said = {**BLOCK, "Upload-Offset": 10**15}
    return wire.send("PATCH", address, b"", said).status == 409


def test_a_put_that_is_cut_goes_on_where_it_was(wire: Wire, deposit: str) -> None:
    address = f"{deposit}/a.bin"
    wire.cut("PUT", address, DATA[:HALF], {"Content-Length": len(DATA)})
    eventually(lambda: rest_is_free(wire, address), within_s=30)
    assert offset(wire, address) > 0
    eventually(lambda: rest(wire, address, offset(wire, address)) == 204, within_s=30)
    assert is_whole(wire, deposit)


def test_what_had_come_survives_the_end_of_the_server(
    wire: Wire,
    deposit: str,
    site: tuple[Archive, dict[str, subprocess.Popen[bytes]]],
    port: int,
) -> None:
    archive, process = site
    address = begun(wire, deposit)
    said = {**BLOCK, "Upload-Offset": 0, "Content-Length": len(DATA)}
    sending = wire.opened("PATCH", address, said)
    sending.sendall(DATA[:HALF])
    eventually(lambda: offset(wire, address) > 0, within_s=30)
    for each in [*psutil.Process(process["web"].pid).children(recursive=True)]:
        each.send_signal(signal.SIGKILL)
    process["web"].kill()
    process["web"].communicate()
    sending.close()
    process["web"] = serve(archive, port)
    at = offset(wire, address)
    assert 0 < at <= HALF
    assert rest(wire, address, at) == 204
    assert is_whole(wire, deposit)


def test_of_two_writers_at_once_one_is_refused(wire: Wire, deposit: str) -> None:
    address = begun(wire, deposit)
    said = {**BLOCK, "Upload-Offset": 0, "Content-Length": len(DATA), "Connection": "close"}
    with wire.opened("PATCH", address, said) as first:
        first.sendall(DATA[:HALF])
        eventually(lambda: offset(wire, address) > 0, within_s=30)
        assert wire.send("PATCH", address, b"other", {**BLOCK, "Upload-Offset": 0}).status == 423
        first.sendall(DATA[HALF:])
        assert heard(first).status == 204
    assert is_whole(wire, deposit)


def test_many_writers_of_one_new_file_leave_one_of_them(wire: Wire, deposit: str) -> None:
    bodies = [bytes([number]) * 50_000 for number in range(6)]
    statuses: list[int] = []

    def send(body: bytes) -> None:
        statuses.append(wire.send("PUT", f"{deposit}/a.bin", body).status)

    threads = [threading.Thread(target=send, args=(body,)) for body in bodies]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert set(statuses) <= {200, 201, 409, 423}
    (item,) = wire.send("GET", deposit).json()["items"]
    assert item["digests"]["sha256"] in {hashlib.sha256(body).hexdigest() for body in bodies}


@pytest.mark.parametrize("length", ["99999999999999999999999", "-1", "x", "1, 2"])
def test_a_length_that_is_none_is_refused(wire: Wire, deposit: str, length: str) -> None:
    with wire.opened("PUT", f"{deposit}/a.bin", {"Content-Length": length}) as sending:
        sending.sendall(b"x")
        assert heard(sending).status == 400


def test_a_length_that_no_disk_holds_is_told_before_a_byte_is_read(
    wire: Wire, deposit: str
) -> None:
    said = {"Content-Length": 1 << 60, "Connection": "close"}
    with wire.opened("PUT", f"{deposit}/a.bin", said) as sending:
        assert heard(sending).status == 507


def test_chunks_without_a_length_are_refused(wire: Wire, deposit: str) -> None:
    said = {"Transfer-Encoding": "chunked", "Connection": "close"}
    with wire.opened("PUT", f"{deposit}/a.bin", said) as sending:
        sending.sendall(b"1\r\nx\r\n0\r\n\r\n")
        assert heard(sending).status == 411


def test_a_block_in_chunks_ends_where_it_ends(wire: Wire, deposit: str) -> None:
    address = begun(wire, deposit, 5)
    said = {**BLOCK, "Upload-Offset": 0, "Transfer-Encoding": "chunked", "Connection": "close"}
    with wire.opened("PATCH", address, said) as sending:
        sending.sendall(b"3\r\nabc\r\n0\r\n\r\n")
        assert heard(sending).headers["upload-offset"] == "3"
    with wire.opened("PATCH", address, {**said, "Upload-Offset": 3}) as sending:
        sending.sendall(b"4\r\ndefg\r\n0\r\n\r\n")
        assert heard(sending).status == 413
    assert offset(wire, address) == 3


def test_a_verified_block_that_is_cut_is_not_kept(wire: Wire, deposit: str) -> None:
    address = begun(wire, deposit)
    digest = hashlib.sha256(DATA[10:]).digest()
    assert wire.send("PATCH", address, DATA[:10], {**BLOCK, "Upload-Offset": 0}).status == 204
    said = {
        **BLOCK,
        "Upload-Offset": 10,
        "Content-Length": len(DATA) - 10,
        "Upload-Checksum": f"sha256 {b64(digest)}",
    }
    wire.cut("PATCH", address, DATA[10:HALF], said)
    eventually(lambda: rest_is_free(wire, address), within_s=30)
    assert offset(wire, address) == 10


@pytest.mark.parametrize("name", [b"%FF%FE.bin", b"%25FF.bin", b"r%C3%A9ponse.bin", b"a%0Ab"])
def test_a_name_keeps_its_bytes_on_the_wire(wire: Wire, deposit: str, name: bytes) -> None:
    shown = wire.send("PUT", f"{deposit}/{name.decode()}", b"x").json()
    assert shown["url"] == f"{deposit}/{name.decode()}"
    assert offset(wire, shown["url"]) == 1


def test_an_empty_file_arrives(wire: Wire, deposit: str) -> None:
    assert wire.send("PUT", f"{deposit}/empty.txt").status == 201


def test_a_form_that_is_cut_keeps_nothing(
    wire: Wire, deposit: str, site: tuple[Archive, object]
) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=x", "Content-Length": len(DATA)}
    wire.cut("POST", deposit, head + DATA[:HALF], kind)
    areas = site[0].home / "work" / "deposits"
    eventually(lambda: not list(areas.glob("form-*")), within_s=30)
    assert wire.send("GET", deposit).json()["items"] == []


def test_a_package_in_one_request_is_accepted(
    wire: Wire, site: tuple[Archive, object], tmp_path: Path
) -> None:
    answer = wire.send(
        "POST",
        "/api/v1/sips?title=Noise",
        DATA,
        {
            "Repr-Digest": sha256(DATA),
            "Content-Disposition": 'attachment; filename="noise.bin"',
            "Content-Type": "application/octet-stream",
        },
    )
    assert answer.status == 202, answer.body
    assert site[0].run("worker", "--once").code == 0
    shown = wire.send("GET", answer.headers["location"]).json()
    assert shown["verdict"] == "accepted", shown
