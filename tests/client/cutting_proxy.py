"""A way to a server on which connections break off: after so many bytes, so many times."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

_BLOCK = 16384
# No farewell: both sides learn of it by a reset.
_RESET = b"\x01\0\0\0\0\0\0\0"


@dataclass
class CuttingProxy:
    """Passes bytes on; `cuts` are after how many bytes upwards the next connections break off."""

    port: int
    to: tuple[str, int]
    cuts: list[int] = field(default_factory=list)
    was_cut: int = 0

    def serve(self, listener: socket.socket) -> None:
        """Pass connections on until the listener is closed."""
        with suppress(OSError):
            while True:
                here, _ = listener.accept()
                threading.Thread(target=self._pass, args=(here,), daemon=True).start()

    def _pass(self, here: socket.socket) -> None:
        there = socket.create_connection(self.to)
        threading.Thread(target=_copy, args=(there, here), daemon=True).start()
        sent = 0
        with suppress(OSError):
            while block := here.recv(_BLOCK):
                there.sendall(block)
                sent += len(block)
                if self.cuts and sent >= self.cuts[0]:
                    self.cuts.pop(0)
                    self.was_cut += 1
                    for each in (here, there):
                        each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                    break
        here.close()
        there.close()


def _copy(source: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):
        while block := source.recv(_BLOCK):
            to.sendall(block)
        to.shutdown(socket.SHUT_WR)


@contextmanager
def cutting_proxy(port: int) -> Iterator[CuttingProxy]:
    """Give a proxy to a port of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = CuttingProxy(listener.getsockname()[1], ("127.0.0.1", port))
        threading.Thread(target=made.serve, args=(listener,), daemon=True).start()
        yield made
