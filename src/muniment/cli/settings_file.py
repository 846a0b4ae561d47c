"""The settings file of a new archive: every setting with its meaning, all at their defaults."""

from __future__ import annotations

import textwrap
from pathlib import Path

from muniment.runtime.settings import Settings

_HEAD = """\
# Settings of this archive. A variable MUNIMENT_<NAME> in the environment wins over this file.
# Take the # away from a line to change it; `muniment check` says whether all is well.
"""


def write_settings_file(path: Path) -> None:
    """Write the file where there is none; never touch one that is there."""
    if not path.exists():
        path.write_text(rendered_settings(), encoding="utf-8")


def rendered_settings() -> str:
    """Return the file's text: a valid TOML document in which nothing is set."""
    parts = [_HEAD]
    for name, field in Settings.model_fields.items():
        meaning = textwrap.fill(
            field.description or "", 96, initial_indent="# ", subsequent_indent="# "
        )
        parts.append(f"{meaning}\n# {name} = {_toml(field.default)}\n")
    return "\n".join(parts)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return f'"{value or ""}"'
