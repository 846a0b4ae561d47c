"""Paths of the disk as text for reports: names may be any bytes."""

from __future__ import annotations

import os
from pathlib import Path

from muniment.information.paths import encode_name


def shown(path: str | Path) -> str:
    """Return a path as it is, percent-encoded when it is not UTF-8."""
    text = str(path)
    try:
        text.encode()
    except UnicodeEncodeError:
        return encode_name(os.fsencode(text))
    return text
