"""Uploads by the typed client through the real server: cut off, gone on with, whole in the end."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from muniment.client import Client, upload_file, upload_folder
from muniment.client.forms import form_of
from muniment.client.uploads import FORM_FILES
from muniment.runtime.errors import DigestMismatch, InvalidArgument, ObjectMissing
from tests.archives import Archive, ArchiveTemplate
from tests.client.cutting_proxy import CuttingProxy, cutting_proxy
from tests.eventually import eventually
from tests.site.serving import Wire, a_token, heard
from tests.web.browser import answers

pytestmark = [pytest.mark.database, pytest.mark.slow]
IDLE_S = 2
# 10,000 were measured by hand: each is written durably, which takes minutes on a busy disk.
MANY = 1_000


@pytest.fixture(scope="module")
def site(
    archive_template: ArchiveTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Archive, Wire]]:
    """A served archive that waits two seconds for bytes, and somebody with a token."""
    archive = archive_template.copy(tmp_path_factory.mktemp("uploads") / "archive")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = archive.start(
        *("web", "--port", str(port), "--processes", "1", "--quiet"),
        MUNIMENT_BODY_IDLE_S=str(IDLE_S),
        MUNIMENT_RATE_LIMIT="0",
    )
    address = f"http://127.0.0.1:{port}"
    eventually(lambda: answers(address), within_s=90)
    yield archive, Wire(address, a_token(archive))
    process.terminate()
    process.communicate(timeout=60)
    archive.remove()


@pytest.fixture
def proxy(site: tuple[Archive, Wire]) -> Iterator[CuttingProxy]:
    with cutting_proxy(urlsplit(site[1].address).port or 0) as made:
        yield made


@pytest.fixture
def client(site: tuple[Archive, Wire], proxy: CuttingProxy) -> Client:
    """A client whose way to the server is not to be relied on."""
    return Client.at(f"http://127.0.0.1:{proxy.port}", site[1].secret)


@pytest.fixture
def deposit(client: Client) -> str:
    return str(client.make_deposit(title="letters")["deposit_id"])


def a_folder(where: Path, *, small: int, large: int) -> Path:
    for number in range(small):
        folder = where / f"box {number % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"létter; {number}.txt").write_bytes(b"%d\r\n" % number * 20)
    for number in range(large):
        (where / f"scan{number}.bin").write_bytes(os.urandom(700_000))
    (where / "file").write_bytes(b"called as the fields of forms are")
    (where / ' "quoted"\\ ').write_bytes(b"not to be named in a form")
    (where / "empty").write_bytes(b"")
    return where


def answered(wire: socket.socket) -> bytes:
    """Read an answer as far as it goes, not until the other side closes."""
    came = b""
    while not came.endswith(b"}"):
        block = wire.recv(65536)
        assert block, came
        came += block
    return came


def digests_here(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def digests_there(client: Client, deposit: str) -> dict[str, str]:
    rows = client.each(client.deposit_files, deposit)
    return {row["path"]: row["digests"]["sha256"] for row in rows if row["is_complete"]}


def test_a_folder_comes_whole_through_three_cuts(
    client: Client, deposit: str, proxy: CuttingProxy, tmp_path: Path
) -> None:
    folder = a_folder(tmp_path / "letters", small=60, large=3)
    proxy.cuts = [5_000, 400_000, 900_000]
    count = upload_folder(client, deposit, folder, piece_bytes=300_000)
    assert count == 66
    assert (proxy.cuts, proxy.was_cut) == ([], 3)
    assert digests_there(client, deposit) == digests_here(folder)


def test_what_is_there_is_not_sent_again(client: Client, deposit: str, tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "letters", small=5, large=1)
    went: list[int] = []
    upload_folder(client, deposit, folder, sent=lambda files, _: went.append(files))
    (folder / "later.txt").write_bytes(b"x")
    (folder / "file").write_bytes(b"changed")
    again: list[int] = []
    upload_folder(client, deposit, folder, sent=lambda files, _: again.append(files))
    assert (sum(went), sum(again)) == (9, 2)
    assert digests_there(client, deposit) == digests_here(folder)


def test_a_file_goes_on_where_it_was_cut(client: Client, deposit: str, proxy: CuttingProxy) -> None:
    data = os.urandom(2 << 20)
    proxy.cuts = [1_500_000, 700_000]
    upload_file(client, deposit, b"a.bin", io.BytesIO(data), piece_bytes=1 << 20)
    assert proxy.was_cut == 2
    assert digests_there(client, deposit) == {"a.bin": hashlib.sha256(data).hexdigest()}


def test_a_file_that_changes_meanwhile_is_told_and_taken_back(client: Client, deposit: str) -> None:
    class Changing(io.BytesIO):
        """Reads otherwise the second time."""

        def seek(self, offset: int, whence: int = 0, /) -> int:
            if offset == 0 and whence == 0 and self.getvalue()[:1] == b"a":
                at = super().seek(offset, whence)
                self.was_read = getattr(self, "was_read", 0) + 1
                if self.was_read > 1:
                    super().write(b"b")
                    return super().seek(0)
                return at
            return super().seek(offset, whence)

    with pytest.raises(DigestMismatch, match=r"a\.bin"):
        upload_file(client, deposit, b"a.bin", Changing(b"a" * 1000))
    with pytest.raises(ObjectMissing):
        client.received(deposit, b"a.bin")


def test_what_is_no_file_is_not_uploaded(client: Client, deposit: str, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    with pytest.raises(InvalidArgument, match="link is no file"):
        upload_folder(client, deposit, tmp_path)


def test_many_small_files_take_few_requests(client: Client, deposit: str, tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "letters", small=MANY, large=0)
    forms: list[int] = []
    count = upload_folder(client, deposit, folder, sent=lambda files, _: forms.append(files))
    assert count == MANY + 3
    assert len(forms) <= MANY / FORM_FILES + 2
    assert digests_there(client, deposit) == digests_here(folder)


def test_a_sender_that_falls_silent_is_let_go(
    site: tuple[Archive, Wire], client: Client, deposit: str
) -> None:
    wire = site[1]
    path = f"/api/v1/deposits/{deposit}/files/a.bin"
    kind = {"Content-Type": "application/octet-stream", "Content-Length": 5_000_000}
    with wire.opened("PUT", path, kind) as silent:
        silent.sendall(b"x" * 100_000)
        answer = answered(silent)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"too-slow"' in answer
    # What came in whole pieces is kept; these grow while the sender is quick.
    assert 0 < client.received(deposit, b"a.bin") <= 6 * (16 << 10)


def test_a_silent_sender_of_json_is_let_go_too(site: tuple[Archive, Wire]) -> None:
    kind = {"Content-Type": "application/json", "Content-Length": 500}
    with site[1].opened("POST", "/api/v1/deposits", kind) as silent:
        silent.sendall(b'{"title": ')
        assert answered(silent).startswith(b"HTTP/1.1 408 ")


def test_a_slow_sender_that_sends_is_waited_for(
    site: tuple[Archive, Wire], client: Client, deposit: str
) -> None:
    pieces = [b"x" * (16 << 10)] * 5
    kind = {
        "Content-Type": "application/octet-stream",
        "Content-Length": sum(map(len, pieces)),
        "Connection": "close",
    }
    with site[1].opened("PUT", f"/api/v1/deposits/{deposit}/files/b.bin", kind) as slow:
        for piece in pieces:
            slow.sendall(piece)
            time.sleep(IDLE_S / 3)
        assert heard(slow).status == 201
    assert client.received(deposit, b"b.bin") == 5 * (16 << 10)


def test_a_form_names_each_file_by_its_field() -> None:
    body, kind = form_of([(b"a/b.txt", b"1"), (b"files", b"2")])
    boundary = kind.partition("boundary=")[2].encode()
    assert body.count(b"--" + boundary) == 3
    assert b'name="a/b.txt"; filename="content"' in body
    assert b'name="files"; filename="files"' in body
