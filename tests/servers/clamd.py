"""A daemon that speaks as clamd does over its Unix socket, and has the faults that daemons have."""

from __future__ import annotations

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.ingest.signatures import EICAR

MOST_BYTES = 1 << 20
VERSION = b"ClamAV 1.4.3/27500/Mon Nov 30 08:00:00 2026"


@dataclass(slots=True)
class Clamd:
    """What a test changes: `answers` are sent to commands as they stand, None: nothing is.

    `reads` False: of a stream nothing is taken. `is_closing` ends what hangs.
    """

    place: Path
    answers: dict[str, bytes | None] = field(default_factory=dict)
    reads: bool = True
    is_closing: threading.Event = field(default_factory=threading.Event)


class _Handler(socketserver.BaseRequestHandler):
    server: _Server
    request: socket.socket

    def handle(self) -> None:
        with suppress(ConnectionError):
            self._handle()

    def _handle(self) -> None:
        said = self.server.clamd
        command = self._line().decode()
        answer = b""
        if command == "INSTREAM" and said.reads:
            answer = self._scan()
        known = {"PING": b"PONG\0", "VERSION": VERSION + b"\0", "INSTREAM": answer}
        sent = said.answers.get(command, known.get(command, b"UNKNOWN COMMAND\0"))
        if sent is None or (command == "INSTREAM" and not said.reads):
            said.is_closing.wait(30)
        else:
            self.request.sendall(sent)

    def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\0"):
            line += self._exactly(1)
        assert line.startswith(b"z"), "the form of commands that end with NUL"
        return line[1:-1]

    def _scan(self) -> bytes:
        content = b""
        while size := struct.unpack("!I", self._exactly(4))[0]:
            content += self._exactly(size)
            if len(content) > MOST_BYTES:
                return b"INSTREAM size limit exceeded. ERROR\0"
        return b"stream: Eicar.Test FOUND\0" if content.startswith(EICAR[:40]) else b"stream: OK\0"

    def _exactly(self, size: int) -> bytes:
        parts = []
        while size:
            part = self.request.recv(min(size, 1 << 16))
            if not part:
                raise ConnectionAbortedError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = False

    def __init__(self, clamd: Clamd) -> None:
        self.clamd = clamd
        super().__init__(str(clamd.place), _Handler)


@contextmanager
def a_clamd(folder: Path) -> Iterator[Clamd]:
    """Serve on a socket in `folder` while the block runs."""
    clamd = Clamd(folder / "clamd.sock")
    with _Server(clamd) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield clamd
        finally:
            clamd.is_closing.set()
            server.shutdown()
            thread.join()
