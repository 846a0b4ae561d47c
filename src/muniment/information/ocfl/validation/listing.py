"""Lists folders for the validator: a fault of reading is a finding."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from muniment.information.ocfl.validation.log import FindingLog


def list_folder(folder: Path | str, at: str, log: FindingLog) -> list[os.DirEntry[str]] | None:
    """Return the entries of a folder, sorted by name; None, with a finding, when unreadable."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as exc:
        log.add_unreadable_folder(at, exc)
        return None


def files_below(folder: str, at: str, log: FindingLog) -> Iterator[str]:
    """Iterate over the paths of all files below a content directory, each beginning with `at`.

    In any order, and only folders and links are held, for there may be a million files in one
    folder. Tells links (E090) and empty directories below the content directory (E024).
    """
    waiting = [(folder, at)]
    while waiting:
        here, path = waiting.pop()
        others: list[os.DirEntry[str]] = []
        is_empty = here != folder
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    is_empty = False
                    if entry.is_file(follow_symlinks=False):
                        yield f"{path}/{entry.name}"
                    else:
                        others.append(entry)
        except OSError as exc:
            log.add_unreadable_folder(path, exc)
            continue
        if is_empty:
            log.add("E024", path)
        yield from _other_files(path, others, waiting, log)


def _other_files(
    path: str, entries: list[os.DirEntry[str]], folders: list[tuple[str, str]], log: FindingLog
) -> Iterator[str]:
    """Add what is a folder to `folders`, tell what is a link; yield the rest: pipes and devices."""
    for entry in sorted(entries, key=lambda entry: entry.name):
        below = f"{path}/{entry.name}"
        if entry.is_symlink():
            log.add("E090", below)
        elif entry.is_dir(follow_symlinks=False):
            folders.append((entry.path, below))
        else:
            yield below
