"""ClamAV's daemon over its Unix socket (clamd(8): zVERSION, zINSTREAM in one zIDSESSION)."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from muniment.ingest.ports import ScanOutcome, ScanResult
from muniment.runtime.errors import Misconfigured, ToolFailed, ToolTimeout

_USUAL_PLACES = (Path("/run/clamav/clamd.ctl"), Path("/var/run/clamav/clamd.ctl"))
_BLOCK_BYTES = 256 * 1024
_TIMEOUT_S = 600.0
_TOO_LARGE = "size limit exceeded"


def clamd_socket(configured: Path | None) -> Path | None:
    """Return the socket of a running daemon; Misconfigured when the configured one is dead."""
    for place in [configured] if configured else _USUAL_PLACES:
        if place.is_socket() and _answers(place):
            return place
    if configured:
        raise Misconfigured(f"no clamd answers at {configured}; start it or clear clamd_socket")
    return None


def _answers(place: Path) -> bool:
    try:
        return ClamdScanner(place).ask(b"PING") == "PONG"
    except (ToolFailed, ToolTimeout):
        return False


class ClamdScanner:
    """Streams each file to the daemon, which needs no right to read our folders."""

    name = "ClamAV (clamd)"

    def __init__(self, place: Path) -> None:
        self._place = place

    def version(self) -> str:
        """Return the versions of engine and signatures: `ClamAV 1.4.6/27500/…`."""
        return self.ask(b"VERSION").removeprefix("ClamAV ")

    def problem(self) -> str:
        """Say why it cannot scan; a daemon without signatures does not start."""
        return "" if _answers(self._place) else f"clamd does not answer at {self._place}"

    def scan(
        self, files: Iterable[Path], *, progress: Callable[[int], None]
    ) -> Iterator[ScanResult]:
        """Yield a result for each file, in order."""
        if problem := self.problem():
            raise Misconfigured(problem)
        for file in files:
            yield self._scan_one(file)
            progress(1)

    def ask(self, command: bytes) -> str:
        """Send one command and return its one answer."""
        with self._connect() as connection:
            connection.sendall(b"z" + command + b"\0")
            return _answer(connection)

    def _connect(self) -> socket.socket:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(_TIMEOUT_S)
        try:
            connection.connect(str(self._place))
        except OSError as exc:
            connection.close()
            raise ToolFailed(f"clamd at {self._place} does not answer: {exc}") from exc
        return connection

    def _scan_one(self, file: Path) -> ScanResult:
        with self._connect() as connection:
            try:
                connection.sendall(b"zINSTREAM\0")
                with file.open("rb") as stream:
                    while block := stream.read(_BLOCK_BYTES):
                        connection.sendall(struct.pack("!I", len(block)) + block)
                connection.sendall(struct.pack("!I", 0))
            except BrokenPipeError:
                pass  # the daemon stopped reading; its answer says why
            return _result(file, _answer(connection))


def _answer(connection: socket.socket) -> str:
    parts = []
    try:
        while part := connection.recv(4096):
            parts.append(part)
            if part.endswith(b"\0"):
                break
    except TimeoutError as exc:
        raise ToolTimeout("clamd did not answer in time") from exc
    except OSError as exc:
        raise ToolFailed(f"clamd broke the connection: {exc}") from exc
    return b"".join(parts).rstrip(b"\0").decode("utf-8", "replace").strip()


def _result(file: Path, answer: str) -> ScanResult:
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return ScanResult(file, ScanOutcome.CLEAN)
    if said.endswith(" FOUND"):
        return ScanResult(file, ScanOutcome.INFECTED, said.removesuffix(" FOUND"))
    if _TOO_LARGE in said:
        return ScanResult(file, ScanOutcome.UNREADABLE, "larger than clamd's StreamMaxLength")
    if said.endswith(" ERROR"):
        return ScanResult(file, ScanOutcome.UNREADABLE, said.removesuffix(" ERROR"))
    raise ToolFailed(f"clamd answered what it should not: {said[:200]!r}")
