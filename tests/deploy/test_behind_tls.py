"""The site on a Unix socket, behind a server that speaks TLS for it."""

from __future__ import annotations

import http.client
import re
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.archives import Archive
from tests.eventually import eventually
from tests.web.browser import PASSWORD


class _Local(http.client.HTTPConnection):
    """HTTP over a Unix socket, as nginx speaks it."""

    def __init__(self, place: Path) -> None:
        super().__init__("localhost", timeout=30)
        self._place = place

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(str(self._place))


def ask(
    place: Path, method: str, address: str, body: str = "", **headers: str
) -> tuple[int, str, str]:
    """Return status, cookies and body of one request."""
    connection = _Local(place)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, address, body, names)
        answer = connection.getresponse()
        cookies = "; ".join(answer.headers.get_all("Set-Cookie") or [])
        return answer.status, cookies, answer.read().decode()
    finally:
        connection.close()


@pytest.fixture
def place(archive: Archive) -> Iterator[Path]:
    words = archive.command("user", "add", "ada", "--role", "archivist", "--password-stdin", "-q")
    said = PASSWORD.encode() + b"\n"
    subprocess.run(words, env=archive.environment(), input=said, check=True, timeout=120)
    with tempfile.TemporaryDirectory() as folder:  # a socket's path is short
        made = Path(folder) / "web.sock"
        process = archive.start("web", "--uds", made, "-q", MUNIMENT_SERVED_BY_TLS="1")
        eventually(lambda: made.exists() and _answers(made), within_s=90)
        yield made
        process.terminate()
        process.communicate(timeout=60)


def _answers(place: Path) -> bool:
    try:
        return ask(place, "GET", "/healthz", X_Forwarded_Proto="https")[0] == 200
    except OSError:
        return False


def test_signing_in_works_and_cookies_are_for_tls_only(place: Path) -> None:
    _, cookies, page = ask(place, "GET", "/login/", X_Forwarded_Proto="https")
    assert "Secure" in cookies
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)', page)
    assert token
    body = f"username=ada&password={PASSWORD.replace(' ', '+')}&csrfmiddlewaretoken={token[1]}"
    status, _, _ = ask(
        place,
        "POST",
        "/login/",
        body,
        X_Forwarded_Proto="https",
        Origin="https://localhost",
        Cookie=cookies.partition(";")[0],
        Content_Type="application/x-www-form-urlencoded",
    )
    assert status == 302
