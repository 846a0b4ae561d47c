"""Typed settings: MUNIMENT_* variables over `muniment.toml` in the home (STYLE §2.13)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from muniment.runtime.home import ArchiveHome


def _listed(value: object) -> object:
    """Split a text at commas and white space; a list of a TOML file is one already."""
    return tuple(re.findall(r"[^\s,]+", value)) if isinstance(value, str) else value


class Settings(BaseSettings):
    """Everything an administrator may set. Each field says its unit, range and default."""

    model_config = SettingsConfigDict(env_prefix="MUNIMENT_", extra="forbid")

    database: str = Field(
        default="",
        description="postgresql://user:password@host:port/name; empty: SQLite in the home.",
    )
    tool_helpers: int = Field(
        default=2, ge=1, le=64, description="Helper processes for identification and examination."
    )
    use_exiftool: bool = Field(
        default=True, description="Let ExifTool, where it is installed, add technical metadata."
    )
    disk_reserve_bytes: int = Field(
        default=1 << 30,
        ge=0,
        description="Free space that is never used; below it new work is refused.",
    )
    max_package_files: int = Field(
        default=5_000_000, ge=1, description="Most entries that one package may have."
    )
    clamd_socket: Path | None = Field(
        default=None, description="Unix socket of a running clamd; empty: the usual places."
    )
    clamav_database: Path | None = Field(
        default=None, description="Folder of virus signatures for clamscan; empty: its own."
    )
    allowed_hosts: tuple[str, ...] = Field(
        default=("localhost", "127.0.0.1", "[::1]"),
        description="Host names that the site answers to (JSON list).",
    )
    served_by_tls: bool = Field(
        default=False,
        description="The site is reached by HTTPS only: cookies and HSTS are set for that.",
    )
    announce_roots: tuple[Path, ...] = Field(
        default=(),
        description="Folders of the server below which packages may be announced through the API "
        "(JSON list); none without.",
    )
    fetch_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        description=(
            "Hosts from which files of a bag's fetch.txt are fetched, separated by commas. "
            "`example.org`: its public addresses, usual ports; `example.org:8443`: exactly that "
            "port, private addresses too. Empty: nothing is fetched."
        ),
    )
    schemas: Path | None = Field(
        default=None,
        description="Folder of official METS and PREMIS schemas to check incoming XML with.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # signature of the library
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  # likewise
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file."""
        file = ArchiveHome.from_environment().settings_file
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, file)


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
