"""Making and removing folders through a `Disk`."""

from __future__ import annotations

import os
from pathlib import Path

from muniment.storage.ports import Disk


def make_durable_folders(disk: Disk, folder: Path) -> None:
    """Make a folder and its missing parents, each synced into the one above it."""
    missing = [each for each in (folder, *folder.parents) if not each.is_dir()]
    for each in reversed(missing):
        disk.make_folder(each)
        disk.fsync_folder(each.parent)


def remove_empty_parents(disk: Disk, path: Path) -> None:
    """Remove the folders above `path` that hold nothing, up to the first that does."""
    for folder in path.parents:
        try:
            disk.remove_folder(folder)
        except FileNotFoundError:
            continue
        except OSError:
            return  # something is in it


def remove_tree(disk: Disk, folder: Path) -> None:
    """Remove a folder and everything in it; links are removed, not followed."""
    for parent, folders, files in os.walk(folder, topdown=False):
        for name in files:
            disk.remove(Path(parent, name))
        for name in folders:
            path = Path(parent, name)
            disk.remove(path) if path.is_symlink() else disk.remove_folder(path)
    disk.remove_folder(folder)


def remove_empty_folders(disk: Disk, root: Path) -> list[Path]:
    """Remove folders of a storage root that hold nothing (E073); return them."""
    found = empty_folders(root)
    for folder in found:
        disk.remove_folder(folder)
    if found:
        disk.fsync_folder(root)
    return found


def empty_folders(root: Path) -> list[Path]:
    """Return the folders of a storage root that hold no file, those within others first.

    Does not look into objects, which have files, nor into `extensions`.
    """
    found: list[Path] = []
    for name in sorted(os.listdir(root)):  # noqa: PTH208  # names are enough
        path = root / name
        if name != "extensions" and path.is_dir() and not path.is_symlink():
            _note_if_empty(path, found)
    return found


def _note_if_empty(folder: Path, found: list[Path]) -> bool:
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
    except OSError:
        return False  # who surveys the root tells it
    if any(not entry.is_dir(follow_symlinks=False) for entry in entries):
        return False
    # A list, so that every child is looked at.
    empty = [_note_if_empty(Path(entry.path), found) for entry in entries]
    if all(empty):
        found.append(folder)
    return all(empty)
