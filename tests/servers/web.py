"""A real web server on this machine, with the faults that servers have."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from muniment.connectors.web.adapters.memory import Page


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes that are sent as they are. With `stalls` nothing follows, and nothing is closed."""

    sent: bytes
    stalls: bool = False


@dataclass(frozen=True, slots=True)
class Drip:
    """Bytes that are sent again and again, one at a time, for ever."""

    before: bytes
    sent: bytes = b"x"
    every_s: float = 0.02


Script = Page | Raw | Drip


@dataclass(slots=True)
class WebServer:
    """What a test changes and looks at. A list of scripts is used up, its last one stays."""

    port: int
    pages: dict[str, Script | list[Script]]
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def script_of(self, path: str) -> Script:
        """Return what comes next at a path."""
        found = self.pages.get(path, Page(status=404))
        if not isinstance(found, list):
            return found
        return found.pop(0) if len(found) > 1 else found[0]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    @property
    def web(self) -> WebServer:
        return self.server.web

    def do_GET(self) -> None:
        self.web.asked.append(self.path)
        self.web.headers.append(dict(self.headers.items()))
        self.close_connection = True
        script = self.web.script_of(self.path)
        with suppress(OSError):  # whoever asked had enough
            self._play(script)

    def _play(self, script: Script) -> None:
        if isinstance(script, Page):
            self._send(script)
        elif isinstance(script, Raw):
            self.wfile.write(script.sent)
            self.wfile.flush()
            if script.stalls:
                self.web.closing.wait(60)
        else:
            self.wfile.write(script.before)
            while not self.web.closing.wait(script.every_s):
                self.wfile.write(script.sent)
                self.wfile.flush()

    def _send(self, page: Page) -> None:
        self.send_response(page.status)
        self.send_header("Content-Length", str(len(page.body)))
        if page.location is not None:
            self.send_header("Location", page.location)
        if page.retry_after is not None:
            self.send_header("Retry-After", page.retry_after)
        self.end_headers()
        self.wfile.write(page.body[: page.breaks_after])

    def log_message(self, *_: Any) -> None:  # noqa: ANN401  # signature of the library
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    web: WebServer

    def handle_error(self, *_: Any) -> None:  # noqa: ANN401  # signature of the library
        """A client that hangs up is no news."""


@contextmanager
def a_web_server(
    pages: Mapping[str, Script | list[Script]], *, identity: Path | None = None
) -> Iterator[WebServer]:
    """Serve pages by path at 127.0.0.1; by https when there is an `identity` (see below)."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.web = web = WebServer(server.server_port, dict(pages))
    if identity is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity)
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield web
    finally:
        web.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def an_identity(folder: Path, *names: str) -> Path:
    """Make a key and a certificate for these names, signed by itself, in one file."""
    key, certificate, both = (folder / name for name in ("key.pem", "cert.pem", "identity.pem"))
    subject = ",".join(f"DNS:{name}" for name in names)
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "2", "-subj", "/CN=muniment tests"),
            *("-addext", f"subjectAltName={subject}"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both


def trusting(identity: Path) -> ssl.SSLContext:
    """Return a context that trusts this certificate and no other."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(identity)
    return context


@contextmanager
def a_silent_port() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def a_dead_port() -> int:
    """A port where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port
