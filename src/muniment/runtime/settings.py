"""Typed settings: MUNIMENT_* variables over `muniment.toml` in the home (STYLE §2.13)."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, AliasChoices, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from muniment.runtime.errors import InvalidSettings
from muniment.runtime.home import ArchiveHome
from muniment.runtime.http.visitors import TrustedProxies
from muniment.runtime.time_window import TimeWindow


def _listed(value: object) -> object:
    """Read a JSON list, or split a text at commas and white space; TOML has lists of its own."""
    if not isinstance(value, str):
        return value
    if not re.match(r'\s*\[\s*["\]]', value):  # an address such as [::1] begins so too
        return tuple(re.findall(r"[^\s,]+", value))
    try:
        return tuple(json.loads(value))
    except ValueError as exc:
        raise ValueError(f"is no list: {exc}") from exc


def _postgresql(url: str) -> str:
    if url and not re.match(r"postgres(ql)?://[^/]*/[^/?]+$", url):
        raise ValueError("must be empty, or postgresql://user:password@host:port/name")
    return url


def _site(address: str) -> str:
    if not re.fullmatch(r"https?://([\w.-]+|\[[\w:.]+\])(:\d+)?/?", address):
        raise ValueError("must be http://host:port or https://host, without a path")
    return address.rstrip("/")


def _window(text: str) -> str:
    if text:
        TimeWindow.parse(text)
    return text


def _issuer(address: str) -> str:
    if address and not re.match(r"https://|http://(localhost|127\.0\.0\.1|\[::1\])[:/]", address):
        raise ValueError("must be https://…, or on this machine")
    return address


def _pairs(entries: tuple[str, ...]) -> tuple[str, ...]:
    if wrong := [each for each in entries if not re.fullmatch(r"[^=]+=[^=]+", each)]:
        raise ValueError(f"must be role=group, not {wrong[0]}")
    return entries


def _proxies(entries: tuple[str, ...]) -> tuple[str, ...]:
    TrustedProxies.parse(entries)
    return entries


class Settings(BaseSettings):
    """Everything an administrator may set. Each field says its unit, range and default."""

    model_config = SettingsConfigDict(env_prefix="MUNIMENT_", extra="forbid")

    database: Annotated[str, AfterValidator(_postgresql)] = Field(
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
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=("localhost", "127.0.0.1", "[::1]"),
        description="Host names that the site answers to, separated by commas, or a JSON list.",
    )
    served_by_tls: bool = Field(
        default=False,
        description="The site is reached by HTTPS only: cookies and HSTS are set for that.",
    )
    trusted_proxies: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_proxies)
    ] = Field(
        default=(),
        description="Servers in front whose `X-Forwarded-For` tells where a visitor comes from: "
        "addresses or networks, separated by commas; `unix`: whoever speaks through our socket.",
    )
    site_address: Annotated[str, AfterValidator(_site)] = Field(
        default="http://localhost:8000",
        description="Where the site is reached, for links in mail: scheme, host and port.",
    )
    smtp_host: str = Field(
        default="", description="Server that takes mail; empty: none is sent, and nobody is told."
    )
    smtp_port: int = Field(default=587, ge=1, le=65_535, description="Port of that server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the way to it is protected: `starttls`, `tls`, or `none` (this machine).",
    )
    smtp_user: str = Field(
        default="", description="Name for signing in there; empty: no signing in."
    )
    smtp_password: str = Field(default="", description="Password for signing in there.")
    mail_from: str = Field(
        default="muniment@localhost", description="Address that mail comes from."
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        description="Origins of other sites (`https://example.org`) whose pages may use the API "
        "with a token, separated by commas, or a JSON list; none without.",
    )
    rate_limit: int = Field(
        default=6000,
        ge=0,
        description="Requests a minute that the API takes from one token, session or, without "
        "either, address; on each machine. 0: any number.",
    )
    rate_limit_refused: int = Field(
        default=600,
        ge=1,
        description="Requests without valid credentials a minute that one address may send.",
    )
    access_anonymous: bool = Field(
        default=False,
        description="Visitors who are not signed in may read what is public, in the pages and over "
        "the API; without it they are led to signing in everywhere.",
    )
    rights_acts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=("disseminate", "publish", "display", "replicate"),
        description="Acts of PREMIS rights whose restrictions hold readers back.",
    )
    rights_disallow_level: Literal["none", "metadata", "preview"] = Field(
        default="metadata", description="The most that readers see of what rights disallow."
    )
    rights_conditional_level: Literal["none", "metadata", "preview"] = Field(
        default="preview",
        description="The most that readers see of what rights allow under conditions.",
    )
    allow_local_login: bool = Field(
        default=True, description="People may sign in with a password of this archive."
    )
    oidc_issuer: Annotated[str, AfterValidator(_issuer)] = Field(
        default="",
        description="Provider of OpenID Connect, exactly as it names itself; empty: none.",
    )
    oidc_name: str = Field(
        default="OpenID Connect", description="What the provider is called on the sign-in page."
    )
    oidc_rp_client_id: str = Field(
        default="",
        validation_alias=AliasChoices("MUNIMENT_OIDC_RP_CLIENT_ID", "oidc_rp_client_id"),
        description="Our name at the provider; also read from OIDC_RP_CLIENT_ID.",
    )
    oidc_rp_client_secret: str = Field(
        default="",
        validation_alias=AliasChoices("MUNIMENT_OIDC_RP_CLIENT_SECRET", "oidc_rp_client_secret"),
        description="Our secret there; also read from OIDC_RP_CLIENT_SECRET.",
    )
    oidc_scopes: str = Field(
        default="openid email profile", description="What the provider is asked for."
    )
    oidc_username_claim: str = Field(
        default="preferred_username", description="Claim that a new user's name is taken from."
    )
    oidc_role_claims: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=("cern_roles", "groups"),
        description="Claims with roles, as paths such as resource_access.archive.roles.",
    )
    oidc_groups: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(_listed), AfterValidator(_pairs)
    ] = Field(
        default=(),
        description="Which role there means which group here: role=group, separated by commas.",
    )
    oidc_required_role: str = Field(
        default="", description="Role without which nobody gets in; empty: none is needed."
    )
    announce_roots: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        description="Folders of the server below which packages may be announced through the API, "
        "separated by commas, or a JSON list; none without.",
    )
    deposit_quota_bytes: int = Field(
        default=1 << 40,
        ge=0,
        description="Most bytes that one person's deposits may hold before they are handed in.",
    )
    body_idle_s: float = Field(
        default=60,
        gt=0,
        le=3_600,
        description="Seconds after which a request whose body stopped coming is ended (408).",
    )
    deposit_days: int = Field(
        default=7,
        ge=1,
        le=3_650,
        description="Days after which a deposit that nobody adds to is removed.",
    )
    fetch_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        description=(
            "Hosts from which files of a bag's fetch.txt are fetched, separated by commas. "
            "`example.org`: its public addresses, usual ports; `example.org:8443`: exactly that "
            "port, private addresses too. Empty: nothing is fetched."
        ),
    )
    webhook_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)] = Field(
        default=(),
        description="`host:port` entries that webhooks may reach although their addresses are not "
        "public, separated by commas, or a JSON list. Public addresses are always reached.",
    )
    schemas: Path | None = Field(
        default=None,
        description="Folder of official METS and PREMIS schemas to check incoming XML with.",
    )
    keep_jobs_days: int = Field(
        default=90,
        ge=1,
        le=36_500,
        description="Days for which ended jobs are kept, with their history.",
    )
    keep_events_days: int = Field(
        default=30,
        ge=1,
        le=36_500,
        description="Days for which domain events are kept after everybody has heard them.",
    )
    keep_previews_days: int = Field(
        default=90,
        ge=1,
        le=36_500,
        description="Days for which the picture of a file is kept; it is made again when needed.",
    )
    keep_exports_days: int = Field(
        default=14,
        ge=1,
        le=36_500,
        description="Days for which what a job exported from the pages can be fetched.",
    )
    metrics_public: bool = Field(
        default=False,
        description="Give `/metrics` to everybody who reaches the site; else it needs a token or a "
        "session that may read it.",
    )
    sentry_dsn: str = Field(
        default="",
        validation_alias=AliasChoices("MUNIMENT_SENTRY_DSN", "sentry_dsn"),
        description="Address of a Sentry project that is told of faults; empty: nobody is told.",
    )
    sentry_environment: str = Field(
        default="production",
        description="Name under which Sentry files the faults of this archive.",
    )
    sentry_traces_rate: float = Field(
        default=0.0, ge=0, le=1, description="Share of requests whose course is sent to Sentry."
    )
    fixity_mib_per_s: int = Field(
        default=0,
        ge=0,
        description="Most MiB a second that fixity jobs read, one file after the other; "
        "0: as fast as all cores can.",
    )
    fixity_window: Annotated[str, AfterValidator(_window)] = Field(
        default="",
        description="When the nightly fixity check may begin objects, such as 22:00-06:00 (UTC) or "
        "`22:00-06:00 Europe/Paris`; empty: at any time.",
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="Form of the log on standard error: `text`, or `json` lines."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning",
        description="Least level of the log: `debug`, `info`, `warning`, `error`; -q and -v win.",
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
    """Return the settings of this process, read once.

    Raises InvalidSettings, which names every one that is wrong.
    """
    file = ArchiveHome.from_environment().settings_file
    try:
        return Settings()
    except ValidationError as exc:
        raise InvalidSettings(dict(map(_problem, exc.errors()))) from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise InvalidSettings({file.name: f"is no TOML: {exc}"}) from exc
    except OSError as exc:
        raise InvalidSettings({file.name: f"cannot be read: {exc.strerror}"}) from exc


def _problem(error: ErrorDetails) -> tuple[str, str]:
    """Return the name of a setting, and what is wrong with it and how to set it right."""
    name = str(error["loc"][0]).removeprefix("muniment_") if error["loc"] else "settings"
    field = Settings.model_fields.get(name)
    if field is None:
        like = difflib.get_close_matches(name, Settings.model_fields, n=1)
        meant = f"; did you mean {like[0]}?" if like else ""
        return name, f"there is no such setting{meant}"
    said = error["msg"].removeprefix("Value error, ").removeprefix("Input ")
    # The address of a database may hold a password.
    is_secret = name == "database" or name.endswith(("password", "secret"))
    found = "" if is_secret else f", not {error['input']!r}"
    return name, f"{said}{found} (MUNIMENT_{name.upper()}: {field.description})"
