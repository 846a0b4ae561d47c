"""Where files asked for lately lie, so that the next range of one needs no reading of inventories.

Remembered only as long as the object's inventory is the very same file: a new version, a recovery
and a hand that changes it all replace or touch it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from muniment.information.ocfl import INVENTORY
from muniment.storage.ports import StrPath

MOST = 1024
_Stamp = tuple[int, int, int]
_Asked = tuple[str, int, str]


@dataclass(slots=True)
class ContentPaths:
    """The last `MOST` answers; several threads may ask."""

    _known: OrderedDict[_Asked, tuple[_Stamp, Path]] = field(default_factory=OrderedDict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def path(self, folder: Path, number: int, logical_path: str, find: Callable[[], Path]) -> Path:
        """Return where a file of a version lies: what is known, else what `find` reads."""
        asked = (str(folder), number, logical_path)
        stamp = _stamp_of(folder / INVENTORY)
        with self._turn:
            known = self._known.get(asked)
            if known and known[0] == stamp:
                self._known.move_to_end(asked)
                return known[1]
        found = find()
        if stamp is not None:
            # The stamp is from before the reading: what was replaced meanwhile is read again.
            with self._turn:
                self._known[asked] = (stamp, found)
                while len(self._known) > MOST:
                    self._known.popitem(last=False)
        return found


def _stamp_of(path: StrPath) -> _Stamp | None:
    """Return what tells one inventory from the next; None where `find` must say what is wrong."""
    try:
        seen = Path(path).stat()
    except OSError:
        return None
    return seen.st_ino, seen.st_mtime_ns, seen.st_size
