"""What only a real wire has: time, names, certificates, encodings, connections that hang."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.connectors.web import AllowedHosts, NotGiven
from muniment.connectors.web.adapters.connecting import Patience, system_addresses
from muniment.connectors.web.adapters.http import HttpWeb
from muniment.connectors.web.adapters.memory import Page
from muniment.runtime.clock import FakeClock
from muniment.runtime.errors import PartnerDown
from tests.servers.web import (
    Drip,
    Raw,
    a_dead_port,
    a_silent_port,
    a_web_server,
    an_identity,
    trusting,
)

PATIENT = Patience()
HURRIED = Patience(connect_s=0.3, stall_s=0.15)
OK = b"HTTP/1.1 200 OK\r\n"


def loopback(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def a_web(
    port: int,
    resolve: Callable[[str, int], list[str]] = loopback,
    patience: Patience = PATIENT,
) -> HttpWeb:
    hosts = AllowedHosts([f"files.example:{port}"])
    return HttpWeb(hosts, FakeClock(), patience=patience, resolve=resolve)


def read(web: HttpWeb, url: str) -> bytes:
    with web.open(url) as file:
        return b"".join(file.blocks)


def test_a_name_is_looked_up_once_and_that_address_is_asked() -> None:
    """DNS rebinding: what the name leads to a moment later changes nothing."""
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    looked_up = []

    def rebinding(host: str, _port: int) -> list[str]:
        looked_up.append(host)
        return answers[min(len(looked_up), len(answers)) - 1]

    with a_web_server({"/a": Page(b"x" * 200_000)}) as server:
        url = f"http://files.example:{server.port}/a"
        assert len(read(a_web(server.port, rebinding), url)) == 200_000
    assert looked_up == ["files.example"]


def test_a_name_that_leads_inside_at_a_redirect_is_refused() -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    with a_web_server({"/a": Page(status=302, location="http://files.example/b")}) as server:
        hosts = AllowedHosts([f"files.example:{server.port}", "files.example"])
        web = HttpWeb(hosts, FakeClock(), resolve=lambda _host, _port: next(answers))
        with pytest.raises(NotGiven, match=r"10\.0\.0\.1 is no public address"):
            read(web, f"http://files.example:{server.port}/a")
        assert server.asked == ["/a"]


def test_a_server_is_asked_by_its_name_without_secrets() -> None:
    with a_web_server({"/a%20b?c=1": Page(b"x")}) as server:
        read(a_web(server.port), f"http://files.example:{server.port}/a%20b?c=1#part")
        (headers,) = server.headers
    assert headers["Host"] == f"files.example:{server.port}"
    assert headers["User-Agent"].startswith("muniment/")
    assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}


def test_a_path_beyond_ascii_is_encoded() -> None:
    with a_web_server({"/%C3%A9": Page(b"x")}) as server:
        assert read(a_web(server.port), f"http://files.example:{server.port}/é") == b"x"


def test_the_next_address_is_tried() -> None:
    with a_web_server({"/a": Page(b"x")}) as server:
        web = a_web(server.port, lambda _host, _port: ["127.0.0.2", "127.0.0.1"])
        assert read(web, f"http://files.example:{server.port}/a") == b"x"


def test_proxies_of_the_environment_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{a_dead_port()}")
    with a_web_server({"/a": Page(b"x")}) as server:
        assert read(a_web(server.port), f"http://files.example:{server.port}/a") == b"x"


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (OK + b"\r\nuntil the end", b"until the end"),
        (OK + b"Content-Length: x\r\n\r\nabc", b"abc"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", b"abcde"),
        (b"HTTP/1.0 200 OK\r\n\r\nold", b"old"),
    ],
)
def test_bodies_of_every_form_are_read(raw: bytes, body: bytes) -> None:
    with a_web_server({"/a": Raw(raw)}) as server:
        assert read(a_web(server.port), f"http://files.example:{server.port}/a") == body


def test_what_a_server_compresses_stays_as_it_came() -> None:
    """The digest in the manifest is of the file, which may be that very gzip."""
    body = gzip.compress(b"x" * 1000)
    head = OK + f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with a_web_server({"/a": Raw(head + body)}) as server:
        assert read(a_web(server.port), f"http://files.example:{server.port}/a") == body


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\nff\r\nshort",
        OK + b"X: " + b"x" * 100_000 + b"\r\n\r\n",
        OK + b"A: b\r\n" * 200 + b"\r\n",
        OK + b"Content-Length: 10\r\n\r\nshort",
    ],
)
def test_an_answer_that_is_none_is_a_fault_of_the_partner(raw: bytes) -> None:
    with a_web_server({"/a": Raw(raw)}) as server, pytest.raises(PartnerDown, match="broke"):
        read(a_web(server.port), f"http://files.example:{server.port}/a")


@pytest.mark.parametrize(
    "script",
    [
        Raw(b"", stalls=True),
        Raw(OK, stalls=True),
        Raw(OK + b"Content-Length: 10\r\n\r\nabc", stalls=True),
        Raw(OK + b"\r\nabc", stalls=True),
        Drip(OK + b"X: "),
        Drip(OK + b"Content-Length: 1000000\r\n\r\n"),
        Drip(OK + b"\r\n"),
    ],
    ids=["silent", "no headers", "stops", "stops without length", "slow header", "slow", "endless"],
)
def test_a_server_that_is_too_slow_is_cut_off(script: Raw | Drip) -> None:
    with a_web_server({"/a": script}) as server:
        web = a_web(server.port, patience=HURRIED)
        with pytest.raises(PartnerDown, match="broke"):
            read(web, f"http://files.example:{server.port}/a")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_port_that_says_nothing_is_given_up(scheme: str) -> None:
    with a_silent_port() as port, pytest.raises(PartnerDown):
        read(a_web(port, patience=HURRIED), f"{scheme}://files.example:{port}/a")


def test_a_port_where_nobody_listens_is_a_partner_that_is_down() -> None:
    port = a_dead_port()
    with pytest.raises(PartnerDown, match=f"cannot connect to files.example:{port}"):
        read(a_web(port), f"http://files.example:{port}/a")


@pytest.mark.parametrize("fault", [OSError("no such name"), UnicodeError("label too long")])
def test_a_name_without_an_address_is_a_partner_that_is_down(fault: Exception) -> None:
    def lost(_host: str, _port: int) -> list[str]:
        raise fault

    with pytest.raises(PartnerDown, match="has no address now"):
        read(a_web(80, lost), "http://files.example:80/a")


def test_a_name_with_no_address_at_all_is_one_too() -> None:
    with pytest.raises(PartnerDown, match="no address"):
        read(a_web(80, lambda _host, _port: []), "http://files.example/a")


def test_the_resolver_of_the_machine_is_asked() -> None:
    assert "127.0.0.1" in system_addresses("localhost", 80)


def test_nothing_is_left_behind_when_a_reader_stops() -> None:
    with a_web_server({"/a": Drip(OK + b"\r\n", b"x" * 1000, 0.001)}) as server:
        with a_web(server.port).open(f"http://files.example:{server.port}/a") as file:
            next(file.blocks)
            assert watchdogs() == 1
        assert watchdogs() == 0


def watchdogs() -> int:
    return sum(each.name == "web-watchdog" for each in threading.enumerate())


@pytest.mark.tool("openssl")
class TestCertificates:
    """https means the host that was listed, and nobody else."""

    def test_a_certificate_of_another_name_is_refused(self, tmp_path: Path) -> None:
        identity = an_identity(tmp_path, "other.example")
        with pytest.raises(PartnerDown, match="certificate"):
            self._read(identity, trusted=identity)

    def test_a_certificate_that_nobody_vouches_for_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(PartnerDown, match="certificate"):
            self._read(an_identity(tmp_path, "files.example"), trusted=None)

    def test_a_server_without_tls_is_refused(self) -> None:
        with a_web_server({"/a": Page(b"x")}) as server, pytest.raises(PartnerDown):
            read(a_web(server.port), f"https://files.example:{server.port}/a")

    def _read(self, identity: Path, *, trusted: Path | None) -> bytes:
        with a_web_server({"/a": Page(b"x")}, identity=identity) as server:
            hosts = AllowedHosts([f"files.example:{server.port}"])
            trust = trusting(trusted) if trusted else None
            web = HttpWeb(hosts, FakeClock(), resolve=loopback, trust=trust)
            return read(web, f"https://files.example:{server.port}/a")


def test_a_handshake_a_byte_at_a_time_is_cut_off() -> None:
    """Each byte comes within the time-out of the socket; the whole never ends."""
    hello = b"\x16\x03\x03\x40\x00" + b"\x02" * 0x4000
    stop = threading.Event()

    def drip(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            for byte in hello:
                if stop.wait(0.02):
                    return
                try:
                    connection.send(bytes([byte]))
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        server = threading.Thread(target=drip, args=(listening,))
        server.start()
        try:
            with pytest.raises(PartnerDown):
                read(a_web(port, patience=HURRIED), f"https://files.example:{port}/a")
        finally:
            stop.set()
            server.join()
