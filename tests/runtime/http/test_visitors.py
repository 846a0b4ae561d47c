"""Whose address counts: the other end's, or what proxies say that are trusted, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.runtime.http.visitors import TrustedProxies, address_in

NOBODY = TrustedProxies.parse([])
PROXIES = TrustedProxies.parse(["10.0.0.0/8", "2001:db8:1::/64", "127.0.0.1"])
SOCKET = TrustedProxies.parse(["unix"])


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "visitor"),
    [
        pytest.param(NOBODY, "10.0.0.1", "192.0.2.7", "10.0.0.1", id="nobody-is-trusted"),
        pytest.param(PROXIES, "192.0.2.1", "192.0.2.7", "192.0.2.1", id="a-visitor-s-own-words"),
        pytest.param(PROXIES, "10.0.0.1", "", "10.0.0.1", id="a-proxy-that-says-nothing"),
        pytest.param(PROXIES, "10.0.0.1", "192.0.2.7", "192.0.2.7", id="one-proxy"),
        pytest.param(PROXIES, "10.0.0.1", "192.0.2.7, 10.0.0.2", "192.0.2.7", id="two-proxies"),
        pytest.param(PROXIES, "10.0.0.1", "1.1.1.1, 192.0.2.7", "192.0.2.7", id="invented-before"),
        pytest.param(PROXIES, "10.0.0.1", "127.0.0.1, 192.0.2.7", "192.0.2.7", id="as-if-ours"),
        pytest.param(PROXIES, "10.0.0.1", "192.0.2.7, lies, 10.0.0.2", "10.0.0.2", id="no-address"),
        pytest.param(PROXIES, "10.0.0.1", "unknown", "10.0.0.1", id="unknown"),
        pytest.param(PROXIES, "10.0.0.1", "10.0.0.3", "10.0.0.3", id="another-proxy-asks-itself"),
        pytest.param(PROXIES, "2001:db8:1::9", "2001:db8:2::1", "2001:db8:2::1", id="version-6"),
        pytest.param(PROXIES, "::ffff:10.0.0.1", "192.0.2.7", "192.0.2.7", id="mapped-proxy"),
        pytest.param(PROXIES, "10.0.0.1", "::ffff:192.0.2.7", "192.0.2.7", id="mapped-visitor"),
        pytest.param(PROXIES, "10.0.0.1", "192.0.2.7:4711", "192.0.2.7", id="with-a-port"),
        pytest.param(PROXIES, "10.0.0.1", "[2001:db8::1]:80", "2001:db8::1", id="brackets"),
        pytest.param(PROXIES, "10.0.0.1", "fe80::1%eth0", "10.0.0.1", id="an-interface"),
        pytest.param(PROXIES, "10.0.0.1", "192.0.2.07", "10.0.0.1", id="a-leading-zero"),
        pytest.param(PROXIES, "10.0.0.1", ", ,", "10.0.0.1", id="commas"),
        pytest.param(PROXIES, "", "192.0.2.7", "", id="a-socket-that-is-not-trusted"),
        pytest.param(SOCKET, "", "192.0.2.7", "192.0.2.7", id="a-socket-that-is"),
        pytest.param(SOCKET, "", "x", "", id="a-socket-without-sense"),
        pytest.param(SOCKET, "not an address", "192.0.2.7", "not an address", id="a-strange-peer"),
    ],
)
def test_the_visitor_is_the_last_that_is_no_proxy_of_ours(
    proxies: TrustedProxies, peer: str, forwarded: str, visitor: str
) -> None:
    assert proxies.visitor(peer, forwarded) == visitor


@given(st.text(max_size=200))
def test_nobody_but_a_proxy_changes_an_address(said: str) -> None:
    assert PROXIES.visitor("192.0.2.1", said) == "192.0.2.1"


@given(st.text(max_size=200))
def test_whatever_is_said_an_address_comes_of_it(said: str) -> None:
    assert address_in(PROXIES.visitor("10.0.0.1", said)) is not None


@given(st.lists(st.ip_addresses().map(str), max_size=30), st.ip_addresses(v=4).map(str))
def test_what_a_visitor_invents_moves_nothing(invented: list[str], real: str) -> None:
    chain = ", ".join([*invented, real])
    found = TrustedProxies.parse(["unix"]).visitor("", chain)
    assert found == real


def test_a_very_long_chain_of_proxies_is_cut_off() -> None:
    chain = ", ".join(["192.0.2.7", *["10.0.0.2"] * 5000])
    assert PROXIES.visitor("10.0.0.1", chain) == "10.0.0.2"


@pytest.mark.parametrize("entry", ["proxy.example", "10.0.0.0/33", "10.0.0.1:80", "", "*"])
def test_what_is_no_network_is_refused(entry: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        TrustedProxies.parse([entry])
