"""Plots drawn by the server as SVG: columns over a scale, with the same numbers as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 200
_LEFT, _TOP, _BOTTOM = 64, 12, 24
_MOST_LABELS = 5
_LETTER = 6.5


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its place in the drawing, and what it says."""

    name: str
    value: int
    x: float
    y: float
    width: float
    height: float
    label: str
    """Stands below it; "" where there is no room for all."""

    @property
    def middle(self) -> float:
        """Where the label is centred, so that the whole of it is in the drawing."""
        half = len(self.label) * _LETTER / 2
        return min(self.x + self.width / 2, WIDTH - half)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the scale."""

    value: int
    y: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing; `columns` are also the rows of its table."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = _LEFT

    @property
    def base(self) -> int:
        """The height of the foot of all columns."""
        return self.height - _BOTTOM


def columns_plot(values: Sequence[tuple[str, int]], *, is_bytes: bool = False) -> Plot:
    """Lay values out from the left to the right; a value over nothing is at least two pixels."""
    top = _scale_end(max((value for _, value in values), default=0), 1024 if is_bytes else 10)
    base, room = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP
    slot = (WIDTH - _LEFT) / max(len(values), 1)
    every = -(-len(values) // _MOST_LABELS) or 1
    columns = []
    for place, (name, value) in enumerate(values):
        height = max(room * value / top, 2.0) if value else 0.0
        is_named = (len(values) - 1 - place) % every == 0
        columns.append(
            Column(
                name,
                value,
                round(_LEFT + slot * (place + 0.15), 1),
                round(base - height, 1),
                round(min(slot * 0.7, 60.0), 1),
                round(height, 1),
                name if is_named else "",
            )
        )
    lines = [Line(value, round(base - room * value / top, 1)) for value in {0, top // 2, top}]
    return Plot(tuple(columns), tuple(sorted(lines, key=lambda line: line.value)))


def _scale_end(most: int, base: int) -> int:
    """Return the end of the scale: the next of 2, 4, 8 … times a power of the base."""
    unit = 1
    while most > unit * base:
        unit *= base
    steps = (2, 4, 6, 8, 10) if base == 10 else (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
    return next((unit * step for step in steps if most <= unit * step), unit * base)
