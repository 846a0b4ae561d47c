"""A served site spoken to by raw sockets: connections are cut, lengths are lies."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.archives import Archive


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401  # a document of any shape
        """Parse the body."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Wire:
    """A program with a token, at the other end of a socket."""

    address: str
    secret: str

    def opened(
        self, method: str, path: str, headers: Mapping[str, object] | None = None
    ) -> socket.socket:
        """Connect and send the head of a request; the body is the caller's to send."""
        parts = urlsplit(self.address)
        made = socket.create_connection((parts.hostname or "", parts.port or 80), timeout=60)
        said = {"Host": parts.netloc, "Authorization": f"Bearer {self.secret}", **(headers or {})}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {said[name]}" for name in said)]
        made.sendall("\r\n".join([*lines, "", ""]).encode("latin-1"))
        return made

    def send(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, object] | None = None,
    ) -> Heard:
        """Send a whole request and read the whole answer."""
        said = {"Content-Length": len(body), "Connection": "close", **(headers or {})}
        with self.opened(method, path, said) as wire:
            wire.sendall(body)
            return heard(wire)

    def document(self, method: str, path: str, body: object) -> Heard:
        """Send JSON."""
        kind = {"Content-Type": "application/json"}
        return self.send(method, path, json.dumps(body).encode(), kind)

    def cut(self, method: str, path: str, body: bytes, headers: Mapping[str, object]) -> None:
        """Send part of a request and go away without a word."""
        wire = self.opened(method, path, headers)
        wire.sendall(body)
        # No farewell: the other side learns of it by a reset.
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        wire.close()


def heard(wire: socket.socket) -> Heard:
    """Read until the other side closes."""
    came = b""
    while block := wire.recv(65536):
        came += block
    head, _, body = came.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return Heard(
        int(status.split(" ")[1]), {name.lower(): said.strip() for name, _, said in pairs}, body
    )


def a_token(archive: Archive, user: str = "ada", role: str = "archivist") -> str:
    """Make a user of this role with a token for deposits."""
    run = archive.run("user", "add", user, "--role", role, "--no-input")
    assert run.code == 0, run.err
    made = archive.run(
        *("user", "token", "create", user, "--name", "t"),
        *("--scope", "deposit", "--scope", "read", "--json"),
    )
    assert made.code == 0, made.err
    return str(made.json()["token"])


def killed(process: subprocess.Popen[bytes]) -> None:
    """End a process as a power cut would."""
    process.kill()
    process.communicate()
