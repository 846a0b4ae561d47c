"""A web in memory: for tests, and for whoever tries the archive without a network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from muniment.connectors.web.allowed_hosts import AllowedHosts
from muniment.connectors.web.following import Answer, Following
from muniment.connectors.web.place import Place
from muniment.connectors.web.ports import WebFile
from muniment.runtime.clock import Clock, SystemClock
from muniment.runtime.errors import PartnerDown

_BLOCK_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Page:
    """What an address answers. With `breaks_after` the connection breaks after so many bytes."""

    body: bytes = b""
    status: int = 200
    location: str | None = None
    retry_after: str | None = None
    breaks_after: int | None = None


class MemoryWeb:
    """Implements `WebFiles` over pages by address; other addresses answer 404.

    `addresses` says where a host's name leads; a host that is not there has no address.
    """

    def __init__(
        self,
        pages: Mapping[str, Page],
        allowed: AllowedHosts,
        addresses: Mapping[str, Sequence[str]],
        clock: Clock | None = None,
    ) -> None:
        self._pages = pages
        self._addresses = addresses
        self._following = Following(allowed, self._resolve, self._door, clock or SystemClock())

    def check(self, url: str) -> None:
        """See `WebFiles`."""
        self._following.check(url)

    def open(self, url: str) -> AbstractContextManager[WebFile]:
        """See `WebFiles`."""
        return self._following.open(url)

    def _resolve(self, host: str, _port: int) -> Sequence[str]:
        if host not in self._addresses:
            raise OSError("nobody knows it")
        return self._addresses[host]

    @contextmanager
    def _door(self, place: Place, _addresses: Sequence[str]) -> Iterator[Answer]:
        page = self._pages.get(place.url, Page(status=404))
        yield Answer(page.status, _blocks(page), len(page.body), page.location, page.retry_after)


def _blocks(page: Page) -> Iterator[bytes]:
    end = len(page.body) if page.breaks_after is None else page.breaks_after
    for start in range(0, end, _BLOCK_BYTES):
        yield page.body[start : min(start + _BLOCK_BYTES, end)]
    if page.breaks_after is not None:
        raise PartnerDown("the connection broke")
