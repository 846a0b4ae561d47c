"""Runs in the environment of `bagit`: prints the faults of a bag as a JSON list."""

from __future__ import annotations

import json
import sys

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
    sys.stdout.write(json.dumps(faults_of(sys.argv[1])))
