"""Authorization code with PKCE (OpenID Connect Core 1.0 §3.1, RFC 7636)."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from muniment.connectors.oidc.id_tokens import UnknownKey, checked_claims
from muniment.connectors.oidc.provider import Configuration, call, configuration_of
from muniment.connectors.oidc.refusals import SignInRefused
from muniment.runtime.clock import Clock
from muniment.runtime.errors import PartnerDown

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

_KNOWN_FOR_S = 300.0


@dataclass(frozen=True, slots=True)
class Relying:
    """Who we are at the provider."""

    issuer: str
    client_id: str
    client_secret: str
    callback: str
    scopes: str = "openid email profile"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun: where the browser goes, and what must come back with it."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class SignedInThere:
    """Whom the provider names, and its token, which signing out there needs."""

    claims: dict[str, Any]
    id_token: str


class OidcClient:
    """Speaks to one provider; its configuration and keys are asked for every five minutes."""

    def __init__(self, relying: Relying, clock: Clock) -> None:
        self._relying = relying
        self._clock = clock
        self._lock = threading.Lock()
        self._known: tuple[float, Configuration, KeySet] | None = None

    def begin(self) -> Begun:
        """Return where to send the browser. Raises PartnerDown, Misconfigured."""
        configuration, _ = self._provider()
        state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        verifier = secrets.token_urlsafe(48)
        asked = {
            "response_type": "code",
            "client_id": self._relying.client_id,
            "redirect_uri": self._relying.callback,
            "scope": self._relying.scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        mark = "&" if "?" in configuration.authorization else "?"
        address = f"{configuration.authorization}{mark}{urlencode(asked)}"
        return Begun(address, state, nonce, verifier)

    def finish(self, code: str, *, nonce: str, verifier: str) -> SignedInThere:
        """Exchange the code and check what comes. Raises SignInRefused, PartnerDown."""
        configuration, keys = self._provider()
        answer = call(
            "POST", configuration.token, form=self._form(code, verifier), headers=self._who()
        )
        text = answer.get("id_token")
        if not isinstance(text, str):
            raise SignInRefused("the provider sent no token")
        try:
            claims = self._checked(text, keys, nonce)
        except UnknownKey:
            _, keys = self._provider(anew=True)
            claims = self._checked(text, keys, nonce)
        return SignedInThere(self._with_userinfo(claims, answer, configuration), text)

    def sign_out_address(self, id_token: str, then: str) -> str:
        """Return where one signs out at the provider; "" when it has no such place."""
        configuration, _ = self._provider()
        if not configuration.end_session:
            return ""
        asked = {"id_token_hint": id_token, "post_logout_redirect_uri": then}
        return f"{configuration.end_session}?{urlencode(asked)}"

    def _checked(self, text: str, keys: KeySet, nonce: str) -> dict[str, Any]:
        return checked_claims(
            text,
            keys,
            issuer=self._relying.issuer,
            client_id=self._relying.client_id,
            nonce=nonce,
            now=self._clock.now(),
        )

    def _form(self, code: str, verifier: str) -> dict[str, str]:
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._relying.callback,
            "code_verifier": verifier,
        }

    def _who(self) -> dict[str, str]:
        """Return our name and secret (RFC 6749 §2.3.1: form-encoded, then Basic)."""
        pair = f"{quote(self._relying.client_id, '')}:{quote(self._relying.client_secret, '')}"
        return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}

    def _with_userinfo(
        self, claims: dict[str, Any], answer: dict[str, Any], configuration: Configuration
    ) -> dict[str, Any]:
        """Add what the provider says only there; the token's own claims win (Core §5.3)."""
        access = answer.get("access_token")
        if not configuration.userinfo or not isinstance(access, str) or not access.isascii():
            return claims
        told = call("GET", configuration.userinfo, headers={"Authorization": f"Bearer {access}"})
        if told.get("sub") != claims["sub"]:
            raise SignInRefused("the provider tells of somebody else")
        return told | claims

    def _provider(self, *, anew: bool = False) -> tuple[Configuration, KeySet]:
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        with self._lock:
            now = self._clock.monotonic_s()
            if self._known and not anew and now - self._known[0] < _KNOWN_FOR_S:
                return self._known[1], self._known[2]
            configuration = configuration_of(self._relying.issuer)
            try:
                keys = KeySet.import_key_set(call("GET", configuration.keys))  # type: ignore[arg-type]  # JSON of others
            except (JoseError, KeyError, ValueError, TypeError) as exc:
                raise PartnerDown("the provider shows no keys that we understand") from exc
            self._known = (now, configuration, keys)
            return configuration, keys


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
