"""Oneself, one's tokens, users and the audit trail over HTTP (orchestration spec §3.10)."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.administration import documents
from muniment.administration.models import User
from muniment.administration.queries import page_of_audit, page_of_users, tokens_of
from muniment.administration.services import tokens, users
from muniment.administration.types import SCOPES
from muniment.runtime.clock import Clock
from muniment.runtime.errors import PermissionDenied, Unauthenticated
from muniment.runtime.http.paging import PAGE_PARAMETERS, page_answer, page_asked
from muniment.runtime.http.schema import PAGE, page_of, told
from muniment.runtime.http.views import SELF, ApiView, Strict, actor_of, read_body
from muniment.runtime.registry import adapter_of


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


class UserShape(s.Serializer[object]):
    """What is answered: user."""

    username = s.CharField()
    full_name = s.CharField()
    email = s.CharField()
    is_active = s.BooleanField()
    groups = s.ListField(child=s.CharField())
    last_login = s.DateTimeField(allow_null=True)


class UserBody(Strict):
    """What is sent: user."""

    username = s.CharField(max_length=150)
    email = s.EmailField(required=False, default="", allow_blank=True)
    full_name = s.CharField(max_length=150, required=False, default="", allow_blank=True)
    groups = s.ListField(child=s.CharField(max_length=150), required=False, default=list)


class AuditShape(s.Serializer[object]):
    """What is answered: audit."""

    number = s.IntegerField()
    at = s.DateTimeField()
    actor = s.CharField()
    action = s.CharField()
    thing = s.CharField()
    outcome = s.ChoiceField(["done", "refused", "failed"])
    detail = s.DictField()
    address = s.CharField()
    request_id = s.CharField()


def _oneself(request: Request) -> User:
    if not isinstance(request.user, User):
        raise Unauthenticated("this needs a token or a signed-in session")
    return request.user


class Me(ApiView):
    """Who one is here."""

    actions: ClassVar = {"GET": SELF}

    @told("Show who one is and what one may do", {200: MeShape})
    def get(self, request: Request) -> Response:
        """Give name, roles and the scopes of the token."""
        return Response(documents.me(_oneself(request)))


class MyTokens(ApiView):
    """One's own tokens."""

    actions: ClassVar = {"GET": SELF, "POST": SELF}

    @told("List one's tokens", {200: page_of(TokenShape)})
    def get(self, request: Request) -> Response:
        """Give those that are not revoked; never the secrets."""
        rows = tokens_of(_oneself(request))
        return page_answer(request, [documents.token(each) for each in rows], "")

    @told(
        "Make a token; its secret is shown this once",
        {201: NewTokenShape},
        body=TokenBody,
        problems=(409, 422),
    )
    def post(self, request: Request) -> Response:
        """A token cannot make a token with more scopes than its own."""
        user, body = _oneself(request), read_body(TokenBody, request)
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
        tokens.revoke_token(_oneself(request), name, actor=actor_of(request), clock=_clock())
        return Response(status=204)


class Users(ApiView):
    """The users of the archive."""

    actions: ClassVar = {"GET": "user.read", "POST": "user.change"}
    parameters = PAGE_PARAMETERS

    @told("List users by name", {200: page_of(UserShape)}, parameters=PAGE, problems=(422,))
    def get(self, request: Request) -> Response:
        """Give a page; two queries."""
        asked = page_asked(request)
        page = page_of_users(actor_of(request), limit=asked.limit, after=asked.cursor)
        return page_answer(request, [documents.user(each) for each in page.rows], page.next)

    @told(
        "Add a user, who signs in by token or other means until a password is set",
        {201: UserShape},
        body=UserBody,
        problems=(404, 409, 422),
    )
    def post(self, request: Request) -> Response:
        """Only an administrator makes administrators and managers."""
        new = users.NewUser(**read_body(UserBody, request))
        user = users.add_user(new, actor=actor_of(request), clock=_clock())
        return Response(documents.user(user), status=201)


class Audit(ApiView):
    """The audit trail."""

    actions: ClassVar = {"GET": "audit.read"}
    parameters = PAGE_PARAMETERS

    @told("List the audit trail, newest first", {200: page_of(AuditShape)}, parameters=PAGE)
    def get(self, request: Request) -> Response:
        """Give a page; one query."""
        asked = page_asked(request)
        page = page_of_audit(actor_of(request), limit=asked.limit, after=asked.cursor)
        return page_answer(request, [documents.audit_entry(each) for each in page.rows], page.next)


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
