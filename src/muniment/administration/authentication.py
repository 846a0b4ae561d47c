"""Who a request comes from: a bearer token, or the session of a browser."""

from __future__ import annotations

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from muniment.administration.models import ApiToken, User
from muniment.administration.services.tokens import user_of_token
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Unauthenticated
from muniment.runtime.http.problems import CHALLENGE
from muniment.runtime.registry import adapter_of


class BearerToken(BaseAuthentication):
    """`Authorization: Bearer mun_…`; the user has the rights that the token's scopes leave."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the user and the token; None where the header says nothing of the kind."""
        kind, _, secret = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        clock = adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
        try:
            user, token = user_of_token(secret.decode("ascii", "replace").strip(), clock=clock)
        except Unauthenticated as exc:
            raise AuthenticationFailed(str(exc)) from exc
        user.scopes = frozenset(token.scopes)
        return user, token

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002  # DRF's signature
        """Return the challenge of a 401 (RFC 9110 §11.6.1)."""
        return CHALLENGE
