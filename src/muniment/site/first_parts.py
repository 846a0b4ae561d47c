"""Which request for a part of a file begins a download: a player asks for hundreds of one film."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from django.http import HttpRequest

from muniment.runtime.actor import Actor

_FOR_S = 3600.0
_MOST = 10_000


class FirstParts:
    """Remembers for an hour who was given a part of what; each process has its own memory."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._seen: OrderedDict[tuple[str, str], float] = OrderedDict()
        self._lock = threading.Lock()

    def is_new(self, actor: Actor, request: HttpRequest) -> bool:
        """Say whether this is a whole file, or the first part of it that the actor gets."""
        if "Range" not in request.headers:
            return True
        key, now_s = (actor.name, request.path), self._now_s()
        with self._lock:
            if now_s - self._seen.get(key, -_FOR_S) < _FOR_S:
                return False
            self._seen[key] = now_s
            self._seen.move_to_end(key)
            if len(self._seen) > _MOST:
                self._seen.popitem(last=False)
        return True
