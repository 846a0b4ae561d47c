"""Text for people: sizes, times, control characters made visible, columns that line up."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def size(size_bytes: int) -> str:
    """Return a size in the unit that people read: `1.2 GiB`."""
    value, unit = float(size_bytes), _UNITS[0]
    for unit in _UNITS:  # the unit where it stops is the answer
        if abs(value) < 1024 or unit == _UNITS[-1]:
            break
        value /= 1024
    return f"{size_bytes} B" if unit == "B" else f"{value:.1f} {unit}"


def time(at: datetime) -> str:
    """Return a time in UTC, to the minute."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%MZ}"


def plain(text: str) -> str:
    """Make control and formatting characters visible: names in packages are not to be trusted."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    # Cc: control, Cf: direction and joining marks, Cs: lone surrogates, Zl and Zp: line breaks.
    if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return letter.encode("unicode_escape", "backslashreplace").decode("ascii")
    return letter


def table(rows: Sequence[Sequence[str]], heads: Sequence[str] = ()) -> list[str]:
    """Return lines with the columns in line; cells are made plain, the last one is never padded."""
    cells = [[plain(cell) for cell in row] for row in ([heads, *rows] if heads else rows)]
    if not cells:
        return []
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)][:-1]
    return [
        "  ".join(
            [*(cell.ljust(w) for cell, w in zip(row, widths, strict=False)), row[-1]]
        ).rstrip()
        for row in cells
    ]
