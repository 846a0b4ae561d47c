"""`muniment migrate`: bring the database's tables to this version."""

from __future__ import annotations

import argparse

from muniment.cli.console import Console

SUMMARY = "Bring the database to this version"
NEEDS_ARCHIVE = True
ASKS_NOBODY = True
NEEDS_TABLES = False


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:
    """Apply what is missing and list it; running it again does nothing."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from muniment.site.bootstrap import schedule_regular_work

    executor = MigrationExecutor(connection)
    steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    names = [f"{migration.app_label}.{migration.name}" for migration, _ in steps]
    if not args.dry_run:
        call_command("migrate", verbosity=0, interactive=False)
        if names:
            schedule_regular_work()
    if console.as_json:
        console.document({"applied" if not args.dry_run else "missing": names})
    for name in names if not console.as_json else ():
        console.line(name)
    if not names:
        console.say("The database is up to date.")
    return 0
