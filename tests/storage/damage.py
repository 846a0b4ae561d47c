"""What can happen to a storage root: pieces lost, altered, cut short, out of reach."""

from __future__ import annotations

import os
from pathlib import Path

from muniment.information.identifiers import ObjectId
from muniment.storage.ports import StorageRoot


def lose(root: StorageRoot, object_id: ObjectId, path: str) -> Path:
    """Remove a file of an object; return where it was."""
    found = root.path_of(object_id) / path
    found.unlink()
    return found


def rewrite(root: StorageRoot, object_id: ObjectId, path: str, content: bytes) -> Path:
    """Put other bytes in the place of a file, which shares them with nobody afterwards."""
    found = lose(root, object_id, path)
    found.write_bytes(content)
    return found


def bury_a_folder(root: Path) -> None:
    """Make folders below `root` so deep that no path reaches the last: it cannot be listed.

    Permissions would not do: tests may run as root.
    """
    folder = os.open(root, os.O_RDONLY)
    for _ in range(os.pathconf(root, "PC_PATH_MAX") // 200 + 1):
        os.mkdir("deep" * 50, dir_fd=folder)
        below = os.open("deep" * 50, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    os.close(folder)
