"""The base of every API view: it declares which action each method is, and asks the policy."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.http import HttpRequest
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from muniment.runtime.actor import Actor, Role, actor_with, may, require
from muniment.runtime.answers import Answers
from muniment.runtime.errors import (
    Denied,
    Missing,
    PreconditionRequired,
    Unauthenticated,
    VersionConflict,
)
from muniment.runtime.http.once import again, fingerprint_of, kept, key_of
from muniment.runtime.http.paging import check_parameters
from muniment.runtime.registry import adapter_of

OPEN = ""
"""Action of a method that everybody may call, signed in or not."""

SELF = "self"
"""Action of a method about oneself: everybody may who is signed in."""

_ACTOR = "muniment.actor"

NOBODY = actor_with("anonymous", Role.ANONYMOUS)


_SIGN_IN = "this needs a token or a signed-in session"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""


def is_open_to_visitors(action: str, method: str | None) -> bool:
    """Say whether the policy lets people read there who are not signed in; they change nothing."""
    return action not in {OPEN, SELF} and method in READING and may(NOBODY, action)


class ApiView(APIView):
    """One address. `actions` names the action of each method; a method without one is refused.

    `parameters` are the query parameters that the GET knows; others are an error. An address whose
    answer holds a secret says `is_told_once`: no answer of it is kept for an `Idempotency-Key`.
    """

    actions: ClassVar[Mapping[str, str]] = {}
    parameters: ClassVar[Collection[str]] = ()
    is_told_once: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  # DRF's
        """Authenticate, then ask the policy for the declared action; services ask again."""
        super().initial(request, *args, **kwargs)
        if any("\0" in str(text) for text in (*kwargs.values(), *request.query_params.values())):
            raise ParseError("the address holds the character U+0000")
        method = request.method or ""
        if method == "HEAD" and method not in self.actions:
            method = "GET"  # whoever may GET may ask for the headers of it
        if method not in self.actions:
            self.http_method_not_allowed(request)
        action = self.action_of(method)
        is_known = request.user.is_authenticated
        if action != OPEN and not is_known and not is_open_to_visitors(action, request.method):
            raise Unauthenticated(_SIGN_IN)
        if action not in {OPEN, SELF} and is_known:
            require(actor_of(request), action)
        if method == "GET":
            check_parameters(request, self.parameters)
        if method == "POST" and (key := key_of(request)):
            self._once("post", key, fingerprint_of(request))

    def handle_exception(self, exc: Exception) -> Response:
        """Ask a visitor who they are where that might help, be the thing hidden or not there."""
        if isinstance(exc, (Missing, Denied)) and not self.request.user.is_authenticated:
            is_open = self.actions.get(self.request.method or "") == OPEN
            exc = exc if is_open else Unauthenticated(_SIGN_IN)
        return super().handle_exception(exc)

    def _once(self, method: str, key: str, fingerprint: bytes) -> None:
        """Let the method run under the key, or give the answer that it had."""
        if self.is_told_once:
            raise ParseError("the answer holds a secret, so it is told once: leave the key out")
        do = getattr(self, method)

        def once(request: Request, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401  # DRF's
            answers = adapter_of(Answers)  # type: ignore[type-abstract]  # a port is a Protocol
            with answers.attempt(actor_of(request).name, key, fingerprint) as attempt:
                if attempt.known is not None:
                    return again(attempt.known)
                response: Response = do(request, *args, **kwargs)
                if response.status_code < 300:
                    attempt.finished(kept(response))
                return response

        setattr(self, method, once)  # the instance serves this request only

    def action_of(self, method: str) -> str:
        """Return what the policy is asked for this method."""
        return self.actions[method]


def actor_of(request: Request) -> Actor:
    """Return on whose behalf the request comes."""
    return actor_of_user(request.user, request._request)


def actor_of_user(user: object, request: HttpRequest) -> Actor:
    """Return for whom a user acts: looked up once for a request, and again for the next."""
    known: tuple[object, Actor] | None = request.META.get(_ACTOR)
    if known and known[0] is user:
        return known[1]
    found = getattr(user, "actor", None)
    actor = found if isinstance(found, Actor) else NOBODY
    request.META[_ACTOR] = (user, actor)
    return actor


class Strict(serializers.Serializer[Any]):
    """A serializer that refuses unknown fields (422): a slip must not be ignored."""

    def to_internal_value(self, data: Any) -> Any:  # noqa: ANN401  # DRF's
        """Read the fields; name every one that is not known."""
        if isinstance(data, Mapping):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise serializers.ValidationError(
                    dict.fromkeys(sorted(map(str, unknown)), "this field is not known")
                )
        return super().to_internal_value(data)


def read_body(serializer: type[Strict], request: Request) -> dict[str, Any]:
    """Return the checked body; raises what `problems` turns into 422 with findings."""
    found = serializer(data=request.data)
    found.is_valid(raise_exception=True)
    values: dict[str, Any] = found.validated_data
    return values


def with_etag(response: Response, tag: object) -> Response:
    """Name the state that the answer shows, for If-Match."""
    response["ETag"] = f'"{tag}"'
    return response


def check_if_match(request: Request, tag: object) -> None:
    """Raise PreconditionRequired without If-Match, VersionConflict where it names another."""
    said = request.headers.get("If-Match")
    if said is None:
        raise PreconditionRequired("send If-Match with the ETag that you have seen")
    if said != "*" and f'"{tag}"' not in [part.strip() for part in said.split(",")]:
        raise VersionConflict("somebody has changed it meanwhile; read it again")
