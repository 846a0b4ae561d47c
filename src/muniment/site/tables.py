"""Whether the database's tables are those that this version of the program works with."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from muniment.runtime.errors import Misconfigured


@dataclass(frozen=True, slots=True)
class TableState:
    """Migrations by name, `work.0001_initial`: what the database lacks, what we do not know."""

    missing: tuple[str, ...]
    unknown: tuple[str, ...]


def state_of_tables() -> TableState:
    """Compare what the database says was applied with what this version brings; one query.

    Names only: to load the migrations would take longer than most commands.
    """
    ours, applied = _of_this_version(), _applied()
    return TableState(tuple(sorted(ours - applied)), tuple(sorted(applied - ours)))


def require_current_tables() -> None:
    """Raise Misconfigured, with what to do, when the database is not of this version."""
    found = state_of_tables()
    if found.unknown:
        raise Misconfigured(
            f"the database was used by a newer Muniment (it has {found.unknown[-1]}); "
            "upgrade this one, or go back to a backup of before"
        )
    if found.missing:
        raise Misconfigured(
            f"the database lacks {len(found.missing)} changes of this version: run "
            "`muniment migrate`; if the database was lost, `muniment rebuild` makes the catalogue "
            "anew from storage"
        )


def _of_this_version() -> set[str]:
    from django.apps import apps

    return {
        f"{app.label}.{file.stem}"
        for app in apps.get_app_configs()
        for file in (Path(app.path) / "migrations").glob("[0-9]*.py")
    }


def _applied() -> set[str]:
    from django.apps import apps
    from django.db import DatabaseError, connection

    labels = {app.label for app in apps.get_app_configs()}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return {f"{app}.{name}" for app, name in cursor.fetchall() if app in labels}
    except DatabaseError:
        if "django_migrations" in connection.introspection.table_names():
            raise
        return set()
