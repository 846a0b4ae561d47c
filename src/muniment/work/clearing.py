"""What else the nightly pruning removes: each package says what of its own grows old."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from muniment.runtime.settings import Settings

Clear = Callable[[Settings, datetime, Callable[[], None]], int]
"""Removes what is old by the settings at a time, asking now and then to go on; how many went."""

_clears: dict[str, Clear] = {}


def clears(name: str) -> Callable[[Clear], Clear]:
    """Register the decorated function as what removes old `name`; running it again is harmless."""

    def register(clear: Clear) -> Clear:
        _clears[name] = clear
        return clear

    return register


def clear_all(settings: Settings, now: datetime, check: Callable[[], None]) -> dict[str, int]:
    """Remove all that is old; return how many of each went."""
    return {name: clear(settings, now, check) for name, clear in sorted(_clears.items())}
