"""At which addresses a place may be asked: those that are public, or that are listed exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from muniment.connectors.web.addresses import is_public
from muniment.connectors.web.allowed_hosts import AllowedHosts
from muniment.connectors.web.place import Place
from muniment.connectors.web.ports import NotGiven, Refusal
from muniment.runtime.errors import PartnerDown

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port to addresses; OSError when there are none."""


def addresses_of(place: Place, allowed: AllowedHosts, resolve: Resolve) -> Sequence[str]:
    """Return the addresses that may be asked.

    Raises NotGiven; PartnerDown for a name that leads nowhere now.
    """
    is_any_allowed = allowed.allows_any_address(place)
    try:
        found = resolve(place.host, place.port)
    except (OSError, UnicodeError) as exc:
        raise PartnerDown(f"{place.host} has no address now: {exc}") from exc
    usable = found if is_any_allowed else [each for each in found if is_public(each)]
    if found and not usable:
        addresses = ", ".join(found)
        raise NotGiven(
            Refusal.ADDRESS,
            f"{place} is not asked: {addresses} is no public address; an administrator may "
            f"list {place.authority} in the setting {allowed.setting}",
            {"url": str(place), "addresses": addresses, "entry": place.authority},
        )
    return usable
