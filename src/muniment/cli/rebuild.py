"""`muniment rebuild`: make the catalogue anew from storage and ledger."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from muniment.cli.console import Console
from muniment.cli.tables import plain

if TYPE_CHECKING:
    from muniment.catalogue.services import RebuildReport

SUMMARY = "Drop the catalogue and make it anew from storage and the ledger alone"
NEEDS_ARCHIVE = True


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
    """Rebuild, then dump; exit 1 when something could not be read."""
    report = None if args.dry_run else _rebuild(args, console)
    document = {} if report is None else _document(report)
    if report is not None and not console.as_json:
        _print(report, console)
    if args.dump:
        document |= {"dump": str(args.dump), "dump_lines": _write_dump(args.dump)}
        console.say(f"{document['dump_lines']} lines in {plain(str(args.dump))}")
    if console.as_json:
        console.document(document)
    return 1 if report is not None and report.problems else 0


def _rebuild(args: argparse.Namespace, console: Console) -> RebuildReport:
    from muniment.catalogue.adapters.search import search_index
    from muniment.catalogue.services import Sources, rebuild
    from muniment.runtime.home import ArchiveHome
    from muniment.runtime.registry import adapter_of
    from muniment.site.bootstrap import clock, local_administrator, prepare
    from muniment.storage.jobs import open_archive

    # The database may be gone altogether: storage is what the archive is.
    prepare(adapter_of(ArchiveHome))
    archive = open_archive()
    sources = Sources(archive.root, archive.ledger, search_index())
    with console.progress("rebuild", "objects") as progress:
        return rebuild(
            sources,
            actor=local_administrator(),
            clock=clock(),
            from_start=args.from_start,
            on_progress=progress,
        )


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


def _document(report: RebuildReport) -> dict[str, object]:
    return {
        "objects": report.objects,
        "versions": report.versions,
        "files": report.files,
        "resumed": report.resumed,
        "problems": [
            {"object_id": each.object_id, "code": each.code, "reason": each.reason}
            for each in report.problems
        ],
    }


def _print(report: RebuildReport, console: Console) -> None:
    if report.resumed:
        console.line("Went on with an interrupted rebuild.")
    console.line(
        f"{report.objects} objects, {report.versions} versions, {report.files} files are in the "
        "catalogue again."
    )
    for each in report.problems:
        console.line(f"not read: {plain(each.object_id)}: {plain(each.reason)}")
    if report.problems:
        console.say(
            "What was not read is still in storage: `muniment fixity run --all` tells more."
        )
