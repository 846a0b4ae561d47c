"""Who a request comes from: a bearer token, or the session of a browser."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from muniment.administration.models import ApiToken, TokenPair, User
from muniment.administration.services.token_pairs import ACCESS_PREFIX, pair_of
from muniment.administration.services.tokens import user_of_token
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Unauthenticated
from muniment.runtime.http.problems import CHALLENGE
from muniment.runtime.registry import adapter_of


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer mun_…`, or `mua_…` of who signed in; scopes narrow what they may."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken | TokenPair] | None:
        """Return the user and the token; None where the header says nothing of the kind."""
        kind, _, secret = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        try:
            return _found(secret.decode("ascii", "replace").strip())
        except Unauthenticated as exc:
            raise AuthenticationFailed(str(exc)) from exc

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  # DRF's signature
        """Return the challenge of a 401 (RFC 9110 §11.6.1)."""
        return CHALLENGE


def _found(secret: str) -> tuple[User, ApiToken | TokenPair]:
    clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
    if secret.startswith(ACCESS_PREFIX):
        pair = pair_of(secret, clock=clock)
        pair.user.scopes = None if pair.scopes is None else frozenset(pair.scopes)
        return pair.user, pair
    user, token = user_of_token(secret, clock=clock)
    user.scopes = frozenset(token.scopes)
    return user, token
