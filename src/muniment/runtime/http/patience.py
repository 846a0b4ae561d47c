"""Bodies of requests have an idle time: a sender that falls silent holds no thread of the server.

The server hands a thread to each request and lets it wait for bytes without end. So bytes are
awaited in a thread apart; where none come in time, the answer is 408 and the server's thread is
free again. The one apart waits until the other side closes the connection: nobody here can.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from muniment.runtime.errors import TooSlow

_PIECE_BYTES, _MOST_BYTES = 16 << 10, 256 << 10
"""The server gives what is asked for or the end, nothing between: so little is asked for at once,
lest a slow sender is taken for a silent one; more where it comes quickly, for each piece is handed
from thread to thread.
"""
_QUICK_S = 0.05


class Patient:
    """A stream whose next piece (or its end) is awaited no longer than `idle_s`."""

    def __init__(self, stream: Any, idle_s: float) -> None:  # noqa: ANN401  # a server's own
        self._stream, self._idle_s = stream, idle_s
        self._asked: SimpleQueue[tuple[str, int] | None] = SimpleQueue()
        self._came: SimpleQueue[bytes | Exception] = SimpleQueue()
        self._is_begun = self.is_over = False
        self._piece_bytes = _PIECE_BYTES

    def read(self, size: int | None = -1) -> bytes:
        """Return as much, or all there is. Raises TooSlow."""
        return self._pieces(size, is_all=True)

    def read_some(self, size: int) -> bytes:
        """Return as much, or what came before the other side fell silent. Raises TooSlow."""
        return self._pieces(size, is_all=False)

    def _pieces(self, size: int | None, *, is_all: bool) -> bytes:
        pieces: list[bytes] = []
        left = -1 if size is None else size
        try:
            while left and (piece := self._next(left)):
                pieces.append(piece)
                left -= len(piece) if left > 0 else 0
        except TooSlow:
            if is_all or not pieces:
                raise
        return b"".join(pieces)

    def _next(self, left: int) -> bytes:
        """Return a piece of at most `left` bytes (below zero: of any size)."""
        size = min(left, self._piece_bytes) if left > 0 else self._piece_bytes
        began_s = time.monotonic()
        piece = self._awaited("read", size)
        is_quick = time.monotonic() - began_s < _QUICK_S
        self._piece_bytes = min(2 * self._piece_bytes, _MOST_BYTES) if is_quick else _PIECE_BYTES
        return piece

    def readline(self, size: int | None = -1) -> bytes:
        """Return the next line, or its beginning. Raises TooSlow."""
        return self._awaited("readline", -1 if size is None else size)

    def _awaited(self, what: str, size: int) -> bytes:
        if self.is_over:
            raise self._too_slow()
        if not self._is_begun:
            self._is_begun = True
            said = (self._stream, self._asked, self._came)
            Thread(target=_read_on, args=said, daemon=True).start()
        self._asked.put((what, size))
        try:
            came = self._came.get(timeout=self._idle_s)
        except Empty:
            self.close()
            raise self._too_slow() from None
        if isinstance(came, Exception):
            raise came
        return came

    def _too_slow(self) -> TooSlow:
        return TooSlow(
            f"nothing came for {self._idle_s:g} seconds: what was sent before is kept where "
            "uploads can go on"
        )

    def close(self) -> None:
        """Let the thread go."""
        self.is_over = True
        self._asked.put(None)

    def __del__(self) -> None:
        self._asked.put(None)


def _read_on(
    stream: Any,  # noqa: ANN401  # as above
    asked: SimpleQueue[tuple[str, int] | None],
    came: SimpleQueue[bytes | Exception],
) -> None:
    while (next_one := asked.get()) is not None:
        what, size = next_one
        try:
            came.put(getattr(stream, what)(size))
        except Exception as exc:  # noqa: BLE001  # raised where the bytes are awaited
            came.put(exc)


def with_patience(application: Callable[..., Any], idle_s: float) -> Callable[..., Any]:
    """Wrap a WSGI application."""

    def handle(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:  # noqa: ANN401  # of WSGI
        body = Patient(environ["wsgi.input"], idle_s)
        environ["wsgi.input"] = body

        def start(status: str, headers: list[tuple[str, str]], *more: object) -> Any:  # noqa: ANN401  # likewise
            if body.is_over:  # what is left of this body is no next request
                headers = [*headers, ("Connection", "close")]
            return start_response(status, headers, *more)

        return application(environ, start)

    return handle
