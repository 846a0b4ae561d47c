"""`muniment rebuild`: make the catalogue anew from storage and ledger."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muniment.cli.console import Console
from muniment.cli.tables import plain

if TYPE_CHECKING:
    from muniment.catalogue.services import RebuildReport
    from muniment.storage.rebuilding import StorageRebuilt

SUMMARY = "Drop the catalogue and make it anew from storage and the ledger alone"
NEEDS_ARCHIVE = True
NEEDS_TABLES = False


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--dump", type=Path, metavar="PATH", help="write the canonical dump of the catalogue there"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="rebuild nothing; with --dump: dump what is there"
    )
    parser.add_argument(
        "--from-start", action="store_true", help="do not go on with an interrupted rebuild"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, console: Console) -> int:
    """Rebuild, then dump; exit 1 when something is not as it was."""
    document: dict[str, Any] = {} if args.dry_run else _rebuild(args, console)
    if document and not console.as_json:
        _print(document, console)
    if args.dump:
        document |= {"dump": str(args.dump), "dump_lines": _write_dump(args.dump)}
        console.say(f"{document['dump_lines']} lines in {plain(str(args.dump))}")
    if console.as_json:
        console.document(document)
    return 1 if document.get("problems") else 0


def _rebuild(args: argparse.Namespace, console: Console) -> dict[str, Any]:
    """Rebuild the rows of storage and of the catalogue; return the document that says so."""
    from muniment.catalogue.adapters.search import search_index
    from muniment.catalogue.services import Sources, rebuild
    from muniment.runtime.home import ArchiveHome
    from muniment.runtime.registry import adapter_of
    from muniment.site.bootstrap import local_administrator, prepare
    from muniment.storage.jobs import open_archive
    from muniment.storage.rebuilding import rebuild_rows

    # The database may be gone altogether: storage is what the archive is.
    prepare(adapter_of(ArchiveHome))
    archive, actor = open_archive(), local_administrator()
    with console.progress("rebuild", "objects") as progress:
        stored = rebuild_rows(root=archive.root, ledger=archive.ledger, actor=actor)
        catalogued = rebuild(
            Sources(archive.root, archive.ledger, search_index()),
            actor=actor,
            clock=archive.clock,
            from_start=args.from_start,
            on_progress=progress,
        )
    return _document(catalogued, stored)


def _write_dump(path: Path) -> int:
    from muniment.catalogue.dumping import dump
    from muniment.runtime.actor import require
    from muniment.runtime.durable import storage_errors, write_durably
    from muniment.site.bootstrap import local_administrator

    require(local_administrator(), "catalogue.rebuild")
    count = 0
    path.parent.mkdir(parents=True, exist_ok=True)
    with storage_errors(str(path)), write_durably(path) as stream:
        for line in dump():
            stream.write(line)
            count += 1
    return count


def _document(catalogued: RebuildReport, stored: StorageRebuilt) -> dict[str, Any]:
    named = {each.object_id for each in catalogued.problems}
    problems = [
        *map(asdict, catalogued.problems),
        *(
            {"object_id": object_id, "path": "", "code": "not-read", "reason": reason}
            for object_id, reason in sorted(stored.unread.items())
            if object_id not in named
        ),
        *(
            {"object_id": "", "path": "ledger", "code": "not-read", "reason": reason}
            for reason in stored.bad_records
        ),
    ]
    return {
        "objects": catalogued.objects,
        "versions": catalogued.versions,
        "files": catalogued.files,
        "copies": stored.copies,
        "fixity_checks": stored.checks,
        "resumed": catalogued.resumed,
        "problems": problems,
    }


def _print(document: Mapping[str, Any], console: Console) -> None:
    if document["resumed"]:
        console.line("Went on with an interrupted rebuild.")
    console.line(
        f"{document['objects']} objects, {document['versions']} versions, {document['files']} "
        f"files, {document['copies']} copies and {document['fixity_checks']} fixity checks are "
        "known again."
    )
    for each in document["problems"]:
        whose = " ".join(filter(None, (each["object_id"], each["path"])))
        console.line(f"not as it was: {plain(whose)}: {plain(each['reason'])}")
    if document["problems"]:
        console.say("Nothing in storage was changed: `muniment fixity run --all` tells more.")
