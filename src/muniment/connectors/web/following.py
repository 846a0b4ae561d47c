"""Asks for a file, and checks every hop before it (archive spec §1, orchestration spec §1.5).

What only differs between adapters is a `Door`: how one checked address is asked once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from muniment.connectors.web.allowed_hosts import AllowedHosts
from muniment.connectors.web.place import Place
from muniment.connectors.web.ports import NotGiven, Refusal, WebFile
from muniment.connectors.web.reaching import Resolve, addresses_of
from muniment.connectors.web.statuses import REDIRECTS, refuse_without_file
from muniment.runtime.clock import Clock

MOST_REDIRECTS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """What one address answers; `blocks` are of its body, walked at most once."""

    status: int
    blocks: Iterator[bytes]
    size_bytes: int | None = None
    location: str | None = None
    retry_after: str | None = None


Door = Callable[[Place, Sequence[str]], AbstractContextManager[Answer]]
"""Asks a place at one of these addresses, the first that opens; raises PartnerDown."""


@dataclass(frozen=True, slots=True)
class Following:
    """Follows redirects. Between the check of an address and its use nothing is looked up again."""

    allowed: AllowedHosts
    resolve: Resolve
    door: Door
    clock: Clock

    def check(self, url: str) -> None:
        """See `WebFiles`."""
        self.allowed.allows_any_address(Place.parse(url))

    @contextmanager
    def open(self, url: str) -> Iterator[WebFile]:
        """See `WebFiles`."""
        at = url
        for hop in range(MOST_REDIRECTS + 1):
            place = Place.parse(at)
            with self.door(place, addresses_of(place, self.allowed, self.resolve)) as answer:
                if answer.status not in REDIRECTS or answer.location is None:
                    refuse_without_file(
                        place, answer.status, retry_after=answer.retry_after, now=self.clock.now()
                    )
                    yield WebFile(answer.blocks, answer.size_bytes, str(place) if hop else "")
                    return
                at = place.joined(answer.location)
        place = Place.parse(url)
        raise NotGiven(
            Refusal.REDIRECTS,
            f"{place} leads on more than {MOST_REDIRECTS} times",
            {"url": str(place), "most": str(MOST_REDIRECTS)},
        )
