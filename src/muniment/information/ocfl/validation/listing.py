"""Lists folders for the validator: a fault of reading is a finding."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from muniment.information.ocfl.validation.log import FindingLog


def list_folder(folder: Path | str, at: str, log: FindingLog) -> list[os.DirEntry[str]]:
    """Return the entries of a folder, sorted by name; empty, with a finding, when unreadable."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as exc:
        log.add("UNREADABLE", at, exc.strerror or str(exc))
        return []


def files_below(folder: str, at: str, log: FindingLog) -> Iterator[str]:
    """Iterate over the paths of all files below a content directory, each beginning with `at`.

    Tells links (E090) and empty directories below the content directory (E024).
    """
    waiting = [(folder, at)]
    while waiting:
        here, path = waiting.pop()
        entries = list_folder(here, path, log)
        if not entries and here != folder:
            log.add("E024", path)
        for entry in entries:
            below = f"{path}/{entry.name}"
            if entry.is_symlink():
                log.add("E090", below)
            elif entry.is_dir(follow_symlinks=False):
                waiting.append((entry.path, below))
            else:
                yield below
