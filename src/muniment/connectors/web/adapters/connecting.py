"""Connections to the very addresses that were checked.

Name and certificate are those of the host, so a name that leads somewhere else a moment later (DNS
rebinding) changes nothing. Proxies of the environment are not asked: they would look the name up
again, out of our sight.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING

from muniment.connectors.web.place import Place
from muniment.connectors.web.watchdog import Watchdog
from muniment.runtime.errors import PartnerDown

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for a connection, and for one block of 64 KiB."""

    connect_s: float = 10.0
    stall_s: float = 60.0


USUAL = Patience()


def system_addresses(host: str, port: int) -> list[str]:
    """Ask the resolver of the machine."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Connector:
    """Opens connections; `trust`: whose certificates count, None: those the machine trusts."""

    patience: Patience
    trust: ssl.SSLContext | None = None

    def connected(
        self, place: Place, addresses: Sequence[str], watchdog: Watchdog
    ) -> HTTPConnection:
        """Connect to the first address that answers."""
        # Late: most commands never speak to anybody.
        from urllib3.connection import HTTPConnection

        reason: Exception = OSError("no address")
        for address in addresses:
            connection = HTTPConnection(address, place.port, timeout=self.patience.connect_s)
            try:
                connection.connect()
                self._secure(connection, place, watchdog)
            except faults() as exc:
                connection.close()
                reason = exc
                continue
            connection.timeout = self.patience.stall_s
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
        context = self.trust or ssl.create_default_context()
        secured = context.wrap_socket(
            connection.sock, server_hostname=place.host, do_handshake_on_connect=False
        )
        connection.sock = secured
        watchdog.guard(secured)
        secured.do_handshake()
        watchdog.alive()


def broken(place: Place, exc: Exception | None, watchdog: Watchdog) -> PartnerDown:
    """Say that a connection broke, and why."""
    reason = "it sends too slowly" if watchdog.has_cut else str(exc) or type(exc).__name__
    return PartnerDown(f"the connection to {place.authority} broke: {reason}")


def faults() -> tuple[type[Exception], ...]:
    """Return what the library raises when a partner is at fault."""
    from urllib3.exceptions import HTTPError

    return (HTTPError, HTTPException, OSError)
