"""`muniment init`: make an archive in the home, without questions; `--reset` begins anew."""

from __future__ import annotations

import argparse
import shutil

from muniment.cli.arguments import with_dry_run
from muniment.cli.console import Console
from muniment.runtime.errors import InvalidArgument
from muniment.runtime.home import ArchiveHome

SUMMARY = "Make an archive: folders, database, storage root"
NEEDS_ARCHIVE = False
# What a table of ours begins with: a PostgreSQL database may hold those of others too.
_OUR_TABLES = {"auth", "django", "work", "administration", "storage", "catalogue", "ingest"}


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--reset", action="store_true", help="destroy the archive that is there")
    parser.add_argument("--yes", action="store_true", help="really destroy it (with --reset)")
    with_dry_run(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:
    """Make what is missing; an archive that is there stays as it is, its database brought up."""
    home = ArchiveHome.from_environment()
    existed = home.storage_root.is_dir()
    is_destroyed = args.reset and existed
    what = f"everything in {home.path}: storage, catalogue, quarantine"
    if args.dry_run:
        if is_destroyed:
            console.say(f"This would destroy {what}.")
    elif is_destroyed and not args.yes:
        raise InvalidArgument(f"--reset destroys {what}; add --yes if that is what you want")
    else:
        if is_destroyed:
            _require_for_trial()
            console.say(f"Destroying {what} …")
            _destroy(home)
        make_archive(home)
    _tell(home, args, console, is_made=is_destroyed or not existed)
    return 0


def _require_for_trial() -> None:
    """Refuse to destroy an archive that others reach: one slip in a shell must not be enough."""
    from muniment.runtime.settings import settings

    if settings().served_by_tls:
        raise InvalidArgument(
            "this archive serves others (served_by_tls is set) and is not reset; "
            "whoever means it takes that setting away first"
        )


def _tell(home: ArchiveHome, args: argparse.Namespace, console: Console, *, is_made: bool) -> None:
    if console.as_json:
        document = {"home": str(home.path), "created": is_made, "dry_run": args.dry_run}
        console.document(document)
    elif not is_made:
        console.say(f"There is an archive in {home.path} already; it stays as it is.")
    elif args.dry_run:
        console.say(f"An archive would be made in {home.path}.")
    else:
        console.say(f"Made an archive in {home.path}. Next: muniment ingest PATH")


def make_archive(home: ArchiveHome) -> None:
    """Make folders, settings file, database and storage root where they are missing."""
    from muniment.cli.settings_file import write_settings_file
    from muniment.site.bootstrap import prepare, set_up_framework

    for place in (home.path, home.ledger, home.work, home.quarantine, home.receipts):
        place.mkdir(parents=True, exist_ok=True)
    write_settings_file(home.settings_file)
    set_up_framework()
    prepare(home)


def _destroy(home: ArchiveHome) -> None:
    """Remove everything but the settings."""
    from django.db import connection

    from muniment.site.bootstrap import set_up_framework

    set_up_framework()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                if table.partition("_")[0] in _OUR_TABLES:
                    cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
    connection.close()
    for place in home.path.iterdir():
        if place == home.settings_file:
            continue
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()
