"""Checking an ID token (OpenID Connect Core 1.0 §3.1.3.7)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from muniment.connectors.oidc.refusals import SignInRefused

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ALGORITHMS = ("RS256", "ES256")
"""Signatures by a key of the provider alone: none by a shared secret, and never `none`."""
_LEEWAY_S = 60


class UnknownKey(SignInRefused):
    """The token names a key that we have not seen; the provider may have a new one."""


def checked_claims(  # one keyword for each thing that is compared
    text: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: datetime
) -> dict[str, Any]:
    """Return the claims of a token that is the provider's, for us, of this sign-in, and of now.

    Raises SignInRefused, UnknownKey.
    """
    claims = _signed_claims(text, keys)
    _check_times(claims, now)
    if claims.get("iss") != issuer:
        raise SignInRefused("the token is of another provider")
    audience = claims.get("aud")
    for_whom = audience if isinstance(audience, list) else [audience]
    if client_id not in for_whom or (len(for_whom) > 1 and claims.get("azp") != client_id):
        raise SignInRefused("the token is for somebody else")
    if claims.get("azp", client_id) != client_id:
        raise SignInRefused("the token is for somebody else")
    said = claims.get("nonce")
    if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
        raise SignInRefused("the token is of another sign-in")
    if not isinstance(claims.get("sub"), str) or not 0 < len(claims["sub"]) <= 255:
        raise SignInRefused("the token names nobody")
    return claims


def _signed_claims(text: str, keys: KeySet) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import InvalidKeyIdError, JoseError

    try:
        token = jwt.decode(text, keys, algorithms=ALGORITHMS)
    except InvalidKeyIdError as exc:
        raise UnknownKey("the token is signed by a key that the provider does not show") from exc
    except (JoseError, ValueError, TypeError) as exc:
        raise SignInRefused("the token is not signed by the provider") from exc
    if not isinstance(token.claims, dict):
        raise SignInRefused("the token says nothing")
    return token.claims


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    at = now.timestamp()
    ends, begins, made = claims.get("exp"), claims.get("nbf", 0), claims.get("iat")
    if not all(isinstance(each, int | float) for each in (ends, begins, made)):
        raise SignInRefused("the token does not say when it is good")
    if at > float(ends) + _LEEWAY_S:  # type: ignore[arg-type]  # a number: checked above
        raise SignInRefused("the token is too old")
    if at < max(float(begins), float(made)) - _LEEWAY_S:  # type: ignore[arg-type]  # likewise
        raise SignInRefused("the token is of the future; is a clock wrong?")
