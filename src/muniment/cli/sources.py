"""Whether a source of the program changed since one looked: what `serve --reload` asks."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import muniment

_KINDS = frozenset({".py", ".html", ".css", ".js", ".mo", ".toml", ".json", ".xsd", ".txt"})
_EVERY_S = 0.5


class SourceWatch:
    """Looks at the times of all sources; half a thousand of them cost some milliseconds a look.

    By looking, not by inotify: that needs a library more, and tells nothing on network disks.
    """

    def __init__(self, folder: Path | None = None, *, every_s: float = _EVERY_S) -> None:
        self._folder = folder or Path(next(iter(muniment.__path__)))
        self._every_s = every_s
        self._known = dict(self._look())
        self._next_s = time.monotonic() + every_s

    def has_changed(self) -> bool:
        """Say whether anything was changed, added or removed since the last yes."""
        now_s = time.monotonic()
        if now_s < self._next_s:
            return False
        self._next_s = now_s + self._every_s
        found = dict(self._look())
        is_changed, self._known = found != self._known, found
        return is_changed

    def _look(self) -> Iterator[tuple[str, int]]:
        for folder, _, names in os.walk(self._folder):
            for name in names:
                place = Path(folder, name)
                if place.suffix in _KINDS:
                    with suppress(FileNotFoundError):  # an editor replaces files
                        yield str(place), place.stat().st_mtime_ns
