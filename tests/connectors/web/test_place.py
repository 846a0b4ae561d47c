"""Addresses are taken apart in one way only: what is odd is refused, nothing is guessed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muniment.connectors.web import NotGiven, Refusal
from muniment.connectors.web.place import Place, without_query
from muniment.connectors.web.statuses import LONGEST_WAIT_S, seconds_to_wait

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "host", "port", "target", "header"),
    [
        ("http://a.example", "a.example", 80, "/", "a.example"),
        ("HTTPS://A.example/x/../y", "a.example", 443, "/x/../y", "a.example"),
        ("http://a.example:443/?q#part", "a.example", 443, "/?q", "a.example:443"),
        ("https://a.example.:8443/é", "a.example", 8443, "/%C3%A9", "a.example:8443"),
        ("http://[2001:DB8::1]/x", "2001:db8::1", 80, "/x", "[2001:db8::1]"),
        ("http://a.example/a b%20?c=%zz d", "a.example", 80, "/a%20b%20?c=%zz%20d", "a.example"),
        ("http://[::1]:81/x", "::1", 81, "/x", "[::1]:81"),
    ],
)
def test_an_address_has_its_parts(url: str, host: str, port: int, target: str, header: str) -> None:
    place = Place.parse(url)
    assert (place.host, place.port, place.target) == (host, port, target)
    assert place.host_header == header


@pytest.mark.parametrize(
    "url",
    ["http://", "http:///x", "http://a.example:0/", "http://a.example:x/", "http://a.example:-1/",
     "http://ada@a.example/", "http://ada:pw@a.example/", "http://good.example\\@evil.example/",
     "http://good.example\\.evil.example/", "http://exämple.org/", "http://a..example/",
     "http://.example/", "http://a%2eexample/", "http://[::1", "http://[fe80::1%25eth0]/"],
)  # fmt: skip
def test_an_odd_address_is_malformed(url: str) -> None:
    with pytest.raises(NotGiven) as told:
        Place.parse(url)
    assert told.value.refusal is Refusal.MALFORMED


@pytest.mark.parametrize("url", ["ftp://a/x", "root://a//x", "eos:/x", "x", "", "javascript:x"])
def test_another_scheme_is_told_as_such(url: str) -> None:
    with pytest.raises(NotGiven) as told:
        Place.parse(url)
    assert told.value.refusal is Refusal.SCHEME


def parsed(url: str) -> Place | NotGiven:
    try:
        return Place.parse(url)
    except NotGiven as exc:
        return exc


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"http://a.example/{text}"):
        found = parsed(url)
        if isinstance(found, NotGiven):
            assert found.params["url"] == without_query(url)
        else:
            assert Place.parse(found.url) == found
            assert urlsplit(found.url).hostname == found.host


@given(location=st.text(max_size=40))
def test_any_redirect_leads_to_an_address_or_is_refused(location: str) -> None:
    found = parsed(Place.parse("http://a.example/b/c").joined(location))
    odd = {Refusal.MALFORMED, Refusal.SCHEME}
    assert isinstance(found, Place) or found.refusal in odd


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://ada:pw@a.example/x?signature=1#f", "https://a.example/x"),
        ("https://a.example/x@y?z", "https://a.example/x@y"),
        ("https://a.example/\x1b[2J\udcff", "https://a.example/\\x1b[2J\\xdcff"),
        ("https://a.example/" + "x" * 500, "https://a.example/" + "x" * 282),
    ],
)
def test_secrets_of_an_address_are_not_shown(url: str, shown: str) -> None:
    assert without_query(url) == shown


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0),
        (" 120 ", 120),
        ("9" * 30, LONGEST_WAIT_S),
        ("-1", None),
        ("soon", None),
        ("١٢", None),
        ("Thu, 01 Jan 2026 01:00:00 GMT", 3600),
        ("Wed, 31 Dec 2025 23:00:00 GMT", 0),
        ("Thu, 01 Jan 2099 01:00:00 GMT", LONGEST_WAIT_S),
        ("Thu, 01 Jan 2026 01:00:00 -0000", None),
        ("Thu, 99 Jan 2026 01:00:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert seconds_to_wait(header, NOW) == seconds


@given(st.text(max_size=40))
def test_any_retry_after_is_a_wait_of_a_day_at_most_or_none(header: str) -> None:
    wait = seconds_to_wait(header, NOW + timedelta(days=1))
    assert wait is None or 0 <= wait <= LONGEST_WAIT_S
