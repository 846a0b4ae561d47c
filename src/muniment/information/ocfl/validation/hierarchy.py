"""Walks a storage hierarchy, telling whatever is neither an object nor on the way to one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from muniment.information.ocfl.namaste import Declares
from muniment.information.ocfl.validation.listing import list_folder
from muniment.information.ocfl.validation.log import FindingLog

_DECLARATION = f"0={Declares.OBJECT}_"


def objects_below(top: os.DirEntry[str], log: FindingLog) -> Iterator[tuple[Path, str]]:
    """Iterate over (folder, path relative to the storage root) of the objects in one directory.

    Tells E072, E073, E084, E085, E088 and E090 of the directories on the way.
    """
    waiting = [(top.path, top.name)]
    is_empty = True
    while waiting:
        here, at = waiting.pop()
        entries = list_folder(here, at, log)
        if entries is None:
            is_empty = False  # as far as we know
            continue
        if any(entry.name.startswith(_DECLARATION) for entry in entries):
            is_empty = False
            yield Path(here), at
            continue
        folders = _check_between(at, entries, log)
        waiting.extend((entry.path, f"{at}/{entry.name}") for entry in reversed(folders))
    if is_empty:
        log.add("E088", top.name)


def _check_between(
    at: str, entries: list[os.DirEntry[str]], log: FindingLog
) -> list[os.DirEntry[str]]:
    """Check a directory that is no object; return the directories in it."""
    folders: list[os.DirEntry[str]] = []
    files = 0
    for entry in entries:
        path = f"{at}/{entry.name}"
        if entry.is_symlink():
            log.add("E090", path)
        elif entry.is_dir(follow_symlinks=False):
            folders.append(entry)
        else:
            files += 1
            log.add("E072", path)
    if not entries:
        log.add("E073", at)
    elif files:
        log.add("E084" if folders else "E085", at)
    return folders
