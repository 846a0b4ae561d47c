"""Users over HTTP (orchestration spec §3.10)."""

from __future__ import annotations

from typing import ClassVar

from django.db import transaction
from rest_framework import serializers as s
from rest_framework.request import Request
from rest_framework.response import Response

from muniment.administration import documents
from muniment.administration.models import User
from muniment.administration.queries import user_shown, visible_users
from muniment.administration.services import passwords, second_factor, sessions, users
from muniment.runtime.actor import Actor
from muniment.runtime.clock import Clock
from muniment.runtime.http.filters import Exactly, YesOrNo
from muniment.runtime.http.lists import ListRules, list_answer
from muniment.runtime.http.schema import told
from muniment.runtime.http.views import ApiView, Strict, actor_of, read_body
from muniment.runtime.registry import adapter_of


class UserShape(s.Serializer[object]):
    """What is answered: user."""

    username = s.CharField()
    full_name = s.CharField()
    email = s.CharField()
    is_active = s.BooleanField()
    must_change_password = s.BooleanField()
    groups = s.ListField(child=s.CharField())
    last_login = s.DateTimeField(allow_null=True)


class UserBody(Strict):
    """What is sent: user."""

    username = s.CharField(max_length=150)
    email = s.EmailField(required=False, default="", allow_blank=True)
    full_name = s.CharField(max_length=150, required=False, default="", allow_blank=True)
    groups = s.ListField(child=s.CharField(max_length=150), required=False, default=list)


class UserChange(Strict):
    """What is sent: what is left out stays as it is."""

    groups = s.ListField(child=s.CharField(max_length=150), required=False)
    is_active = s.BooleanField(required=False)
    password = s.CharField(max_length=4096, required=False, trim_whitespace=False)
    must_change_password = s.BooleanField(required=False)


USERS = ListRules(
    UserShape,
    sorts={"username": "username"},
    default="username",
    filters={
        "group": Exactly("groups__name", "Only the members of this group"),
        "is_active": YesOrNo("is_active", "Only who may sign in, or only who may not"),
    },
)


class Users(ApiView):
    """The users of the archive."""

    actions: ClassVar = {"GET": "user.read", "POST": "user.change"}
    parameters = USERS.parameters

    @USERS.told("List users by name")
    def get(self, request: Request) -> Response:
        """Give a page; two queries."""
        return list_answer(request, visible_users(actor_of(request)), USERS, documents.user)

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


class OneUser(ApiView):
    """One user."""

    actions: ClassVar = {"GET": "user.read", "PATCH": "user.change"}

    @told("Show a user", {200: UserShape}, problems=(404,))
    def get(self, request: Request, username: str) -> Response:
        """Give groups and whether they may sign in. Two queries."""
        return Response(documents.user(user_shown(actor_of(request), username)))

    @told("Change a user", {200: UserShape}, body=UserChange, problems=(404, 409, 422))
    def patch(self, request: Request, username: str) -> Response:
        """All or nothing; only an administrator changes administrators and managers."""
        actor, said = actor_of(request), read_body(UserChange, request)
        user = user_shown(actor, username)
        with transaction.atomic():
            _change(user, said, actor, _clock())
        return Response(documents.user(user_shown(actor, username)))


def _change(user: User, said: dict[str, object], actor: Actor, clock: Clock) -> None:
    if isinstance(groups := said.get("groups"), list):
        users.set_groups(user, groups, actor=actor, clock=clock)
    if (wanted := said.get("is_active")) is not None:
        change = users.activate if wanted else users.deactivate
        change(user, actor=actor, clock=clock)
    if isinstance(password := said.get("password"), str):
        passwords.set_password(user, password, actor=actor, clock=clock)
    if said.get("must_change_password"):
        passwords.force_change(user, actor=actor, clock=clock)


class SessionsOfUser(ApiView):
    """Where a user is signed in."""

    actions: ClassVar = {"DELETE": "user.change"}

    @told("Sign a user out everywhere", {204: None}, problems=(404,))
    def delete(self, request: Request, username: str) -> Response:
        """End every session of a browser; tokens go on."""
        actor = actor_of(request)
        sessions.end_sessions(user_shown(actor, username), actor=actor, clock=_clock())
        return Response(status=204)


class SecondFactorOfUser(ApiView):
    """The second factor of a user who lost it."""

    actions: ClassVar = {"DELETE": "user.change"}

    @told("Take the second factor of a user away", {204: None}, problems=(404,))
    def delete(self, request: Request, username: str) -> Response:
        """They sign in by their password alone until they set up another."""
        actor = actor_of(request)
        second_factor.remove_second_factor(user_shown(actor, username), actor=actor, clock=_clock())
        return Response(status=204)


def _clock() -> Clock:
    return adapter_of(Clock)  # type: ignore[type-abstract]  # a port is a Protocol
