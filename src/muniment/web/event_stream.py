"""`/api/v1/events/stream`: domain events as they happen, for programs (orchestration spec §3.10).

The hub of the pages' stream wakes it; what is told is read from the table behind the last number
that was told, so nothing is told twice, and nothing is missed by who comes back with it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from muniment.administration.authentication import BearerToken
from muniment.administration.models import User
from muniment.runtime.actor import Actor, may
from muniment.runtime.http.schema import query, told
from muniment.runtime.http.views import ApiView
from muniment.web.live import hub
from muniment.work import documents
from muniment.work.api_events import event_number
from muniment.work.live import TooManyWatchers, Watcher
from muniment.work.live.of_events import ALL_EVENTS
from muniment.work.queries import events_after, last_event_number

_BEAT_S = 15.0
_RETRY_MS = 3000
_AT_ONCE = 200
_HEADERS = {
    "Content-Type": "text/event-stream",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would keep the lines
}
_LAST = OpenApiParameter(
    "Last-Event-ID", str, OpenApiParameter.HEADER, description="The last number that is known"
)


class EventStream(ApiView):
    """What happens in the archive, while it happens."""

    actions: ClassVar = {"GET": "event.read"}
    parameters = ("after",)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:  # noqa: ANN401, ARG002  # DRF's
        """Give the stream whatever `Accept` says: there is one form of it."""
        return super().perform_content_negotiation(request, force=True)

    @told(
        "Hear of what happens, as server-sent events",
        {(200, "text/event-stream"): OpenApiTypes.STR},
        parameters=(
            query("after", int, "Begin behind this number; with what comes from now on without"),
            _LAST,
        ),
        problems=(422,),
    )
    def get(self, request: Request) -> HttpResponseBase:
        """Each event has its number as `id`; it ends when one may no longer hear."""
        said = request.headers.get("Last-Event-ID") or request.query_params.get("after")
        last = last_event_number() if said is None else event_number(said)
        if request.method == "HEAD":
            return HttpResponse(headers=_HEADERS)
        hub.check_room()
        return StreamingHttpResponse(_Stream(_asker(request), last), headers=_HEADERS)


def _asker(request: Request) -> Callable[[], Actor | None]:
    """Return what says who hears, as long as their token or session lets them in."""
    if request.auth is not None:
        return lambda: _by_token(request)
    user_pk, session = request.user.pk or 0, request._request.session.session_key

    def ask() -> Actor | None:
        user = User.objects.filter(pk=user_pk, is_active=True).first()
        is_open = session is None or SessionStore().exists(session)
        return user.actor if user is not None and is_open else None

    return ask


def _by_token(request: Request) -> Actor | None:
    try:
        found = BearerToken().authenticate(request)
    except AuthenticationFailed:
        return None
    return found[0].actor if found else None


class _Stream:
    """The lines; whoever reads none holds no place in the hub."""

    def __init__(self, actor: Callable[[], Actor | None], last: int) -> None:
        self._watcher = Watcher({ALL_EVENTS}, actor)
        self._last = last

    def __iter__(self) -> Iterator[bytes]:
        yield b"retry: %d\n\n" % _RETRY_MS
        try:
            hub.join(self._watcher)
        except TooManyWatchers:
            return  # the last place went meanwhile: come again
        for change in self._watcher.wait(_BEAT_S):
            if change is None:
                yield b": still here\n\n"
            else:
                yield from self._news()

    def _news(self) -> Iterator[bytes]:
        """Give all behind the last that was told, for who still may hear it."""
        while (actor := self._watcher.actor()) and may(actor, "event.read"):
            found = events_after(actor, self._last, limit=_AT_ONCE)
            # This thread may sleep from now on, for as long as the other side reads.
            connections.close_all()
            for each in found:
                data = json.dumps(documents.event(each), ensure_ascii=False)
                yield f"id: {each.pk}\nevent: {_name(each.name)}\ndata: {data}\n\n".encode()
                self._last = each.pk
            if len(found) < _AT_ONCE:
                return

    def close(self) -> None:
        """End with the connection: the server calls this."""
        hub.leave(self._watcher)


def _name(text: str) -> str:
    """Return the name of an event on one line."""
    return " ".join(text.split())
