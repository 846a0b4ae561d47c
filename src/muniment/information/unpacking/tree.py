"""Looks over a received folder once: folders without content, names that are hard to tell apart."""

from __future__ import annotations

import os
from collections.abc import Iterator

from muniment.information.paths import folded
from muniment.information.unpacking.intake import Intake


def look_over(intake: Intake) -> tuple[str, ...]:
    """Return the empty folders and write down the twins; memory is that of the largest folder."""
    empty = []
    for path, names in _folders(intake.folder):
        if path and not names:
            empty.append(path)
        _flag_twins(path, names, intake)
    return tuple(sorted(empty))


def _folders(root: bytes) -> Iterator[tuple[str, list[str]]]:
    waiting = [""]
    while waiting:
        path = waiting.pop()
        prefix = f"{path}/" if path else ""
        names = []
        with os.scandir(root + b"/" + path.encode()) as entries:
            for entry in entries:
                name = entry.name.decode()  # our own safe names
                names.append(name)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(prefix + name)
        yield path, names


def _flag_twins(path: str, names: list[str], intake: Intake) -> None:
    if len({folded(name) for name in names}) == len(names):
        return
    first: dict[str, str] = {}
    for name in sorted(names):
        other = first.setdefault(folded(name), name)
        if other != name:
            intake.fault("name-twins", f"{path}/{name}" if path else name, other=other)
