"""Finds the objects under a storage root by walking it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from muniment.runtime.durable import storage_errors

_DECLARATION = "0=ocfl_object_"


def find_objects(root: Path) -> Iterator[Path]:
    """Iterate over the object roots, in the order of their paths.

    Holds the names of the folders on the way to the current one. Does not look into objects, nor
    into `extensions` of the root; links are not followed. Raises StorageUnavailable.
    """
    waiting = [str(root)]
    while waiting:
        folder = waiting.pop()
        names, is_object = _look(folder)
        if is_object:
            yield Path(folder)
            continue
        if folder == str(root):
            names = [name for name in names if name != "extensions"]
        waiting.extend(f"{folder}/{name}" for name in sorted(names, reverse=True))


def _look(folder: str) -> tuple[list[str], bool]:
    names: list[str] = []
    with storage_errors(folder), os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(_DECLARATION):
                return [], True
            if entry.is_dir(follow_symlinks=False):
                names.append(entry.name)
    return names, False
