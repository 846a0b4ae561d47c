"""Behind a proxy: limits, sign-in and the audit trail go by the visitor's address."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from muniment.administration.models import AuditEntry, SignInAttempts
from muniment.runtime.settings import settings
from tests.ingest.open_archive import OpenArchive

PROXY, VISITOR, OTHER = "10.0.0.1", "192.0.2.7", "192.0.2.8"


@pytest.fixture(autouse=True)
def _proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MUNIMENT_TRUSTED_PROXIES", PROXY)
    monkeypatch.setenv("MUNIMENT_RATE_LIMIT_REFUSED", "3")
    settings.cache_clear()
    yield
    settings.cache_clear()


def ask(said: str, *, peer: str = PROXY) -> int:
    """Send a token that nobody has, through `peer`, which says `said`."""
    headers = {"authorization": "Bearer mun_x", "x-forwarded-for": said}
    return Client(headers=headers).get("/api/v1/objects", REMOTE_ADDR=peer).status_code


@pytest.mark.usefixtures("open_archive")
def test_who_is_refused_too_often_is_a_visitor_and_not_the_proxy() -> None:
    answers = [ask(VISITOR) for _ in range(9)]
    assert 429 in answers
    assert ask(OTHER) == 401


@pytest.mark.usefixtures("open_archive")
def test_a_visitor_who_invents_addresses_is_one_visitor() -> None:
    invented = [ask(f"198.51.100.{number}", peer=VISITOR) for number in range(9)]
    through = [ask(f"198.51.100.{number}, {OTHER}") for number in range(9)]
    assert 429 in invented
    assert 429 in through


def test_guessing_is_counted_and_audited_by_visitor(open_archive: OpenArchive) -> None:
    del open_archive
    form = {"username": "ada", "password": "guess"}
    client = Client(headers={"x-forwarded-for": f"nonsense, {VISITOR}"})
    assert client.post("/login/", form, REMOTE_ADDR=PROXY).status_code == 401
    keys = set(SignInAttempts.objects.values_list("key", flat=True))
    assert f"sign-in address:{VISITOR}" in keys
    assert set(AuditEntry.objects.filter(action="sign-in").values_list("address", flat=True)) == {
        VISITOR
    }


@pytest.mark.usefixtures("open_archive")
@pytest.mark.parametrize(
    "said", ["\x00", "a" * 7000, "," * 7000, "192.0.2.7" * 700, "%00", "☃", "1.1.1.1\r\nX: y"]
)
def test_hostile_headers_are_nobody_s_address(said: str) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/healthz", REMOTE_ADDR=PROXY, HTTP_X_FORWARDED_FOR=said)
    assert answer.status_code == 200
    assert answer.wsgi_request.META["REMOTE_ADDR"] == PROXY
