"""Runs in the environment of `ocfl-py`: prints {folder name: valid} of all folders in a folder.

The second argument says what they are, "objects" or "roots". null: the judge itself failed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ocfl import StorageRoot, StorageRootException
from ocfl.validator import Validator


def is_valid_object(path: Path) -> bool:
    """Say whether an object is valid."""
    return bool(Validator(log_errors=False).validate_object(str(path)))


def is_valid_root(path: Path) -> bool:
    """Say whether a storage root and all of its objects are valid."""
    root = StorageRoot(str(path))
    try:
        return bool(root.validate(log_errors=False, log_warnings=False))
    except StorageRootException:
        return False


def verdict_on(path: Path, kind: str) -> bool | None:
    """Say whether it is valid; None when the judge raises."""
    try:
        return is_valid_object(path) if kind == "objects" else is_valid_root(path)
    except Exception:  # noqa: BLE001  # whatever another's program raises
        return None


if __name__ == "__main__":
    folders = sorted(Path(sys.argv[1]).iterdir())
    sys.stdout.write(json.dumps({path.name: verdict_on(path, sys.argv[2]) for path in folders}))
