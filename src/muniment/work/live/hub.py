"""One thread that looks at what all pages of this process watch, and wakes whom it concerns.

A watching page holds a thread of the server that sleeps; it holds no connection to the database.
Measured (docs/decisions/0017): a hundred of them cost pages nothing, as long as there are threads
besides; so there are at most as many watchers as threads that pages can spare.
"""

from __future__ import annotations

import hashlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import DatabaseError, connection, connections

from muniment.runtime.actor import Actor
from muniment.runtime.errors import RateLimited
from muniment.work.live.topics import Key, may_watch, states_of

log = logging.getLogger(__name__)


class TooManyWatchers(RateLimited):
    """This process wakes as many pages as it can; the page asks by itself instead."""


@dataclass(frozen=True, slots=True)
class Change:
    """That something is not as it was told; `state` names all that the watcher now knows."""

    keys: tuple[Key, ...]
    state: str


@dataclass
class Watcher:
    """One open page. `actor` says on whose behalf it watches, None when they may no more.

    `last_state` is what a page that was cut off knew: when all is still so, it is not told again.
    """

    keys: Collection[Key]
    actor: Callable[[], Actor | None]
    last_state: str = ""
    told: dict[Key, str] = field(default_factory=dict)
    asked_s: float = field(default_factory=time.monotonic)
    changes: queue.SimpleQueue[Change | None] = field(default_factory=queue.SimpleQueue)

    def wait(self, beat_s: float) -> Iterator[Change | None]:
        """Give changes as they come, None at least every `beat_s`; end when one may no more."""
        while True:
            try:
                change = self.changes.get(timeout=beat_s)
            except queue.Empty:
                yield None
                continue
            if change is None:
                return
            yield change


def state_of(states: Mapping[Key, str]) -> str:
    """Return a short name of how several things are."""
    lines = sorted(f"{key}\0{state}" for key, state in states.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


class Hub:
    """Looks every `every_s` while anybody watches; asks again every `ask_s` whether they may."""

    def __init__(self, *, most: int, every_s: float = 1.0, ask_s: float = 15.0) -> None:
        self.most = most
        self.every_s = every_s
        self.ask_s = ask_s
        self._watchers: list[Watcher] = []
        self._lock = threading.Lock()
        self._joined = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def watching(self) -> int:
        """How many pages watch."""
        return len(self._watchers)

    def check_room(self) -> None:
        """Raise TooManyWatchers when nobody more could join now."""
        if len(self._watchers) >= self.most:
            raise TooManyWatchers(f"{self.most} pages watch already; ask again by yourself")

    def join(self, watcher: Watcher) -> None:
        """Wake this one too from now on; TooManyWatchers."""
        with self._lock:
            self.check_room()
            self._watchers.append(watcher)
            self._joined.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="live", daemon=True)
                self._thread.start()

    def leave(self, watcher: Watcher) -> None:
        """Wake it no more; idempotent."""
        with self._lock:
            self._watchers = [each for each in self._watchers if each is not watcher]

    def close(self) -> None:
        """Let every page go: it comes back when somebody serves again."""
        with self._lock:
            for watcher in self._watchers:
                watcher.changes.put(None)
            self._watchers = []

    def _run(self) -> None:
        try:
            while self._is_needed():
                self._joined.clear()
                self._look()
                self._joined.wait(self.every_s)
        except Exception:
            log.exception("pages are not woken any more")
            self.close()
            with self._lock:
                self._thread = None
        finally:
            connections.close_all()

    def _is_needed(self) -> bool:
        with self._lock:
            if not self._watchers:
                self._thread = None
            return self._thread is not None

    def _look(self) -> None:
        """Compare once; a database that does not answer is asked again, pages wait meanwhile."""
        watchers = list(self._watchers)
        try:
            states = states_of({key for each in watchers for key in each.keys})
            for watcher in watchers:
                self._tell(watcher, states)
        except DatabaseError:
            log.warning("cannot look for changes", exc_info=True)
            connection.close()

    def _tell(self, watcher: Watcher, states: Mapping[Key, str]) -> None:
        mine = {key: states[key] for key in watcher.keys if key in states}
        if watcher.last_state and not watcher.told and state_of(mine) == watcher.last_state:
            watcher.told = mine
        changed = tuple(key for key, state in mine.items() if watcher.told.get(key) != state)
        if not changed and time.monotonic() - watcher.asked_s < self.ask_s:
            return
        watcher.asked_s = time.monotonic()
        actor = watcher.actor()
        if actor is None or not all(may_watch(actor, key) for key in watcher.keys):
            watcher.changes.put(None)
            self.leave(watcher)
        elif changed:
            watcher.told = mine
            watcher.changes.put(Change(changed, state_of(mine)))
