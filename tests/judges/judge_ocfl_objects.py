"""Runs in the environment of `ocfl-py`: prints {folder name: valid} of all objects in a folder.

null: the judge itself failed on the object.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from ocfl.validator import Validator


def verdict_on(path: Path) -> bool | None:
    """Say whether an object is valid; None when the judge raises."""
    try:
        return bool(Validator(log_errors=False).validate_object(str(path)))
    except Exception:  # noqa: BLE001  # whatever another's program raises
        return None


if __name__ == "__main__":
    verdicts = {path.name: verdict_on(path) for path in sorted(Path(sys.argv[1]).iterdir())}
    sys.stdout.write(json.dumps(verdicts))
