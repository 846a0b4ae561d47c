"""Signing in over HTTP, for programs that people use (orchestration spec §3.1, §3.10)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth import logout
from django.utils.translation import get_language
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.administration.models import TokenPair
from muniment.administration.services import passwords, token_pairs
from muniment.administration.services.attempts import note_success
from muniment.administration.services.second_factor import has_second_factor
from muniment.administration.services.signing_in import check_code, user_by_password
from muniment.administration.services.token_pairs import NewPair
from muniment.administration.types import SCOPES
from muniment.connectors.mail import Mailer
from muniment.runtime.clock import Clock
from muniment.runtime.errors import Conflict, InvalidArgument, Unauthenticated
from muniment.runtime.http.schema import told
from muniment.runtime.http.views import OPEN, SELF, ApiView, Strict, read_body
from muniment.runtime.registry import adapter_of


class PairShape(s.Serializer[object]):
    """What is answered: pair of tokens."""

    access = s.CharField()
    refresh = s.CharField()
    token_type = s.ChoiceField(["Bearer"])
    expires_at = s.DateTimeField()
    refresh_expires_at = s.DateTimeField()
    username = s.CharField()
    scopes = s.ListField(child=s.CharField(), allow_null=True)


class LoginBody(Strict):
    """What is sent: login."""

    username = s.CharField(max_length=150)
    password = s.CharField(max_length=4096, trim_whitespace=False)
    code = s.CharField(max_length=64, required=False, default="", allow_blank=True)
    scopes = s.ListField(
        child=s.ChoiceField(sorted(SCOPES)), required=False, allow_null=True, default=None
    )


class RefreshBody(Strict):
    """What is sent: refresh."""

    refresh = s.CharField(max_length=200)


class ForgottenBody(Strict):
    """What is sent: forgotten password."""

    username = s.CharField(max_length=254)


class ResetBody(Strict):
    """What is sent: new password, with the secret of the letter."""

    username = s.CharField(max_length=150)
    token = s.CharField(max_length=200)
    new = s.CharField(max_length=4096, trim_whitespace=False)


class SignInView(ApiView):
    """An address for everybody; who sends a wrong password may well send a good token."""

    actions: ClassVar = {"POST": OPEN}
    is_told_once = True


class Login(SignInView):
    """A pair of tokens for a password."""

    @told(
        "Sign in: a token for 15 minutes, and one to renew it for a day",
        {200: PairShape},
        body=LoginBody,
    )
    def post(self, request: Request) -> Response:
        """Without `scopes`, all that one's roles give. Who guesses waits longer each time."""
        body, address = read_body(LoginBody, request), _address(request)
        user = user_by_password(body["username"], body["password"], address=address, clock=_clock())
        if has_second_factor(user):
            if not body["code"]:
                raise Unauthenticated("a code of the second factor is needed: send it as `code`")
            check_code(user, body["code"], address=address, clock=_clock())
        pair = token_pairs.begin_pair(
            user,
            scopes=body["scopes"],
            clock=_clock(),
            address=address,
            agent=request.headers.get("User-Agent", ""),
        )
        note_success(user.username, address, clock=_clock())
        return Response(_shown(pair))


class Refresh(SignInView):
    """New tokens for old."""

    @told("Renew both tokens; the old ones end", {200: PairShape}, body=RefreshBody)
    def post(self, request: Request) -> Response:
        """A token of renewal that is used twice was copied, and ends the pair."""
        secret = read_body(RefreshBody, request)["refresh"]
        return Response(_shown(token_pairs.renew_pair(secret, clock=_clock())))


class Logout(ApiView):
    """The end of a pair, or of a session."""

    actions: ClassVar = {"POST": SELF}

    @told(
        "Sign out: end the pair of tokens, or the session, that asks", {204: None}, problems=(422,)
    )
    def post(self, request: Request) -> Response:
        """A token that you made yourself is revoked at `/me/tokens`."""
        if isinstance(request.auth, TokenPair):
            token_pairs.end_pair(request.auth, clock=_clock())
        elif request.auth is None:
            logout(request._request)
        else:
            raise InvalidArgument("this token was not given by signing in: revoke it at /me/tokens")
        return Response(status=204)


class ForgottenPassword(SignInView):
    """A letter for who forgot their password."""

    @told(
        "Ask for a letter with a link that sets a new password",
        {202: None},
        body=ForgottenBody,
        problems=(409,),
    )
    def post(self, request: Request) -> Response:
        """By user name or address; the answer is the same whether there is such a user or not."""
        said = read_body(ForgottenBody, request)["username"].strip()
        mailer = adapter_of(Mailer)  # type: ignore[type-abstract]  # a port is a Protocol
        if not mailer.is_set_up:
            raise Conflict("this archive sends no mail; ask an administrator for a new password")
        language = get_language() or "en"
        passwords.ask_for_reset(said, address=_address(request), language=language, clock=_clock())
        return Response(status=202)


class ResetPassword(SignInView):
    """A new password by the secret of a letter."""

    @told(
        "Set a new password with the secret of the letter; all sessions end",
        {204: None},
        body=ResetBody,
        problems=(404,),
    )
    def post(self, request: Request) -> Response:
        """The secret is the last part of the link, and good once."""
        body: dict[str, Any] = read_body(ResetBody, request)
        passwords.reset_password(body["username"], body["token"], body["new"], clock=_clock())
        return Response(status=204)


def _shown(pair: NewPair) -> dict[str, object]:
    return {
        "access": pair.access,
        "refresh": pair.refresh,
        "token_type": "Bearer",
        "expires_at": pair.row.access_until.isoformat(),
        "refresh_expires_at": pair.row.refresh_until.isoformat(),
        "username": pair.row.user.username,
        "scopes": pair.row.scopes,
    }


def _address(request: Request) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
