"""Signing in through providers, over HTTP: a foreign one from PyPI, and one with faults."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client

from muniment.administration.models import AuditEntry, ForeignIdentity, User
from muniment.administration.services.foreign_identities import ClaimRules
from muniment.administration.services.signing_in import WaysIn
from muniment.administration.services.users import ensure_first_groups
from muniment.connectors.oidc import OidcClient, Relying
from muniment.runtime.clock import SystemClock
from muniment.runtime.registry import provide, withdraw
from tests.ingest.conftest import open_archive
from tests.servers.oidc import Provider, a_foreign_provider, a_provider
from tests.web.test_sign_in import PASSWORD, ada, sign_in

pytestmark = pytest.mark.slow

__all__ = ["ada", "open_archive"]
CALLBACK = "http://localhost:8000/api/oidc/callback/"


@contextmanager
def relying_on(issuer: str, *, by_password: bool = True) -> Iterator[None]:
    """Configure the site for a provider, as the bootstrap does from settings."""
    clock = SystemClock()
    provide(OidcClient, OidcClient(Relying(issuer, "archive", "secret", CALLBACK), clock))
    provide(ClaimRules, ClaimRules(groups={"staff": "archivists"}))
    provide(WaysIn, WaysIn(by_password, "Example University"))
    try:
        yield
    finally:
        withdraw(OidcClient)
        withdraw(WaysIn)


@pytest.fixture
def provider(open_archive: object) -> Iterator[Provider]:
    ensure_first_groups()
    with a_provider() as found, relying_on(found.address):
        yield found


def come_back(client: Client, provider: Provider, **changed: str) -> object:
    state = provider.began(client.get("/login/oidc?next=/objects")["Location"])
    return client.get("/api/oidc/callback/", {"code": "good", "state": state} | changed)


def post_as_a_browser(address: str, form: dict[str, str]) -> str:
    """Send the provider's own form; return where it leads."""
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=20)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", f"{parts.path}?{parts.query}", urlencode(form), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return str(answer.headers["Location"])


def test_a_provider_that_others_wrote_signs_in_and_out(
    open_archive: object, client: Client
) -> None:
    ensure_first_groups()
    with a_foreign_provider() as issuer, relying_on(issuer):
        there = client.get("/login/oidc?next=/dashboard/")["Location"]
        back = post_as_a_browser(there, {"sub": "ada@example.org"})
        assert back.startswith(CALLBACK)
        answer = client.get(back.removeprefix("http://localhost:8000"))
        assert answer["Location"] == "/dashboard/"
        assert ForeignIdentity.objects.get().issuer == issuer
        assert client.get("/me/").status_code == 200
        signed_out = client.post("/logout/").content.decode()
        assert "/oauth2/end_session?id_token_hint=" in signed_out
        assert client.get("/me/").status_code == 302


def test_claims_give_groups_at_every_visit(provider: Provider, client: Client) -> None:
    come_back(client, provider)
    assert client.get("/submissions/new").status_code == 200
    provider.claims = {"groups": []}
    come_back(Client(), provider)
    assert client.get("/submissions/new").status_code == 403, "at once, in open sessions too"


def test_the_answer_leads_where_one_wanted(provider: Provider, client: Client) -> None:
    assert come_back(client, provider)["Location"] == "/objects"  # type: ignore[index]  # Django's


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_one_goes_on_only_on_this_site(wanted: str, provider: Provider, client: Client) -> None:
    state = provider.began(client.get("/login/oidc", {"next": wanted})["Location"])
    answer = client.get("/api/oidc/callback/", {"code": "good", "state": state})
    assert answer["Location"] == "/"


@pytest.mark.parametrize("state", ["", "another", "é", "x" * 5000])
def test_an_answer_to_another_sign_in_is_refused(
    state: str, provider: Provider, client: Client
) -> None:
    answer = come_back(client, provider, state=state)
    assert answer.status_code == 401  # type: ignore[attr-defined]  # Django's
    assert not User.objects.exists()


def test_an_answer_counts_once(provider: Provider, client: Client) -> None:
    state = provider.began(client.get("/login/oidc")["Location"])
    query = {"code": "good", "state": state}
    assert client.get("/api/oidc/callback/", query).status_code == 302
    assert client.get("/api/oidc/callback/", query).status_code == 401


def test_an_answer_in_a_browser_that_asked_nothing_is_refused(
    provider: Provider, client: Client
) -> None:
    state = provider.began(client.get("/login/oidc")["Location"])
    answer = Client().get("/api/oidc/callback/", {"code": "good", "state": state})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "claims", [{"nonce": "x"}, {"aud": "x"}, {"exp": 1}, {"iss": "https://x.example"}], ids=str
)
def test_a_wrong_token_is_a_page_with_a_reason_and_a_line_in_the_trail(
    claims: dict[str, object], provider: Provider, client: Client
) -> None:
    provider.claims = claims
    answer = come_back(client, provider)
    assert answer.status_code == 401  # type: ignore[attr-defined]  # Django's
    page = answer.content.decode()  # type: ignore[attr-defined]  # likewise
    assert "the token is" in page
    assert "Traceback" not in page
    told = AuditEntry.objects.filter(action="sign-in").latest("number")
    assert (told.outcome, told.actor) == ("refused", "anonymous")
    assert client.get("/me/").status_code == 302


def test_a_refusal_of_the_provider_stays_text(provider: Provider, client: Client) -> None:
    answer = come_back(client, provider, error="<script>alert(1)</script>")
    page = answer.content.decode()  # type: ignore[attr-defined]  # Django's
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_provider_that_is_away_is_told_as_such(provider: Provider, client: Client) -> None:
    provider.status = 500
    answer = client.get("/login/oidc")
    assert answer.status_code == 503
    assert "Try again in a while" in answer.content.decode()


def test_the_password_can_be_switched_off(ada: User, client: Client) -> None:
    with relying_on("http://127.0.0.1:1", by_password=False):
        page = client.get("/login/").content.decode()
        assert 'name="password"' not in page
        assert "Sign in through Example University" in page
        assert sign_in(client, password=PASSWORD) == 401


def test_without_a_provider_there_is_no_such_way(open_archive: object, client: Client) -> None:
    assert "/login/oidc" not in client.get("/login/").content.decode()
    assert client.get("/login/oidc")["Location"] == "/login/"
    assert client.get("/api/oidc/callback/?code=a&state=b").status_code == 401
