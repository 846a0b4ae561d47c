"""Where a visitor comes from: the other end of the connection, or whom a trusted proxy names.

`X-Forwarded-For` is a list to which each proxy adds whom it was asked by, at the end. What stands
before the first entry of a proxy that we do not know may be anybody's invention.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

UNIX = "unix"
"""Stands for whoever speaks through our Unix socket: there is no address then."""

_MOST = 20
_WITH_PORT = re.compile(r"\[([0-9a-fA-F:.]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+")


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """The proxies whose word counts: networks, and our Unix socket."""

    networks: tuple[IPv6Network, ...] = ()
    by_socket: bool = False

    @classmethod
    def parse(cls, entries: Iterable[str]) -> TrustedProxies:
        """Read addresses, networks such as 10.0.0.0/8, and the word `unix`; raises ValueError."""
        words = tuple(entries)
        return cls(tuple(_network(each) for each in words if each != UNIX), UNIX in words)

    def trusts(self, address: Address | None) -> bool:
        """Say whether this is one of them; None: whoever speaks through the socket."""
        if address is None:
            return self.by_socket
        found = _as_v6(address)
        return any(found in network for network in self.networks)

    def visitor(self, peer: str, forwarded: str) -> str:
        """Return the visitor's address: the last of the chain that is no proxy of ours.

        What is no address ends the chain: then it is the proxy that told us so.
        """
        nearest = address_in(peer)
        if (peer and nearest is None) or not self.trusts(nearest):
            return peer
        for entry in reversed(forwarded.split(",")[-_MOST:] if forwarded else ()):
            named = address_in(entry)
            if named is None:
                break
            nearest = named
            if not self.trusts(named):
                break
        return "" if nearest is None else str(nearest)


@lru_cache(maxsize=8)
def trusted(entries: tuple[str, ...]) -> TrustedProxies:
    """Return what a setting means; read once."""
    return TrustedProxies.parse(entries)


def address_in(text: str) -> Address | None:
    """Return the address that a text is, with or without a port; None for anything else."""
    said = text.strip()
    if match := _WITH_PORT.fullmatch(said):
        said = match[1] or match[2]
    try:
        found = ip_address(said)
    except ValueError:
        return None
    if isinstance(found, IPv6Address):
        if found.scope_id:
            return None  # names an interface of the proxy's; any text could follow the %
        return found.ipv4_mapped or found
    return found


def _network(text: str) -> IPv6Network:
    found = ip_network(text, strict=False)
    if isinstance(found, IPv6Network):
        return found
    return IPv6Network((_as_v6(found.network_address), 96 + found.prefixlen))


def _as_v6(address: Address) -> IPv6Address:
    """Return one form for both kinds, so that a network of either is asked alike."""
    return IPv6Address(f"::ffff:{address}") if isinstance(address, IPv4Address) else address
