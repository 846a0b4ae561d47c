"""`muniment object export`: one version to a place, or many objects into a folder."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from muniment.cli.arguments import with_dry_run
from muniment.cli.console import Console
from muniment.cli.tables import plain, size
from muniment.runtime.errors import InvalidArgument

if TYPE_CHECKING:
    from muniment.catalogue.services import Shipment
    from muniment.information.identifiers import ObjectId


def configure(leaf: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    leaf.add_argument("objects", nargs="*", metavar="ID", help="which objects, by any name")
    leaf.add_argument("--query", metavar="QUERY", help="all that `muniment search QUERY` finds")
    leaf.add_argument(
        "--to",
        required=True,
        metavar="URI",
        help="where it goes: a new path or a folder that is there, or file:///…",
    )
    leaf.add_argument(
        "--as",
        "--form",
        dest="form",
        choices=["bag", "zip", "folder", "original"],
        default="bag",
        help="a bag without it; original: the package as it came",
    )
    leaf.add_argument("--version", type=int, metavar="N", help="an older version, of one object")
    leaf.add_argument("--overwrite", action="store_true", help="replace what is there, for one")
    with_dry_run(leaf)


def run(args: argparse.Namespace, console: Console) -> int:
    """Copy out; every file is compared with what was sealed on the way."""
    from muniment.storage.exporting.target import local_target

    if bool(args.objects) == (args.query is not None):
        raise InvalidArgument("name objects, or say --query; one of both")
    target = local_target(args.to)
    if args.query is None and len(args.objects) == 1:
        return _export_one(args, target, console)
    if args.version or args.overwrite:
        raise InvalidArgument("--version and --overwrite go with one object")
    if args.dry_run:
        return _plan(args, target, console)
    return _export_many(args, target, console)


def _wanted(args: argparse.Namespace) -> Iterator[ObjectId]:
    """Give the objects that are named or found; names are looked up before the first is given."""
    from muniment.catalogue.adapters.search import search_index
    from muniment.catalogue.queries.entities import resolve
    from muniment.catalogue.queries.search import objects_found
    from muniment.site.bootstrap import local_administrator
    from muniment.work import outbox

    actor = local_administrator()
    outbox.drain()  # what another command changed just now is to be found, and what it told known
    if args.query is None:
        return iter([resolve(actor, name) for name in args.objects])
    return objects_found(actor, args.query, index=search_index())


def _plan(args: argparse.Namespace, target: Path, console: Console) -> int:
    """Say which objects would be copied."""
    from muniment.catalogue.queries.entities import entity_for
    from muniment.site.bootstrap import local_administrator

    actor = local_administrator()
    rows = [entity_for(actor, each, action="object.export") for each in _wanted(args)]
    if console.as_json:
        objects = [{"object_id": str(row.object_id), "version": row.head} for row in rows]
        console.document({"to": str(target), "objects": objects, "dry_run": True})
        return 0
    for row in rows:
        console.line(
            f"{row.object_id}  v{row.head}  {row.file_count} files, {size(row.size_bytes)}"
        )
    console.say(f"{len(rows)} objects would go to {plain(str(target))}")
    return 0


def _export_many(args: argparse.Namespace, target: Path, console: Console) -> int:
    """Copy all into a folder with a manifest; the exit code is the worst object's."""
    from muniment.catalogue.services import Exporter
    from muniment.site.bootstrap import local_administrator
    from muniment.storage.exporting.export import ExportForm
    from muniment.storage.jobs import open_archive
    from muniment.work import outbox

    archive, wanted = open_archive(), _wanted(args)
    shipments: list[Shipment] = []
    with console.progress("export") as progress:
        exporter = Exporter(
            archive,
            local_administrator(),
            ExportForm(args.form),
            lambda count, path: progress(count, None, path),
        )
        for shipment in exporter.export(wanted, target):
            shipments.append(shipment)
            if not console.as_json:
                console.line(_line(shipment))
    outbox.drain()
    if console.as_json:
        console.document(_document(shipments, target))
    else:
        new = sum(each.is_new for each in shipments)
        there = sum(each.error is None for each in shipments) - new
        console.say(f"{new} exported to {plain(str(target))}, {there} were there already.")
    codes = {each.error.exit for each in shipments if each.error}
    return next((code for code in (3, 4, 2, 1) if code in codes), 0)


def _line(shipment: Shipment) -> str:
    found = shipment.shipped
    if found is None:
        return f"{shipment.object_id}: not exported: {plain(str(shipment.error))}"
    counts = f"{found.file_count} files, {size(found.size_bytes)}"
    return f"{found.name}: {counts}" + ("" if shipment.is_new else " (was there)")


def _document(shipments: list[Shipment], target: Path) -> dict[str, Any]:
    from muniment.storage.exporting.consignment import MANIFEST

    return {
        "to": str(target),
        "manifest": str(target / MANIFEST),
        "objects": [_object(each) for each in shipments],
    }


def _object(shipment: Shipment) -> dict[str, Any]:
    found, error = shipment.shipped, shipment.error
    if found is None:
        assert error is not None  # one of the two
        said = {"code": error.code, "message": str(error)}
        return {"object_id": shipment.object_id, "exported": False, "error": said}
    return {
        "object_id": found.object_id,
        "version": found.number,
        "path": found.name,
        "file_count": found.file_count,
        "size_bytes": found.size_bytes,
        "exported": shipment.is_new,
        "error": None,
    }


def _export_one(args: argparse.Namespace, target: Path, console: Console) -> int:
    """Copy one version to the very path, or into a folder that is there."""
    from muniment.catalogue.queries.entities import entity_for, resolve
    from muniment.site.bootstrap import local_administrator
    from muniment.storage.exporting.dissemination import give_out
    from muniment.storage.exporting.export import ExportForm, ExportRequest
    from muniment.storage.jobs import open_archive
    from muniment.work import outbox

    actor = local_administrator()
    (object_id,) = (resolve(actor, name) for name in args.objects)
    entity = entity_for(actor, object_id, action="object.export")
    form, place = ExportForm(args.form), _place(args, target, object_id)
    if args.dry_run:
        number = args.version or entity.head
        document = {"object_id": object_id, "version": number, "form": form.value}
        _tell(document | {"path": str(place), "dry_run": True}, console)
        return 0
    archive = open_archive()
    request = ExportRequest(object_id, form, place, args.version, overwrite=args.overwrite)
    with console.progress("export") as progress:
        done = give_out(request, archive=archive, actor=actor, on_progress=progress)
    outbox.drain()
    document = {
        "object_id": object_id,
        "version": done.number,
        "form": form.value,
        "path": str(done.target),
        "file_count": done.file_count,
        "size_bytes": done.size_bytes,
    }
    _tell(document, console)
    return 0


def _tell(document: dict[str, Any], console: Console) -> None:
    if console.as_json:
        console.document(document)
        return
    where = f"{plain(document['path'])}: version {document['version']}"
    if "file_count" in document:
        where += f", {document['file_count']} files, {size(document['size_bytes'])}"
    console.line(where + (" would go there" if "dry_run" in document else ""))


def _place(args: argparse.Namespace, target: Path, object_id: str) -> Path:
    """Return where one export goes: into a folder that is there, else to that very path."""
    if not target.is_dir() or args.overwrite:
        return target
    return target / (f"{object_id}.zip" if args.form == "zip" else object_id)
