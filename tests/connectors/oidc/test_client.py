"""What a provider sends is believed only when all of it is right (Core §3.1.3.7)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey, RSAKey

from muniment.connectors.oidc import OidcClient, Relying, SignInRefused, claim_values
from muniment.connectors.oidc.client import SignedInThere
from muniment.runtime.clock import SystemClock
from muniment.runtime.errors import Misconfigured, PartnerDown
from tests.servers.oidc import Provider, a_provider
from tests.servers.web import a_dead_port

CALLBACK = "https://archive.example.org/api/oidc/callback/"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with a_provider() as found:
        yield found


def a_client(provider: Provider) -> OidcClient:
    relying = Relying(provider.address, "archive", "its secret", CALLBACK)
    return OidcClient(relying, SystemClock())


def sign_in(provider: Provider, client: OidcClient | None = None) -> SignedInThere:
    client = client or a_client(provider)
    begun = client.begin()
    assert provider.began(begun.address) == begun.state
    return client.finish("good", nonce=begun.nonce, verifier=begun.verifier)


def test_the_browser_is_sent_with_all_that_binds_the_answer(provider: Provider) -> None:
    one, two = (a_client(provider).begin() for _ in range(2))
    said = parse_qs(urlsplit(one.address).query)
    assert said["redirect_uri"] == [CALLBACK]
    assert said["response_type"] == ["code"]
    assert said["scope"] == ["openid email profile"]
    assert one.verifier not in one.address
    assert not {one.state, one.nonce, one.verifier} & {two.state, two.nonce, two.verifier}


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (RSAKey.generate_key(2048, {"kid": "a"}), {"alg": "RS256", "kid": "a"}),
        (ECKey.generate_key("P-256", {"kid": "b"}), {"alg": "ES256", "kid": "b"}),
        (RSAKey.generate_key(2048), {"alg": "RS256"}),
    ],
    ids=["rs256", "es256", "without a name"],
)
def test_a_good_token_is_believed(
    key: RSAKey | ECKey, header: dict[str, str], provider: Provider
) -> None:
    provider.keys, provider.header = [key], header
    assert sign_in(provider).claims["sub"] == "s-1"


LONG_AGO, FAR_AHEAD = 1_000_000_000, 9_000_000_000


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"nonce": "another"}, "another sign-in"),
        ({"nonce": None}, "another sign-in"),
        ({"nonce": 7}, "another sign-in"),
        ({"aud": "somebody"}, "somebody else"),
        ({"aud": None}, "somebody else"),
        ({"aud": ["archive", "other"]}, "somebody else"),
        ({"azp": "other"}, "somebody else"),
        ({"iss": "https://evil.example"}, "another provider"),
        ({"iss": None}, "another provider"),
        ({"exp": LONG_AGO}, "too old"),
        ({"exp": None}, "when it is good"),
        ({"exp": "tomorrow"}, "when it is good"),
        ({"iat": None}, "when it is good"),
        ({"iat": FAR_AHEAD}, "future"),
        ({"nbf": FAR_AHEAD}, "future"),
        ({"sub": None}, "nobody"),
        ({"sub": ""}, "nobody"),
        ({"sub": ["a"]}, "nobody"),
        ({"sub": "x" * 256}, "nobody"),
    ],
    ids=str,
)
def test_a_claim_that_is_wrong_is_refused(
    claims: dict[str, object], reason: str, provider: Provider
) -> None:
    provider.claims = claims
    with pytest.raises(SignInRefused, match=reason):
        sign_in(provider)


def test_two_audiences_are_good_when_we_are_the_one_that_asked(provider: Provider) -> None:
    provider.claims = {"aud": ["archive", "other"], "azp": "archive"}
    assert sign_in(provider).claims["azp"] == "archive"


def unsigned(provider: Provider) -> str:
    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    body = provider.id_token().split(".")[1]
    return f"{part({'alg': 'none'})}.{body}."


def test_a_token_without_signature_is_refused(provider: Provider) -> None:
    client = a_client(provider)
    begun = client.begin()
    provider.began(begun.address)
    provider.token = unsigned(provider)
    with pytest.raises(SignInRefused, match="not signed"):
        client.finish("good", nonce=begun.nonce, verifier=begun.verifier)


def test_the_public_key_is_no_shared_secret(provider: Provider) -> None:
    """The old trick: sign by HMAC with the public key that everybody has."""
    rsa = provider.keys[0]
    assert isinstance(rsa, RSAKey)
    provider.signed_by = OctKey.import_key(rsa.as_pem(private=False).hex())
    provider.header = {"alg": "HS256", "kid": "one"}
    with pytest.raises(SignInRefused, match="not signed"):
        sign_in(provider)


def test_a_token_of_another_key_is_refused(provider: Provider) -> None:
    provider.signed_by = RSAKey.generate_key(2048, {"kid": "one"})
    with pytest.raises(SignInRefused, match="not signed"):
        sign_in(provider)


def test_a_key_that_the_token_brings_itself_is_not_used(provider: Provider) -> None:
    mine = RSAKey.generate_key(2048, {"kid": "mine"})
    provider.signed_by = mine
    provider.header = {"alg": "RS256", "kid": "mine", "jwk": mine.as_dict(private=False)}
    with pytest.raises(SignInRefused):
        sign_in(provider)


def test_a_new_key_of_the_provider_is_asked_for_once(provider: Provider) -> None:
    client = a_client(provider)
    sign_in(provider, client)
    provider.keys = [RSAKey.generate_key(2048, {"kid": "two"})]
    provider.header = {"alg": "RS256", "kid": "two"}
    sign_in(provider, client)
    assert provider.asked.count("/keys") == 2


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "..", "\u00e9.b.c", "a" * 100_000])
def test_what_is_no_token_is_refused(token: str, provider: Provider) -> None:
    provider.token = token
    with pytest.raises(SignInRefused):
        sign_in(provider)


def test_without_the_verifier_a_code_is_worth_nothing(provider: Provider) -> None:
    client = a_client(provider)
    begun = client.begin()
    provider.began(begun.address)
    with pytest.raises(SignInRefused, match="invalid_grant"):
        client.finish("good", nonce=begun.nonce, verifier="stolen without it")


def test_claims_of_userinfo_are_added_and_the_tokens_win(provider: Provider) -> None:
    provider.userinfo = {"sub": "s-1", "department": "maps", "email": "other@example.org"}
    claims = sign_in(provider).claims
    assert (claims["department"], claims["email"]) == ("maps", "ada@example.org")


def test_userinfo_of_somebody_else_is_refused(provider: Provider) -> None:
    provider.userinfo = {"sub": "s-2"}
    with pytest.raises(SignInRefused, match="somebody else"):
        sign_in(provider)


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example/token"},
        {"jwks_uri": 7},
        {"authorization_endpoint": ""},
    ],
    ids=str,
)
def test_a_provider_that_says_it_is_another_is_for_the_operator(
    discovery: dict[str, object], provider: Provider
) -> None:
    provider.discovery = discovery
    with pytest.raises(Misconfigured):
        a_client(provider).begin()


def test_a_provider_that_is_away_or_ill_is_tried_later(provider: Provider) -> None:
    provider.status = 500
    with pytest.raises(PartnerDown):
        a_client(provider).begin()
    provider.address = f"http://127.0.0.1:{a_dead_port()}"
    with pytest.raises(PartnerDown):
        a_client(provider).begin()


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("groups", {"a", "b"}),
        ("resource_access.archive.roles", {"c"}),
        ("with.dots", {"d"}),
        ("one", {"e"}),
        ("nothing", set()),
        ("one.more", set()),
        ("resource_access", set()),
    ],
)
def test_roles_are_read_at_their_path(path: str, values: set[str]) -> None:
    claims = {
        "groups": ["a", "b", 7, None],
        "resource_access": {"archive": {"roles": ["c"]}},
        "with.dots": ["d"],
        "one": "e",
    }
    assert claim_values(claims, path) == values


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@settings(max_examples=25)  # each builds deep claims
@given(claims=st.dictionaries(st.text(), JSON), path=st.text())
def test_no_claims_are_a_fault(claims: dict[str, object], path: str) -> None:
    assert all(isinstance(each, str) for each in claim_values(claims, path))
