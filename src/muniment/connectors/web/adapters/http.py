"""Files by http and https, from the very addresses that were checked.

The connection is opened to the address; name and certificate are those of the host. So a name that
leads somewhere else a moment later (DNS rebinding) changes nothing. Proxies of the environment are
not asked: they would look the name up again, out of our sight.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from importlib.metadata import version
from typing import TYPE_CHECKING

from muniment.connectors.web.allowed_hosts import AllowedHosts
from muniment.connectors.web.following import Answer, Following, Resolve
from muniment.connectors.web.place import Place
from muniment.connectors.web.ports import WebFile
from muniment.connectors.web.watchdog import Watchdog, watching
from muniment.runtime.clock import Clock
from muniment.runtime.errors import PartnerDown

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse
    from urllib3.connection import HTTPConnection

BLOCK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a connection, and for one block of 64 KiB."""

    connect_s: float = 10.0
    stall_s: float = 60.0


def system_addresses(host: str, port: int) -> list[str]:
    """Ask the resolver of the machine."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class HttpWeb:
    """Implements `WebFiles` over the network; opens nothing before it is asked."""

    def __init__(
        self,
        allowed: AllowedHosts,
        clock: Clock,
        *,
        patience: Patience = Patience(),  # frozen
        resolve: Resolve = system_addresses,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`trust`: whose certificates count; without it those that the machine trusts."""
        self._patience = patience
        self._trust = trust
        self._following = Following(allowed, resolve, self._door, clock)

    def check(self, url: str) -> None:
        """See `WebFiles`."""
        self._following.check(url)

    def open(self, url: str) -> AbstractContextManager[WebFile]:
        """See `WebFiles`."""
        return self._following.open(url)

    @contextmanager
    def _door(self, place: Place, addresses: Sequence[str]) -> Iterator[Answer]:
        with (
            watching(self._patience.stall_s) as watchdog,
            closing(self._connected(place, addresses, watchdog)) as connection,
            closing(_asked(connection, place, watchdog)) as response,
        ):
            yield _answer(response, place, watchdog)

    def _connected(
        self, place: Place, addresses: Sequence[str], watchdog: Watchdog
    ) -> HTTPConnection:
        """Connect to the first address that answers."""
        # Late: most commands never speak to anybody.
        from urllib3.connection import HTTPConnection

        reason: Exception = OSError("no address")
        for address in addresses:
            connection = HTTPConnection(address, place.port, timeout=self._patience.connect_s)
            try:
                connection.connect()
                self._secure(connection, place, watchdog)
            except _faults() as exc:
                connection.close()
                reason = exc
                continue
            connection.timeout = self._patience.stall_s
            return connection
        raise PartnerDown(f"cannot connect to {place.authority}: {reason}") from reason

    def _secure(self, connection: HTTPConnection, place: Place, watchdog: Watchdog) -> None:
        """Put the connection under watch; for https, see that it is really the host's.

        Not by `HTTPSConnection`: it shakes hands before anybody can get hold of the socket, so a
        server that does this a byte at a time could not be cut off.
        """
        if place.scheme == "http":
            watchdog.guard(connection.sock)
            return
        context = self._trust or ssl.create_default_context()
        secured = context.wrap_socket(
            connection.sock, server_hostname=place.host, do_handshake_on_connect=False
        )
        connection.sock = secured
        watchdog.guard(secured)
        secured.do_handshake()
        watchdog.alive()


def _asked(connection: HTTPConnection, place: Place, watchdog: Watchdog) -> BaseHTTPResponse:
    headers = {
        "Host": place.host_header,
        "User-Agent": f"muniment/{version('muniment')}",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    try:
        connection.request("GET", place.target, headers=headers, preload_content=False)
        response = connection.getresponse()
    except _faults() as exc:
        raise _broken(place, exc, watchdog) from exc
    watchdog.alive()
    return response


def _answer(response: BaseHTTPResponse, place: Place, watchdog: Watchdog) -> Answer:
    size = response.headers.get("Content-Length", "")
    return Answer(
        response.status,
        _blocks(response, place, watchdog),
        int(size) if size.isascii() and size.isdigit() else None,
        response.headers.get("Location"),
        response.headers.get("Retry-After"),
    )


def _blocks(response: BaseHTTPResponse, place: Place, watchdog: Watchdog) -> Iterator[bytes]:
    """Yield the body as it came: what a server compresses on its own would not have the digest."""
    try:
        for block in response.stream(BLOCK_BYTES, decode_content=False):
            watchdog.alive()
            yield block
    except _faults() as exc:
        raise _broken(place, exc, watchdog) from exc
    if watchdog.has_cut:  # to a body without a length this looks like its end
        raise _broken(place, None, watchdog)


def _broken(place: Place, exc: Exception | None, watchdog: Watchdog) -> PartnerDown:
    reason = "it sends too slowly" if watchdog.has_cut else str(exc) or type(exc).__name__
    return PartnerDown(f"the connection to {place.authority} broke: {reason}")


def _faults() -> tuple[type[Exception], ...]:
    from urllib3.exceptions import HTTPError

    return (HTTPError, HTTPException, OSError)
