"""Who asks too often waits; sites of others read only when they are listed; `/api` says what is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.test import Client

from muniment.runtime.actor import Role
from muniment.runtime.settings import settings
from muniment.site.rate_limits import Counts
from tests.ingest.open_archive import OpenArchive
from tests.site.conftest import Caller, SignIn

Set = Callable[..., None]


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> Set:
    """Set settings of this test."""

    def set_(**values: str) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"MUNIMENT_{name.upper()}", value)
        settings.cache_clear()

    return set_


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    yield
    settings.cache_clear()


def test_every_answer_says_what_is_left(archivist: Caller) -> None:
    first, second = archivist.get("objects"), archivist.get("objects")
    assert first["RateLimit-Limit"] == "6000"
    assert int(first["RateLimit-Remaining"]) <= 5999
    assert 1 <= int(second["RateLimit-Reset"]) <= 60


def test_who_asks_too_often_waits_and_others_do_not(
    configured: Set, archivist: Caller, sign_in: SignIn
) -> None:
    configured(rate_limit="3")
    answers = [archivist.get("objects") for _ in range(9)]
    last = answers[-1]
    assert 429 in {each.status_code for each in answers}
    assert last.status_code in {200, 429}  # a new minute may have begun
    refused = next(each for each in answers if each.status_code == 429)
    assert refused.json()["code"] == "rate-limited"
    assert 1 <= int(refused["Retry-After"]) <= 60
    assert refused["RateLimit-Remaining"] == "0"
    assert sign_in(Role.MANAGER).get("objects").status_code == 200


def test_who_is_refused_again_and_again_is_not_even_asked(
    configured: Set, open_archive: OpenArchive
) -> None:
    configured(rate_limit_refused="3")
    statuses = {
        Client(headers={"authorization": f"Bearer mun_{guess}"}).get("/api/v1/me").status_code
        for guess in range(12)
    }
    assert statuses == {401, 429}


def test_no_limit_no_headers(configured: Set, archivist: Caller) -> None:
    configured(rate_limit="0")
    assert "RateLimit-Limit" not in archivist.get("objects")


def test_counts_are_one_over_all_threads_and_connections(tmp_path: Path) -> None:
    counts = Counts(tmp_path / "counts.sqlite3", 60)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: counts.add("ada"), range(200)))
    assert counts.add("ada", 0) == 200
    assert Counts(tmp_path / "counts.sqlite3", 120).add("ada") == 1
    assert counts.add("ada", 0) == 0


def test_without_a_list_no_other_site_reads(archivist: Caller) -> None:
    answer = archivist.get("objects", origin="https://evil.example")
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


def test_a_listed_site_reads_and_may_ask_before(configured: Set, archivist: Caller) -> None:
    configured(cors_origins="https://good.example")
    answer = archivist.get("objects", origin="https://good.example")
    assert answer["Access-Control-Allow-Origin"] == "https://good.example"
    assert "Origin" in answer["Vary"]
    assert "Access-Control-Allow-Credentials" not in answer
    asked = archivist.send(
        "OPTIONS",
        "objects",
        **{"origin": "https://good.example", "access-control-request-method": "GET"},
    )
    assert asked.status_code == 204
    assert "Authorization" in asked["Access-Control-Allow-Headers"]
    for other in ("https://evil.example", "null", "https://good.example.evil.example"):
        refused = archivist.get("objects", origin=other)
        assert "Access-Control-Allow-Origin" not in refused


@pytest.mark.parametrize("address", ["/api", "/api/", "/api/v1"])
def test_the_root_says_where_everything_is(open_archive: OpenArchive, address: str) -> None:
    found = Client().get(address).json()
    assert found["versions"][0]["root"] == "http://testserver/api/v1"
    assert Client().get(found["openapi"]["json"]).status_code == 200
