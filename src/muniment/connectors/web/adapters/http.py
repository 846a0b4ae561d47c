"""Files by http and https, from the very addresses that were checked."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from muniment.connectors.web.adapters.connecting import (
    USUAL,
    Connector,
    Patience,
    broken,
    faults,
    system_addresses,
)
from muniment.connectors.web.allowed_hosts import AllowedHosts
from muniment.connectors.web.following import Answer, Following
from muniment.connectors.web.place import Place
from muniment.connectors.web.ports import WebFile
from muniment.connectors.web.reaching import Resolve
from muniment.connectors.web.watchdog import Watchdog, watching
from muniment.runtime.clock import Clock

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse
    from urllib3.connection import HTTPConnection

BLOCK_BYTES = 64 * 1024


class HttpWeb:
    """Implements `WebFiles` over the network; opens nothing before it is asked."""

    def __init__(
        self,
        allowed: AllowedHosts,
        clock: Clock,
        *,
        patience: Patience = USUAL,
        resolve: Resolve = system_addresses,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`trust`: whose certificates count; without it those that the machine trusts."""
        self._patience = patience
        self._connector = Connector(patience, trust)
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
            closing(self._connector.connected(place, addresses, watchdog)) as connection,
            closing(_asked(connection, place, watchdog)) as response,
        ):
            yield _answer(response, place, watchdog)


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
    except faults() as exc:
        raise broken(place, exc, watchdog) from exc
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
    except faults() as exc:
        raise broken(place, exc, watchdog) from exc
    if watchdog.has_cut:  # to a body without a length this looks like its end
        raise broken(place, None, watchdog)
