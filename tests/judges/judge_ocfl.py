"""Runs in the environment of `ocfl-py`: prints the faults of an object or root as a JSON list."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ocfl import StorageRoot, StorageRootException
from ocfl.validator import Validator


def _object_faults(path: Path) -> list[str]:
    validator = Validator(log_warnings=False, log_errors=True)
    if validator.validate_object(str(path)):
        return []
    return list(validator.log.messages) or [f"{path}: not valid"]


def _root_faults(path: Path) -> list[str]:
    root = StorageRoot(str(path))
    try:
        passed = root.validate(log_errors=True, log_warnings=False)
    except StorageRootException as exc:
        return [str(exc)]
    faults = [*root.log.messages, *(f"{where}: {message}" for where, message in root.errors)]
    if root.good_objects != root.num_objects:
        faults.append(f"{root.num_objects - root.good_objects} objects are not valid")
    return faults or ([] if passed else [f"{path}: the root is not valid"])


def faults_of(path: Path) -> list[str]:
    """Return the errors; warnings are no faults."""
    is_object = any(path.glob("0=ocfl_object_*"))
    return _object_faults(path) if is_object else _root_faults(path)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(faults_of(Path(sys.argv[1]))))
