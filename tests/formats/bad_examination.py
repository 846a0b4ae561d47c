"""Stands where `examination_child` stands; a file is bad when its name says so."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
from collections.abc import Mapping
from typing import Any

from muniment.formats import examination_child
from muniment.formats.families import Family, family
from muniment.formats.types import Examination, ExaminationRequest

about = examination_child.about


def warm(arguments: object, report: object) -> None:
    """Put the bad family in the place of plain text."""
    real = family("plain_text")
    vars(examination_child)["family"] = lambda _: lambda request: _examine(request, real)


def examine_batch(arguments: Mapping[str, Any], report: examination_child.Report) -> Any:  # noqa: ANN401  # JSON
    return examination_child.examine_batch(arguments, report)


def _examine(request: ExaminationRequest, real: Family) -> Examination:
    match request.path.stem:
        case "hang":
            signal.pause()
        case "crash":
            ctypes.string_at(0)
        case "garbage":
            os.write(1, b"\x00garbage" * 10_000)
        case "eat":
            area = mmap.mmap(-1, 400 << 20, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
            for offset in range(0, len(area), mmap.PAGESIZE):
                area[offset] = 1
            signal.pause()
        case "allocate":
            bytearray(8 << 30)
        case "deep":
            raise RecursionError("too deep")
    return real(request)
