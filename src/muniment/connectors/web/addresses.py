"""Which addresses are public: not this machine, not its network, not a cloud's own services."""

from __future__ import annotations

import ipaddress

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What `is_global` of some Python 3.11 to 3.13 lets through: CVE-2024-4032, transition addresses
# that carry another address inside, and a cloud's metadata behind an address that looks public.
_NOT_PUBLIC = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",
            "192.88.99.0/24",
            "168.63.129.16/32",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2001::/23",
            "2002::/16",
            "3fff::/20",
            "5f00::/16",
            "fec0::/10",
        ),
    )
)


def is_public(text: str) -> bool:
    """Say whether an address of the internet is meant; what is no address is not."""
    try:
        address: _Address = ipaddress.ip_address(text)
    except ValueError:
        return False
    inner = getattr(address, "ipv4_mapped", None)
    if inner is not None:
        address = inner
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    return not any(address in network for network in _NOT_PUBLIC)
