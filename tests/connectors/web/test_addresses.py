"""Which addresses are public, and what an entry of the list of hosts allows."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.connectors.web import AllowedHosts, NotGiven
from muniment.connectors.web.addresses import is_public
from muniment.connectors.web.place import Place
from muniment.runtime.errors import InvalidArgument

PRIVATE = """
0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.9 192.0.0.170 192.0.0.192 192.0.2.1 192.88.99.1
192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.255 240.0.0.1
255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::7f00:1
64:ff9b:1::1 100::1 2001::1 2001:2::1 2001:10::1 2001:db8::1 2002:7f00:1:: 3fff::1 5f00::1
fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1
"""
PUBLIC = "1.1.1.1 8.8.8.8 193.0.6.139 ::ffff:8.8.8.8 2606:4700::1111 2a00:1450:4001:80b::200e"


@pytest.mark.parametrize("address", PRIVATE.split())
def test_an_address_of_ones_own_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC.split())
def test_an_address_of_the_internet_is(address: str) -> None:
    assert is_public(address)


@given(st.text(max_size=20))
def test_what_is_no_address_is_not_public(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        assert not is_public(text)


@given(st.ip_addresses(v=4))
def test_an_address_is_judged_alike_inside_another(address: ipaddress.IPv4Address) -> None:
    assert is_public(f"::ffff:{address}") == is_public(str(address))


def may_be_anywhere(entry: str, url: str) -> bool | None:
    """Return None when the list refuses the address."""
    try:
        return AllowedHosts([entry]).allows_any_address(Place.parse(url))
    except NotGiven:
        return None


@pytest.mark.parametrize(
    ("entry", "url", "expected"),
    [
        ("example.org", "http://example.org/", False),
        ("example.org", "https://example.org/", False),
        ("example.org", "https://EXAMPLE.org.:443/", False),
        ("Example.ORG", "https://example.org/", False),
        ("example.org", "https://example.org:8443/", None),
        ("example.org", "http://example.org:443/", None),
        ("example.org", "https://www.example.org/", None),
        ("example.org:443", "https://example.org/", True),
        ("example.org:443", "http://example.org/", None),
        ("example.org:0443", "https://example.org/", True),
        ("10.0.0.1:8080", "http://10.0.0.1:8080/", True),
        ("10.0.0.1", "http://10.0.0.1/", False),
        ("[::1]:8080", "http://[::1]:8080/", True),
        ("[2001:db8::1]", "http://[2001:db8::1]/", False),
        ("[::1]", "http://[::1]:8080/", None),
    ],
)
def test_an_entry_allows_its_host_and_ports(entry: str, url: str, expected: bool | None) -> None:
    assert may_be_anywhere(entry, url) is expected


@pytest.mark.parametrize(
    "entry",
    ["", "*", "*.example.org", "http://example.org", "example.org/", "a b", "example.org:0",
     "example.org:65536", "ex\u00e4mple.org", "example.org:x", "::1"],
)  # fmt: skip
def test_an_entry_that_is_none_is_refused_with_an_example(entry: str) -> None:
    with pytest.raises(InvalidArgument, match=r"example\.org:8443"):
        AllowedHosts([entry])
