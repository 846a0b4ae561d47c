"""The settings as people look at them: value, where it comes from, no secret."""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from enum import StrEnum

from muniment.runtime.home import ArchiveHome
from muniment.runtime.settings import Settings, settings

_SECRET = ("password", "secret", "token", "key", "dsn")


class Source(StrEnum):
    """Where the value of a setting comes from."""

    ENVIRONMENT = "environment"
    FILE = "file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class ShownSetting:
    """One setting. Of a secret only whether it is set: `value` is "" then."""

    name: str
    value: str
    source: Source
    description: str
    is_secret: bool
    is_set: bool

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"MUNIMENT_{self.name.upper()}"


def is_secret(name: str) -> bool:
    """Say whether a setting may not be shown; the address of a database may hold a password."""
    return name == "database" or name.endswith(_SECRET)


def shown_settings(home: ArchiveHome) -> list[ShownSetting]:
    """Return all settings by name, as this process read them."""
    current = settings()
    in_file = _in_file(home)
    return [_shown(name, current, in_file) for name in sorted(Settings.model_fields)]


def _shown(name: str, current: Settings, in_file: frozenset[str]) -> ShownSetting:
    field, value = Settings.model_fields[name], getattr(current, name)
    hidden = is_secret(name)
    text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return ShownSetting(
        name,
        "" if hidden or value is None else text,
        _source(name, in_file),
        field.description or "",
        hidden,
        bool(value),
    )


def _source(name: str, in_file: frozenset[str]) -> Source:
    if name not in settings().model_fields_set:
        return Source.DEFAULT
    is_in_environment = any(key.upper() == f"MUNIMENT_{name.upper()}" for key in os.environ)
    return Source.FILE if name in in_file and not is_in_environment else Source.ENVIRONMENT


def _in_file(home: ArchiveHome) -> frozenset[str]:
    try:
        with home.settings_file.open("rb") as stream:
            return frozenset(tomllib.load(stream))
    except (OSError, tomllib.TOMLDecodeError):
        return frozenset()
