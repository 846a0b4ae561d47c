"""Speaking to a provider: its configuration, its keys, an exchange; small JSON by HTTPS."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from muniment.connectors.oidc.refusals import SignInRefused
from muniment.runtime.errors import Misconfigured, PartnerDown

_PATIENCE_S = 10.0
_MOST_BYTES = 1 << 20
_ACCEPT = {"Accept": "application/json"}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the provider says of itself (OpenID Connect Discovery 1.0 §3)."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    end_session: str


def configuration_of(issuer: str) -> Configuration:
    """Ask the provider. Raises PartnerDown, Misconfigured when it is another than was named."""
    said = call("GET", issuer.rstrip("/") + "/.well-known/openid-configuration")
    if said.get("issuer") != issuer:
        raise Misconfigured(f"{issuer} says that it is {said.get('issuer')!r}: see oidc_issuer")
    found = Configuration(
        issuer,
        _address(said, "authorization_endpoint"),
        _address(said, "token_endpoint"),
        _address(said, "jwks_uri"),
        _address(said, "userinfo_endpoint", needed=False),
        _address(said, "end_session_endpoint", needed=False),
    )
    for address in (found.token, found.keys, found.userinfo or issuer):
        check_address(address)
    return found


def _address(said: Mapping[str, Any], name: str, *, needed: bool = True) -> str:
    found = said.get(name, "")
    if not isinstance(found, str) or (needed and not found):
        raise Misconfigured(f"the provider's configuration has no {name}")
    return found


def check_address(address: str) -> None:
    """Raise Misconfigured for what is neither HTTPS nor on this machine."""
    parts = urlsplit(address)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return
    raise Misconfigured(f"{address} is not HTTPS: secrets would go there in the clear")


def call(
    method: str,
    address: str,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Send a request and return its JSON object; no redirect is followed.

    Raises PartnerDown; SignInRefused with the provider's own word for a refused exchange.
    """
    # Late: no command speaks to a provider.
    import urllib3

    check_address(address)
    try:
        with urllib3.PoolManager(retries=False, timeout=_PATIENCE_S) as pool:
            answer = pool.request(
                method,
                address,
                body=urlencode(form) if form else None,
                headers=_ACCEPT | (_FORM if form else {}) | dict(headers or {}),
                redirect=False,
                preload_content=False,
            )
            body = answer.read(_MOST_BYTES + 1, decode_content=True)
            answer.release_conn()
    except (urllib3.exceptions.HTTPError, OSError) as exc:
        raise PartnerDown(f"the provider does not answer at {address}: {exc}") from exc
    return _object(body, answer.status, address)


def _object(body: bytes, status: int, address: str) -> dict[str, Any]:
    try:
        found = json.loads(body) if len(body) <= _MOST_BYTES else None
    except ValueError:
        found = None
    if status == 400 and isinstance(found, dict) and isinstance(found.get("error"), str):
        raise SignInRefused(f"the provider refused the exchange: {found['error'][:80]}")
    if status != 200 or not isinstance(found, dict):
        raise PartnerDown(f"the provider answered {status} without JSON at {address}")
    return found
