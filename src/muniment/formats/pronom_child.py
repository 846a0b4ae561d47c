"""Identification inside a helper process: the only module that loads pygfried.

pygfried deadlocks in a forked process that had loaded it before, and holds the interpreter's lock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pygfried

from muniment.runtime.contained.wire import text_path

_UNKNOWN = "UNKNOWN"
_MISMATCH = re.compile(r"(^|; )extension mismatch")
_EMPTY = "empty source"
_MOST_POSSIBILITIES = 200  # characters of Siegfried's list of what an extension might mean


def warm(arguments: object, report: object) -> None:  # noqa: ARG001  # signature of all calls
    """Load the signatures and prepare the search for them, which the first file brings about."""
    pygfried.identify_many([__file__])


def about(arguments: object, report: object) -> dict[str, str]:  # noqa: ARG001  # likewise
    """Return the versions of Siegfried and of the PRONOM signatures in it."""
    found = pygfried.identify_many([])
    return {
        "siegfried": pygfried.version(),
        "pronom": "; ".join(one["details"] for one in found["identifiers"]),
    }


def identify_batch(paths: list[str], report: object) -> list[list[Any]]:  # noqa: ARG001  # likewise
    """Return the members of an Identification for each path, in their order."""
    found = pygfried.identify_many([text_path(path) for path in paths])
    return [_row(file) for file in found["files"]]


def _row(file: Mapping[str, Any]) -> list[Any]:
    matches = file["matches"]
    error = file["errors"]
    warnings = []
    if error == _EMPTY:
        error = ""
        warnings.append("the file is empty")
    if not matches:
        return ["", "", "", "", "", warnings, False, error or "no answer"]
    first = matches[0]
    if first["warning"]:
        warnings.append(first["warning"][:_MOST_POSSIBILITIES])
    if len(matches) > 1:
        others = ", ".join(match["id"] for match in matches[1:])
        warnings.append(f"the signatures of {others} match as well")
    return [
        "" if first["id"] == _UNKNOWN else first["id"],
        first["format"],
        first["version"],
        first["mime"],
        first["basis"],
        warnings,
        _MISMATCH.search(first["warning"]) is not None,
        error or None,
    ]
