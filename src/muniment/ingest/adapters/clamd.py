"""ClamAV's daemon over its Unix socket (clamd(8): zPING, zVERSION, zINSTREAM)."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from muniment.ingest.ports import ScanOutcome, ScanResult
from muniment.runtime.durable import storage_errors
from muniment.runtime.errors import Misconfigured, ToolFailed, ToolTimeout

_USUAL_PLACES = (Path("/run/clamav/clamd.ctl"), Path("/var/run/clamav/clamd.ctl"))
_BLOCK_BYTES = 256 * 1024
_QUESTION_S = 10.0
_FILE_S = 600.0
_SLOWEST_BYTES_PER_S = 1 << 20
_TICK_S = 1.0
_LONGEST_ANSWER = 64 * 1024
_TOO_LARGE = "size limit exceeded"


def clamd_socket(configured: Path | None) -> Path | None:
    """Return the socket of a running daemon; Misconfigured when the configured one is dead."""
    for place in [configured] if configured else _USUAL_PLACES:
        if place.is_socket() and _answers(place):
            return place
    if configured:
        raise Misconfigured(f"no clamd answers at {configured}; start it or clear clamd_socket")
    return None


def _answers(place: Path, limit_s: float = _QUESTION_S) -> bool:
    try:
        return ClamdScanner(place, question_s=limit_s).ask(b"PING") == "PONG"
    except (ToolFailed, ToolTimeout):
        return False


class ClamdScanner:
    """Streams each file to the daemon, which needs no right to read our folders.

    The daemon has `question_s` for a question, and `file_s` and a second for each MiB for a file.
    """

    name = "ClamAV (clamd)"

    def __init__(
        self, place: Path, *, question_s: float = _QUESTION_S, file_s: float = _FILE_S
    ) -> None:
        self._place = place
        self._question_s = question_s
        self._file_s = file_s

    def version(self) -> str:
        """Return the versions of engine and signatures: `ClamAV 1.4.6/27500/…`."""
        said = self.ask(b"VERSION")
        if not said.startswith("ClamAV "):
            raise ToolFailed(f"clamd does not tell its version: {said[:200]!r}")
        return said.removeprefix("ClamAV ")

    def problem(self) -> str:
        """Say why it cannot scan; a daemon without signatures does not start."""
        if _answers(self._place, self._question_s):
            return ""
        return f"clamd does not answer at {self._place}"

    def scan(
        self, files: Iterable[Path], *, progress: Callable[[int], None]
    ) -> Iterator[ScanResult]:
        """Yield a result for each file, in order."""
        if problem := self.problem():
            raise Misconfigured(problem)
        for file in files:
            yield self._scan_one(file, _each_second(lambda: progress(0)))
            progress(1)

    def ask(self, command: bytes) -> str:
        """Send one command and return its one answer."""
        with self._connected() as connection:
            connection.sendall(b"z" + command + b"\0")
            return _answer(connection, self._question_s)

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        """Give a connection; whatever breaks on it is a failure of the daemon."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(min(_TICK_S, self._question_s))
            try:
                connection.connect(str(self._place))
                yield connection
            except OSError as exc:
                raise ToolFailed(f"clamd at {self._place} does not answer: {exc}") from exc

    def _scan_one(self, file: Path, check: Callable[[], None]) -> ScanResult:
        with storage_errors(str(file)), file.open("rb") as stream:
            limit_s = self._file_s + file.stat().st_size / _SLOWEST_BYTES_PER_S
            with self._connected() as connection:
                try:
                    for part in _stream(file, stream):
                        _send(connection, part, limit_s, check)
                except BrokenPipeError:
                    pass  # the daemon stopped reading; its answer says why
                return _result(file, _answer(connection, limit_s, check))


def _each_second(call: Callable[[], None]) -> Callable[[], None]:
    """Return `call`, which does nothing when it was called less than a second ago."""
    at_s = time.monotonic()

    def sparingly() -> None:
        nonlocal at_s
        if time.monotonic() - at_s >= _TICK_S:
            at_s = time.monotonic()
            call()

    return sparingly


def _stream(file: Path, stream: BinaryIO) -> Iterator[bytes]:
    """Yield a file as INSTREAM wants it: blocks with their lengths, an empty one at the end."""
    yield b"zINSTREAM\0"
    block = b"-"
    while block:
        with storage_errors(str(file)):
            block = stream.read(_BLOCK_BYTES)
        yield struct.pack("!I", len(block)) + block


def _send(
    connection: socket.socket, data: bytes, limit_s: float, check: Callable[[], None]
) -> None:
    """Send all of it. The daemon may take its time: all its threads may be busy."""
    rest = memoryview(data)
    deadline = time.monotonic() + limit_s
    while rest:
        check()
        try:
            rest = rest[connection.send(rest) :]
        except TimeoutError as exc:
            if time.monotonic() > deadline:
                raise ToolTimeout("clamd did not take in time what it was sent") from exc


def _answer(
    connection: socket.socket, limit_s: float, check: Callable[[], None] = lambda: None
) -> str:
    """Wait for one answer, up to its NUL; `check` is called meanwhile and stops it by raising."""
    said = b""
    deadline = time.monotonic() + limit_s
    while not said.endswith(b"\0"):
        check()
        if time.monotonic() > deadline:
            raise ToolTimeout("clamd did not answer in time")
        try:
            part = connection.recv(4096)
        except TimeoutError:
            continue
        said += part
        if not part or len(said) > _LONGEST_ANSWER:
            raise ToolFailed(f"clamd broke off, having said {said[:200]!r}")
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


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
