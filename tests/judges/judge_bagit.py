"""Runs in the environment of `bagit`: prints the faults of a bag as a JSON list.

With `--each FOLDER` it prints {name: faults} of every bag in a folder.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import bagit


def faults_of(path: str) -> list[str]:
    """Return every fault that `bagit` names."""
    try:
        bagit.Bag(path).validate(processes=1)
    except bagit.BagValidationError as exc:
        return [str(detail) for detail in exc.details] or [str(exc)]
    except bagit.BagError as exc:
        return [str(exc)]
    return []


if __name__ == "__main__":
    logging.disable()
    *option, where = sys.argv[1:]
    if option == ["--each"]:
        each = {path.name: faults_of(str(path)) for path in sorted(Path(where).iterdir())}
        sys.stdout.write(json.dumps(each))
    else:
        sys.stdout.write(json.dumps(faults_of(where)))
