"""Django settings, derived from `muniment.runtime.settings`, as every command needs them.

What only the site needs is in `muniment.site.web_settings`: a command starts without it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from muniment import web
from muniment.runtime.home import ArchiveHome
from muniment.runtime.secret_key import secret_key
from muniment.runtime.settings import settings


def _sqlite() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(ArchiveHome.from_environment().database),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            # FULL: jobs and holds must survive power loss.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
    }


def _postgres(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # As long as SQLite waits: who waits for ever for a lock cannot say what is wrong.
        "OPTIONS": {"options": "-c lock_timeout=30s"},
    }


def databases() -> dict[str, dict[str, Any]]:
    """Return Django's DATABASES for the settings in force."""
    url = settings().database
    return {"default": _postgres(url) if url else _sqlite()}


DATABASES = databases()
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "muniment.work",
    "muniment.administration",
    "muniment.storage",
    "muniment.catalogue",
    "muniment.ingest",
]
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
# Workers write letters, so commands know the translations too; they are read when first used.
LOCALE_PATHS = [Path(web.__file__).parent / "locale"]
PASSWORD_RESET_TIMEOUT = 3600
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "administration.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTH_PASSWORD_VALIDATORS[1]["OPTIONS"] = {"min_length": 12}  # type: ignore[assignment]  # mixed by design
SECRET_KEY = secret_key(ArchiveHome.from_environment())
