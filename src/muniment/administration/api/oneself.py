"""Oneself, one's tokens, sessions and second factor over HTTP (orchestration spec §3.10)."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.administration import documents, totp
from muniment.administration.models import User
from muniment.administration.queries import sign_ins_of, tokens_of
from muniment.administration.services import second_factor, sessions, tokens
from muniment.administration.types import SCOPES
from muniment.runtime.clock import Clock
from muniment.runtime.errors import PermissionDenied, Unauthenticated
from muniment.runtime.http.lists import ListRules, whole_list_answer
from muniment.runtime.http.schema import told
from muniment.runtime.http.views import SELF, ApiView, Strict, actor_of, read_body
from muniment.runtime.registry import adapter_of
from muniment.runtime.secret_box import SecretBox


class MeShape(s.Serializer[object]):
    """What is answered: me."""

    username = s.CharField()
    full_name = s.CharField()
    email = s.CharField()
    roles = s.ListField(child=s.CharField())
    scopes = s.ListField(child=s.CharField(), allow_null=True)


class TokenShape(s.Serializer[object]):
    """What is answered: token."""

    name = s.CharField()
    hint = s.CharField()
    scopes = s.ListField(child=s.CharField())
    created_at = s.DateTimeField()
    expires_at = s.DateTimeField(allow_null=True)
    last_used_at = s.DateTimeField(allow_null=True)


class NewTokenShape(TokenShape):
    """What is answered: new token."""

    token = s.CharField()


class TokenBody(Strict):
    """What is sent: token."""

    name = s.CharField(max_length=100)
    scopes = s.ListField(child=s.ChoiceField(sorted(SCOPES)), min_length=1)
    days = s.IntegerField(min_value=1, max_value=3660, required=False, default=365)


class SessionShape(s.Serializer[object]):
    """What is answered: session."""

    name = s.CharField()
    kind = s.ChoiceField(["browser", "program"])
    number = s.IntegerField()
    at = s.DateTimeField()
    address = s.CharField()
    agent = s.CharField()


class SecretShape(s.Serializer[object]):
    """What is answered: secret."""

    secret = s.CharField()
    address = s.CharField()


class CodeBody(Strict):
    """What is sent: code."""

    code = s.CharField(max_length=64)


class CodesShape(s.Serializer[object]):
    """What is answered: codes."""

    recovery_codes = s.ListField(child=s.CharField())


TOKENS = ListRules(TokenShape, sorts={"name": "name"}, default="name")
SESSIONS = ListRules(SessionShape, sorts={"at": ("at", "name"), "name": "name"}, default="-at")


def oneself_of(request: Request) -> User:
    """Return who asks."""
    if not isinstance(request.user, User):
        raise Unauthenticated("this needs a token or a signed-in session")
    return request.user


class Me(ApiView):
    """Who one is here."""

    actions: ClassVar = {"GET": SELF}

    @told("Show who one is and what one may do", {200: MeShape})
    def get(self, request: Request) -> Response:
        """Give name, roles and the scopes of the token."""
        return Response(documents.me(oneself_of(request)))


class MyTokens(ApiView):
    """One's own tokens."""

    actions: ClassVar = {"GET": SELF, "POST": SELF}
    parameters = TOKENS.parameters
    is_told_once = True

    @TOKENS.told("List one's tokens")
    def get(self, request: Request) -> Response:
        """Give those that are not revoked; never the secrets."""
        rows = tokens_of(oneself_of(request))
        return whole_list_answer(request, [documents.token(each) for each in rows], TOKENS)

    @told(
        "Make a token; its secret is shown this once",
        {201: NewTokenShape},
        body=TokenBody,
        problems=(409, 422),
    )
    def post(self, request: Request) -> Response:
        """A token cannot make a token with more scopes than its own."""
        user, body = oneself_of(request), read_body(TokenBody, request)
        if user.scopes is not None and not set(body["scopes"]) <= user.scopes:
            raise PermissionDenied("a token gives no more than it has itself")
        row, secret = tokens.create_token(
            user,
            body["name"],
            scopes=body["scopes"],
            life=timedelta(days=body["days"]),
            actor=actor_of(request),
            clock=_clock(),
        )
        return Response(documents.token(row) | {"token": secret}, status=201)


class MyToken(ApiView):
    """One of one's tokens."""

    actions: ClassVar = {"DELETE": SELF}

    @told("Revoke a token", {204: None}, problems=(404,))
    def delete(self, request: Request, name: str) -> Response:
        """End it at once."""
        tokens.revoke_token(oneself_of(request), name, actor=actor_of(request), clock=_clock())
        return Response(status=204)


class MySessions(ApiView):
    """Where one is signed in."""

    actions: ClassVar = {"GET": SELF, "DELETE": SELF}
    parameters = SESSIONS.parameters

    @SESSIONS.told("List where one is signed in")
    def get(self, request: Request) -> Response:
        """Give sessions of browsers, and programs that signed in; tokens are listed apart."""
        rows = sign_ins_of(oneself_of(request), clock=_clock())
        return whole_list_answer(request, [documents.session(each) for each in rows], SESSIONS)

    @told("Sign out everywhere", {204: None})
    def delete(self, request: Request) -> Response:
        """End every session, the one that asks included; tokens that one made go on."""
        sessions.end_sessions(oneself_of(request), actor=actor_of(request), clock=_clock())
        return Response(status=204)


class MySession(ApiView):
    """One place where one is signed in."""

    actions: ClassVar = {"DELETE": SELF}

    @told("Sign out there", {204: None}, problems=(404,))
    def delete(self, request: Request, name: str) -> Response:
        """End the session of a browser, or both tokens of a program."""
        sessions.end_named(oneself_of(request), name, clock=_clock())
        return Response(status=204)


class MySecondFactor(ApiView):
    """The second factor of one's sign-in."""

    actions: ClassVar = {"POST": SELF, "PUT": SELF, "DELETE": SELF}
    is_told_once = True

    @told("Begin a second factor", {201: SecretShape}, problems=(409,))
    def post(self, request: Request) -> Response:
        """Give a secret for an authenticator; it counts when a code of it was sent."""
        user = oneself_of(request)
        secret = second_factor.begin_second_factor(user, box=adapter_of(SecretBox))
        address = totp.address_of(secret, user.username)
        return Response({"secret": totp.text_of(secret), "address": address}, status=201)

    @told("Put it in force", {200: CodesShape}, body=CodeBody, problems=(404, 422))
    def put(self, request: Request) -> Response:
        """Give the recovery codes, this once."""
        codes = second_factor.confirm_second_factor(
            oneself_of(request),
            read_body(CodeBody, request)["code"],
            box=adapter_of(SecretBox),
            clock=_clock(),
        )
        return Response({"recovery_codes": codes})

    @told("Take it away", {204: None}, problems=(404,))
    def delete(self, request: Request) -> Response:
        """A session that is in force must have given it; a token must have the scope `admin`."""
        user = oneself_of(request)
        if user.scopes is not None and "admin" not in user.scopes:
            raise PermissionDenied("this needs a session, or a token with the scope admin")
        second_factor.remove_second_factor(user, actor=actor_of(request), clock=_clock())
        return Response(status=204)


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
