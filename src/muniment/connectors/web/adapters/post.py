"""Sends a small document by POST, to addresses that may be asked; redirects are not followed."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from contextlib import closing
from importlib.metadata import version

from muniment.connectors.web.adapters.connecting import (
    Connector,
    Patience,
    broken,
    faults,
    system_addresses,
)
from muniment.connectors.web.allowed_hosts import AllowedHosts
from muniment.connectors.web.place import Place
from muniment.connectors.web.ports import Posted
from muniment.connectors.web.reaching import Resolve, addresses_of
from muniment.connectors.web.statuses import seconds_to_wait
from muniment.connectors.web.watchdog import watching
from muniment.runtime.clock import Clock

READ_BYTES = 2000
PATIENCE = Patience(connect_s=5.0, stall_s=15.0)


class HttpPosts:
    """Implements `WebPosts` over the network."""

    def __init__(
        self,
        allowed: AllowedHosts,
        clock: Clock,
        *,
        patience: Patience = PATIENCE,
        resolve: Resolve = system_addresses,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed = allowed
        self._clock = clock
        self._resolve = resolve
        self._connector = Connector(patience, trust)

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """See `WebPosts`."""
        place = Place.parse(url)
        addresses = addresses_of(place, self._allowed, self._resolve)
        every = {
            "Host": place.host_header,
            "User-Agent": f"muniment/{version('muniment')}",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **headers,
        }
        with (
            watching(self._connector.patience.stall_s) as watchdog,
            closing(self._connector.connected(place, addresses, watchdog)) as connection,
        ):
            try:
                connection.request("POST", place.target, body, every, preload_content=False)
                with closing(connection.getresponse()) as response:
                    said = response.read(READ_BYTES, decode_content=False)
                    wait_s = seconds_to_wait(response.headers.get("Retry-After"), self._clock.now())
                    return Posted(response.status, said.decode("utf-8", "replace"), wait_s)
            except faults() as exc:
                raise broken(place, exc, watchdog) from exc
