"""Cuts a connection over which too little comes.

A time-out of a socket is per read: a server that sends one byte a minute, in a header line or in
the middle of a block, would hold a worker for months.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Watchdog(threading.Thread):
    """Shuts the socket down when `alive` was not called for `stall_s`."""

    def __init__(self, stall_s: float) -> None:
        super().__init__(name="web-watchdog", daemon=True)
        self.has_cut = False
        self._stall_s = stall_s
        self._done = threading.Event()
        self._signs = 0
        self._socket: socket.socket | None = None

    def guard(self, connected: socket.socket) -> None:
        """Name the socket that is to be cut."""
        self._socket = connected
        self.alive()

    def alive(self) -> None:
        """Say that something came."""
        self._signs += 1

    def run(self) -> None:
        """Wait, and look whether there was a sign of life since the last look."""
        seen = -1
        while not self._done.wait(self._stall_s):
            if seen == self._signs and self._socket is not None:
                self.has_cut = True
                with suppress(OSError):
                    # Of the plain socket, also below TLS: the reader is in the middle of a call.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
                return
            seen = self._signs

    def stop(self) -> None:
        """End the watch."""
        self._done.set()
        self.join()


@contextmanager
def watching(stall_s: float) -> Iterator[Watchdog]:
    """Watch until the block ends."""
    watchdog = Watchdog(stall_s)
    watchdog.start()
    try:
        yield watchdog
    finally:
        watchdog.stop()
