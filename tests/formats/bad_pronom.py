"""Stands where `pronom_child` stands and does to its process what the name of a file says."""

from __future__ import annotations

import ctypes
import os
import signal
from typing import Any

from muniment.formats import pronom_child

warm = pronom_child.warm
about = pronom_child.about


def identify_batch(paths: list[str], report: object) -> list[list[Any]]:
    for path in map(os.path.basename, paths):
        if "hang" in path:
            signal.pause()
        if "crash" in path:
            ctypes.string_at(0)
        if "leave" in path:
            os._exit(0)
    return pronom_child.identify_batch(paths, report)
