"""`/live`: server-sent events that tell an open page what changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from muniment.administration.models import User
from muniment.runtime.actor import Actor
from muniment.runtime.errors import InvalidArgument, PermissionDenied
from muniment.runtime.http.pages import page, page_actor
from muniment.runtime.http.views import SELF
from muniment.web import WATCHERS
from muniment.work.live import Hub, Watcher, key_of
from muniment.work.live.topics import may_watch

_MOST_THINGS = 20
_BEAT_S = 15.0
_RETRY_MS = 3000
hub = Hub(most=WATCHERS)


@page(SELF)
def live(request: HttpRequest) -> HttpResponseBase:
    """Stream the changes of what `watch` names, until the page or the right to see it goes.

    The number of an event names how all things are that are watched: who was cut off sends it as
    Last-Event-ID and is told only what is not so any more.
    """
    keys = {key_of(each) for each in request.GET.getlist("watch")}
    if not 0 < len(keys) <= _MOST_THINGS:
        raise InvalidArgument(f"one to {_MOST_THINGS} things are watched at once")
    if not all(may_watch(page_actor(request), key) for key in keys):
        raise PermissionDenied("there is no such thing for you to watch")
    last = request.headers.get("Last-Event-ID", "")[:64]
    watcher = Watcher(keys, _asker(request), last)
    hub.join(watcher)
    response = StreamingHttpResponse(_Stream(watcher), content_type="text/event-stream")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # nginx would keep the lines
    return response


def _asker(request: HttpRequest) -> Callable[[], Actor | None]:
    """Return what says who watches, as long as they may sign in and their session goes on."""
    user_pk, session = request.user.pk or 0, request.session.session_key

    def ask() -> Actor | None:
        user = User.objects.filter(pk=user_pk, is_active=True).first()
        is_open = session is None or SessionStore().exists(session)
        return user.actor if user is not None and is_open else None

    return ask


class _Stream:
    """The lines of a stream; its end is told to the hub also when nobody has read a line yet."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher
        self._lines = _lines(watcher)

    def __iter__(self) -> Iterator[bytes]:
        return self._lines

    def close(self) -> None:
        """End with the connection: the server calls this."""
        hub.leave(self._watcher)


def _lines(watcher: Watcher) -> Iterator[bytes]:
    connections.close_all()  # this thread sleeps from now on; another may need its place
    yield b"retry: %d\n\n" % _RETRY_MS
    for change in watcher.wait(_BEAT_S):
        if change is None:
            yield b": still here\n\n"
            continue
        topics = json.dumps({"topics": [str(key) for key in change.keys]})
        yield f"event: changed\nid: {change.state}\ndata: {topics}\n\n".encode()
